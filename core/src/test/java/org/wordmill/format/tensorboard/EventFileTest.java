package org.wordmill.format.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
  /** What tensorboard 2.21 writes for the same three events, by event_file.golden.py. */
  private static final String GOLDEN =
      "1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe9"
          + "36000000000000004f578cef0900006040fc54d94110012a290a110a0a747261696e2f6c6f737315"
          + "000090400a140a0d747261696e2fc5bcc3b3c58277150000c07f20661eed290000000000000037ff"
          + "5f00090000a040fc54d9411080bcc1960b2a180a160a0f76616c69646174696f6e2f6c6f737315cd"
          + "ccccbd2011c80c";

  @TempDir Path folder;

  private static byte[] events() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EventFile file = new EventFile(out, 1700000000.25)) {
      Map<String, Double> values = new LinkedHashMap<>();
      values.put("train/loss", 4.5);
      values.put("train/żółw", Double.NaN);
      file.scalars(1700000001.5, 1, values);
      file.scalars(1700000002.5, 3_000_000_000L, Map.of("validation/loss", -0.1));
    }
    return out.toByteArray();
  }

  @Test
  void theBytesAreThoseOfTensorBoard() throws IOException {
    assertThat(HexFormat.of().formatHex(events())).isEqualTo(GOLDEN);
  }

  @Test
  void tensorBoardReadsThem() throws IOException, InterruptedException {
    Path file = folder.resolve("events.out.tfevents.1.wordmill.0");
    Files.write(file, events());
    String script =
        """
        import sys
        try:
            from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader
        except ImportError:
            sys.exit(77)
        for e in LegacyEventFileLoader(sys.argv[1]).Load():
            print(e.wall_time, e.step, e.file_version, [(v.tag, v.simple_value) for v in e.summary.value])
        """;
    Process python;
    try {
      python =
          new ProcessBuilder("python3", "-c", script, file.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      Assumptions.abort("there is no python3");
      return;
    }
    String read = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(python.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Assumptions.assumeTrue(python.exitValue() != 77, "python3 has no tensorboard");
    assertThat(read.lines())
        .containsExactly(
            "1700000000.25 0 brain.Event:2 []",
            "1700000001.5 1  [('train/loss', 4.5), ('train/żółw', nan)]",
            "1700000002.5 3000000000  [('validation/loss', -0.10000000149011612)]");
  }
}
