package org.wordmill.ml;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.SavedModel;
import org.wordmill.checkpoint.Snapshot;
import org.wordmill.format.json.Json;
import org.wordmill.text.TokenizerFiles;
import org.wordmill.trainer.DataParallelTrainer;

/**
 * Tables that this process has made or fetched, in a folder of its own that goes when the process
 * ends.
 */
final class ModelFiles {
  private static final Map<String, Path> MADE = new HashMap<>();
  private static @Nullable Path folder;

  private ModelFiles() {}

  /** Writes a file. */
  interface Maker {
    void make(Path file) throws IOException;
  }

  /** The file of a model, made at the first call for it. */
  static synchronized Path packed(String id, Maker maker) throws IOException {
    Path known = MADE.get(id);
    if (known != null && Files.exists(known)) {
      return known;
    }
    Path file = folder().resolve(MADE.size() + ".table");
    Files.deleteIfExists(file);
    maker.make(file);
    MADE.put(id, file);
    return file;
  }

  /** The same file under another name, without a copy where the file system can do that. */
  static synchronized Path named(Path file, String name) throws IOException {
    Path other = folder().resolve(name);
    if (Files.exists(other)) {
      return other;
    }
    try {
      return Files.createLink(other, file);
    } catch (IOException | UnsupportedOperationException e) {
      return Files.copy(file, other, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** A place for a file that is to be made. */
  static synchronized Path place(String name) throws IOException {
    return Files.createTempDirectory(folder(), "made").resolve(name);
  }

  private static Path folder() throws IOException {
    Path existing = folder;
    if (existing != null) {
      return existing;
    }
    Path made = Files.createTempDirectory("wordmill-models");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made), "delete " + made));
    folder = made;
    return made;
  }

  private static void delete(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // The process ends; what is left is in the folder for temporary files.
    }
  }

  /** Writes a trained model alone, as a run that has made no step. */
  static void save(
      SavedModel model, org.apache.hadoop.fs.Path target, Configuration configuration) {
    ObjectNode config = (ObjectNode) Json.parse(Json.write(model.config()), "the model");
    config.put("kind", model.config().kind());
    Snapshot snapshot =
        new Snapshot(
            0,
            JsonNodeFactory.instance.objectNode().set("model", config),
            "",
            TokenizerFiles.write(model.tokenizer()),
            model.parameters().layout(),
            Map.of(Checkpoints.PARAMETERS, model.parameters().flat()),
            Map.of("tokens", model.manifest().progress("tokens")),
            OptionalDouble.empty());
    DataParallelTrainer.save(target.toString(), configuration, snapshot, false);
  }
}
