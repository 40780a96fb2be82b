package org.wordmill.submit.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** The output directory of quickstart: the sample text, what is made of it, and the report. */
record QuickstartFolder(Path root) {
  private static final List<String> NAMES =
      List.of(
          "train.txt",
          "valid.txt",
          "test.txt",
          "counts",
          "5-gram.arpa",
          "transformer",
          "report.html");

  /** One sentence of so many is held out of the training text, to watch the training by. */
  private static final int HELD_OUT = 15;

  private static final String SAMPLES = "/org/wordmill/sample/";

  /**
   * Makes the directory and puts the sample text into it.
   *
   * @param overwrite whether the files of an earlier quickstart are deleted; other files never are
   * @throws WordmillException STORAGE when it is there already, or cannot be written
   */
  static QuickstartFolder create(Path root, boolean overwrite) {
    QuickstartFolder folder = new QuickstartFolder(root.toAbsolutePath().normalize());
    try {
      if (!folder.isEmpty()) {
        if (!overwrite) {
          throw new WordmillException(
              ExitCode.STORAGE,
              "the output exists",
              folder.root.toString(),
              "give --overwrite to replace an earlier quickstart, or another --output");
        }
        for (String name : NAMES) {
          delete(folder.root.resolve(name));
        }
      }
      Files.createDirectories(folder.root);
      folder.writeTexts();
      return folder;
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "the output cannot be written: " + e,
          folder.root.toString(),
          "give another --output",
          e);
    }
  }

  Path train() {
    return root.resolve("train.txt");
  }

  /** Sentences held out of the training text: training is watched by them. */
  Path validation() {
    return root.resolve("valid.txt");
  }

  /** Sentences that nothing is trained on or chosen by. */
  Path test() {
    return root.resolve("test.txt");
  }

  Path counts() {
    return root.resolve("counts");
  }

  Path arpa() {
    return root.resolve("5-gram.arpa");
  }

  Path transformer() {
    return root.resolve("transformer");
  }

  Path report() {
    return root.resolve("report.html");
  }

  private boolean isEmpty() throws IOException {
    if (!Files.exists(root)) {
      return true;
    }
    if (!Files.isDirectory(root)) {
      return false;
    }
    try (Stream<Path> files = Files.list(root)) {
      return files.findAny().isEmpty();
    }
  }

  private void writeTexts() throws IOException {
    List<String> sentences = sample("train.txt");
    List<String> training = new ArrayList<>();
    List<String> validation = new ArrayList<>();
    for (int i = 0; i < sentences.size(); i++) {
      (i % HELD_OUT == HELD_OUT - 1 ? validation : training).add(sentences.get(i));
    }
    write(train(), training);
    write(validation(), validation);
    write(test(), sample("test.txt"));
  }

  private static List<String> sample(String name) throws IOException {
    try (InputStream in = QuickstartFolder.class.getResourceAsStream(SAMPLES + name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + SAMPLES + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static void write(Path file, List<String> sentences) throws IOException {
    Files.writeString(file, String.join("\n", sentences) + "\n");
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
