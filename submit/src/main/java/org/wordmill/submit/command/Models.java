package org.wordmill.submit.command;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.arpa.ArpaReader;
import org.wordmill.ngram.BackoffModel;
import org.wordmill.text.WhitespaceWords;

/** Opens models of all kinds by what their path holds. */
final class Models {
  private Models() {}

  /**
   * Opens the model of a path: an ARPA file, or the output directory of a training run.
   *
   * @throws WordmillException STORAGE when there is nothing, CORRUPT when it is no model
   */
  static OpenModel open(String path, Console console) {
    Configuration configuration = new Configuration();
    try {
      Path place = new Path(path);
      FileSystem files = place.getFileSystem(configuration);
      FileStatus status = files.getFileStatus(place);
      if (status.isDirectory()) {
        return trained(path, console);
      }
      try (InputStream in = new BufferedInputStream(files.open(place), 1 << 20)) {
        return ngrams(path, ArpaReader.read(in, path, console::note));
      }
    } catch (FileNotFoundException e) {
      throw new WordmillException(ExitCode.STORAGE, "there is no model", path, "check the path", e);
    } catch (IllegalArgumentException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "this is not a path: " + e.getMessage(), path, "name a file", e);
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "cannot read the model: " + e.getMessage(), path, "", e);
    }
  }

  static OpenModel ngrams(String path, BackoffModel model) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("order", model.order());
    facts.put("vocabulary", model.vocabulary().size());
    List<Integer> entries = new ArrayList<>();
    for (int order = 1; order <= model.order(); order++) {
      entries.add(model.size(order));
    }
    facts.put("entries", entries);
    return new OpenModel(
        path, "ngram", model, new WhitespaceWords(model.vocabulary()), true, facts);
  }

  private static OpenModel trained(String path, Console console) {
    throw new WordmillException(
        ExitCode.CORRUPT, "a directory is no model", path, "name an ARPA file");
  }
}
