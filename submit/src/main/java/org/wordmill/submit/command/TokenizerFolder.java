package org.wordmill.submit.command;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.counter.FileSystems;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.BpeFiles;
import org.wordmill.text.ByteLevelBpe;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.TokenizerFiles;

/**
 * A directory with a tokenizer, on any file system that Hadoop knows: {@code tokenizer.json}, ours
 * or that of a byte pair encoding by the Hugging Face libraries, or GPT-2's {@code vocab.json} and
 * {@code merges.txt}. The path of the {@code tokenizer.json} itself is as good.
 */
final class TokenizerFolder {
  private static final String TOKENIZER = "tokenizer.json";
  private static final String VOCABULARY = "vocab.json";
  private static final String MERGES = "merges.txt";

  /** More than any tokenizer takes, and little enough to be read whole. */
  private static final long MOST_BYTES = 256L << 20;

  private final String path;
  private final Configuration configuration;

  TokenizerFolder(String path, Configuration configuration) {
    this.path = path;
    this.configuration = configuration;
  }

  /**
   * Reads the tokenizer.
   *
   * @throws WordmillException STORAGE when there is none, CORRUPT when it is broken or of a kind
   *     that is not supported
   */
  Tokenizer open() {
    try {
      FileSystem files = FileSystems.of(new Path(path), configuration);
      if (files.getFileStatus(new Path(path)).isFile()) {
        return TokenizerFiles.read(read(files, path), path);
      }
      String tokenizer = path + "/" + TOKENIZER;
      if (files.exists(new Path(tokenizer)) || !files.exists(new Path(path + "/" + VOCABULARY))) {
        return TokenizerFiles.read(read(files, tokenizer), tokenizer);
      }
      return BpeFiles.read(
          read(files, path + "/" + VOCABULARY), read(files, path + "/" + MERGES), path);
    } catch (FileNotFoundException e) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "there is no tokenizer",
          path,
          "give a directory with tokenizer.json, or with vocab.json and merges.txt",
          e);
    } catch (IllegalArgumentException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "this is not a path: " + e.getMessage(), path, "name a directory", e);
    } catch (IOException e) {
      throw new WordmillException(ExitCode.STORAGE, "cannot read: " + e.getMessage(), path, "", e);
    }
  }

  private static String read(FileSystem files, String file) throws IOException {
    FileStatus status = files.getFileStatus(new Path(file));
    if (status.getLen() > MOST_BYTES) {
      throw new WordmillException(
          ExitCode.CORRUPT, "this is too long for a tokenizer: " + status.getLen(), file, "");
    }
    try (InputStream in = files.open(new Path(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The same, for a caller that needs a byte pair encoding. */
  ByteLevelBpe openBpe() {
    if (open() instanceof ByteLevelBpe bpe) {
      return bpe;
    }
    throw new WordmillException(
        ExitCode.USAGE,
        "this is no byte pair encoding",
        path,
        "train one with wordmill tokenizer train");
  }

  /**
   * Looks whether the directory may be written, before any work is done.
   *
   * @throws WordmillException STORAGE when there is something in it, and it may not be replaced
   */
  void requireFree(boolean overwrite) {
    if (!overwrite) {
      try (HadoopModelFolder folder = new HadoopModelFolder(path, configuration)) {
        folder.requireEmpty();
      }
    }
  }

  /** Writes all three files, in the place of earlier ones, or none. */
  void save(ByteLevelBpe tokenizer) {
    try (HadoopModelFolder folder = new HadoopModelFolder(path, configuration)) {
      folder.replaceAmongOthers(Set.of(TOKENIZER, VOCABULARY, MERGES));
      write(folder, VOCABULARY, BpeFiles.vocabulary(tokenizer));
      write(folder, MERGES, BpeFiles.merges(tokenizer));
      write(folder, TOKENIZER, TokenizerFiles.write(tokenizer));
      folder.publish();
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "cannot write: " + e.getMessage(),
          path,
          "make room, or name another",
          e);
    }
  }

  private static void write(HadoopModelFolder folder, String name, String text) throws IOException {
    folder.write(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
