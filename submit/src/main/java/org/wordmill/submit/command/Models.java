package org.wordmill.submit.command;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.checkpoint.Manifest;
import org.wordmill.checkpoint.SavedModel;
import org.wordmill.checkpoint.TrainedModel;
import org.wordmill.counter.FileSystems;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.arpa.ArpaReader;
import org.wordmill.format.kenlm.KenlmModel;
import org.wordmill.format.ngramtable.NgramTable;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.ModelConfig;
import org.wordmill.ngram.NgramModel;
import org.wordmill.text.TaggedWords;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.WhitespaceWords;
import org.wordmill.trainer.DataParallelTrainer;

/** Opens models of all kinds by what their path holds. */
final class Models {
  /** The fact that is a trained model's whole configuration. */
  static final String CONFIG = "config";

  /** The fact how many tokens a trained model has learnt from, repeated ones too. */
  static final String TRAINING_TOKENS = "training_tokens";

  /** How many bytes tell what a file is. */
  private static final int BEGINNING = 64;

  private Models() {}

  /**
   * Opens the model of a path: an ARPA file, a table of pack, a binary file of KenLM, the output
   * directory of a training run, or one of its checkpoints.
   *
   * @throws WordmillException STORAGE when there is nothing, CORRUPT when it is no model
   */
  static OpenModel open(String path, Console console) {
    Configuration configuration = new Configuration();
    try {
      Path place = new Path(path);
      FileSystem files = FileSystems.of(place, configuration);
      FileStatus status = files.getFileStatus(place);
      if (status.isDirectory()) {
        return trained(path, configuration, console);
      }
      try (BufferedInputStream in = new BufferedInputStream(files.open(place), 1 << 20)) {
        in.mark(BEGINNING);
        byte[] beginning = in.readNBytes(BEGINNING);
        in.reset();
        if (NgramTable.isTable(beginning)) {
          return table(path, NgramTable.open(LocalPath.of(path)));
        }
        return KenlmModel.isKenlm(beginning)
            ? kenlm(path, KenlmModel.open(LocalPath.of(path)))
            : ngrams(path, ArpaReader.read(in, path, console::note));
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

  private static OpenModel table(String path, NgramTable table) {
    Map<String, Object> facts = facts(table);
    facts.put("layout", table.layout().toString());
    facts.put("quantized", table.quantized());
    facts.put("bytes", table.fileLength());
    return ngrams(path, table, facts);
  }

  private static OpenModel kenlm(String path, KenlmModel model) {
    Map<String, Object> facts = facts(model);
    facts.put("layout", "KenLM " + model.layout());
    facts.put("quantized", model.quantized());
    facts.put("bytes", model.fileLength());
    return ngrams(path, model, facts);
  }

  static OpenModel ngrams(String path, NgramModel model) {
    return ngrams(path, model, facts(model));
  }

  private static Map<String, Object> facts(NgramModel model) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("order", model.order());
    facts.put("vocabulary", model.vocabulary().size());
    List<Long> entries = new ArrayList<>();
    for (int order = 1; order <= model.order(); order++) {
      entries.add(model.ngrams(order));
    }
    facts.put("entries", entries);
    return facts;
  }

  private static OpenModel ngrams(String path, NgramModel model, Map<String, Object> facts) {
    return new OpenModel(
        path, "ngram", model, new WhitespaceWords(model.vocabulary()), true, facts);
  }

  private static OpenModel trained(String path, Configuration configuration, Console console) {
    TrainedModel trained =
        DataParallelTrainer.open(
            path, configuration, KernelChoice.AUTO, notice -> console.note("warning: " + notice));
    return new OpenModel(
        path,
        trained.config().kind(),
        trained.model(),
        trained.tokenizer(),
        trained.tokenizer() instanceof WhitespaceWords,
        facts(trained.manifest(), trained.config(), trained.tokenizer()));
  }

  /**
   * What there is to know about the model of a path, language model or not, with its {@code path}
   * and {@code kind}.
   *
   * @throws WordmillException as {@link #open}
   */
  static Map<String, Object> describe(String path, Console console) {
    Configuration configuration = new Configuration();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("path", path);
    if (isRun(path, configuration)) {
      SavedModel saved =
          DataParallelTrainer.load(
              path, configuration, notice -> console.note("warning: " + notice));
      result.put("kind", saved.config().kind());
      result.putAll(facts(saved.manifest(), saved.config(), saved.tokenizer()));
    } else {
      try (OpenModel model = open(path, console)) {
        result.put("kind", model.kind());
        result.putAll(model.facts());
      }
    }
    return result;
  }

  /** Whether a path is a directory; what else it may be, {@link #open} finds out. */
  private static boolean isRun(String path, Configuration configuration) {
    try {
      Path place = new Path(path);
      return FileSystems.of(place, configuration).getFileStatus(place).isDirectory();
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  private static Map<String, Object> facts(
      Manifest manifest, ModelConfig config, Tokenizer tokenizer) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("checkpoint", manifest.directory());
    facts.put("step", manifest.step());
    facts.put(TRAINING_TOKENS, manifest.progress("tokens"));
    facts.put("vocabulary", tokenizer.vocabulary().size());
    facts.put("parameters", config.build().layout().parameterCount());
    OptionalDouble loss = manifest.validationLoss();
    if (loss.isPresent()) {
      facts.put("validation_loss", loss.getAsDouble());
    }
    if (tokenizer instanceof TaggedWords words) {
      facts.put("tags", words.tags().tokens());
    }
    facts.put(CONFIG, manifest.config());
    return facts;
  }
}
