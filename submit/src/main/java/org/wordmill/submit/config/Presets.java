package org.wordmill.submit.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.model.GptSizes;

/**
 * The settings files that come with Wordmill, by name. They travel inside the jar, so a name works
 * on any machine; where the system property {@value #FOLDER_PROPERTY} names a folder (the launcher
 * gives {@code conf/} of the source tree), its files come first, so an edit there counts at once.
 */
public final class Presets {
  static final String FOLDER_PROPERTY = "wordmill.conf";
  private static final String RESOURCES = "/org/wordmill/conf/";

  private Presets() {}

  /** The names, in the order in which they are told. */
  public static List<String> names() {
    List<String> names =
        new ArrayList<>(
            List.of(
                "quickstart",
                "shakespeare-char",
                "gpt-tiny",
                "rnn-char",
                "lstm-char",
                "gru-char",
                "words-transformer",
                "words-lstm",
                "words-rnn",
                "tagger-rnn",
                "tagger-birnn",
                "tagger-cnn"));
    GptSizes.ALL.forEach(size -> names.add(size.preset()));
    return List.copyOf(names);
  }

  /** The text of {@code NAME.conf}, and what to call it in messages. */
  static Optional<Source> find(String name) {
    if (name.contains("/") || name.contains("\\")) {
      return Optional.empty();
    }
    String folder = System.getProperty(FOLDER_PROPERTY, "");
    try {
      if (!folder.isEmpty()) {
        Path file = Path.of(folder, name + ".conf");
        if (Files.isRegularFile(file)) {
          return Optional.of(new Source(file.toString(), Files.readString(file)));
        }
      }
      try (InputStream in = Presets.class.getResourceAsStream(RESOURCES + name + ".conf")) {
        return in == null
            ? Optional.empty()
            : Optional.of(
                new Source(
                    "preset " + name, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
      }
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "cannot read the preset " + name + ": " + e.getMessage(), "", "", e);
    }
  }

  /**
   * Text of settings.
   *
   * @param name what messages call it: a path, or the preset
   */
  record Source(String name, String text) {
    Reader reader() {
      return new StringReader(text);
    }
  }
}
