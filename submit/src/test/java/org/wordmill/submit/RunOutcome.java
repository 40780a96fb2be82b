package org.wordmill.submit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.wordmill.format.json.Json;

/**
 * What of a training's output must not depend on what died: every line of its metrics but for
 * times, and every file of its checkpoints.
 *
 * @param lines of {@code metrics.jsonl}, without what clocks have said
 * @param files SHA-256 by the step and the name of a checkpoint's file, such as {@code
 *     step-00000420/parameters.f32}
 */
record RunOutcome(List<String> lines, Map<String, String> files) {
  private static final Set<String> CLOCKS =
      Set.of("time", "tokens_per_s", "model_flop_per_s", "machine_share");

  static RunOutcome of(Path run) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      ObjectNode metrics = (ObjectNode) Json.parse(line, "metrics");
      List<String> names = new ArrayList<>();
      metrics.fieldNames().forEachRemaining(names::add);
      names.removeIf(name -> !CLOCKS.contains(name) && !name.contains("seconds"));
      metrics.remove(names);
      lines.add(metrics.toString());
    }
    Map<String, String> files = new TreeMap<>();
    Path checkpoints = run.resolve("checkpoints");
    try (Stream<Path> all = Files.walk(checkpoints)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = checkpoints.relativize(file).toString();
        files.put(name.replaceFirst("\\.[0-9a-f]+/", "/"), sha256(file));
      }
    }
    return new RunOutcome(lines, files);
  }

  static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = Files.newInputStream(file)) {
        byte[] piece = new byte[1 << 16];
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
          digest.update(piece, 0, n);
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The losses of steps and of evaluations, in the digits of the log. */
  List<String> losses() {
    return lines.stream()
        .map(line -> Json.parse(line, "metrics"))
        .map((JsonNode metrics) -> metrics.path("loss") + " " + metrics.path("validation_loss"))
        .toList();
  }

  /**
   * How this differs from the outcome of the quiet run, a sentence each; empty when it is equal.
   */
  List<String> differences(RunOutcome quiet) {
    List<String> differences = new ArrayList<>();
    if (lines.size() != quiet.lines.size()) {
      differences.add(lines.size() + " lines of metrics, the quiet run has " + quiet.lines.size());
    }
    for (int i = 0; i < Math.min(lines.size(), quiet.lines.size()); i++) {
      if (!lines.get(i).equals(quiet.lines.get(i))) {
        differences.add("line %d: %s, not %s".formatted(i + 1, lines.get(i), quiet.lines.get(i)));
        break;
      }
    }
    if (!files.keySet().equals(quiet.files.keySet())) {
      differences.add("checkpoints " + files.keySet() + ", not " + quiet.files.keySet());
    }
    files.forEach(
        (name, digest) -> {
          if (!Objects.equals(quiet.files.getOrDefault(name, digest), digest)) {
            differences.add(name + " differs");
          }
        });
    return differences;
  }
}
