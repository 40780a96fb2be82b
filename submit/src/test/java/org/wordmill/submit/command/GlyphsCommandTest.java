package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlyphsCommandTest {
  @TempDir Path folder;

  @Test
  void accuracyConfusionAndPicturesComeOut() throws IOException {
    JsonNode json = run("--json", "--steps", "20").json();
    assertThat(json.path("steps").intValue()).isEqualTo(20);
    assertThat(json.path("accuracy").doubleValue()).isBetween(0.2, 1.0);
    assertThat(json.path("confusion")).hasSize(10).allSatisfy(row -> assertThat(row).hasSize(10));
    BufferedImage glyphs = ImageIO.read(folder.resolve("glyphs.png").toFile());
    assertThat(glyphs.getWidth()).isEqualTo(8 + 10 * (2 * 28 + 8));
    BufferedImage filters = ImageIO.read(folder.resolve("filters.png").toFile());
    assertThat(filters.getWidth()).isEqualTo(8 + 8 * (12 * 5 + 8));
  }

  @Test
  void theTableHasARowForEachDigit() {
    Ran ran = run("--steps", "2", "--seed", "3");
    assertThat(ran.out()).contains("accuracy").containsPattern("digit +as 0 +as 1").contains("%");
    assertThat(ran.out().lines().filter(line -> line.matches("\\s*\\d  .*%"))).hasSize(10);
  }

  @Test
  void whatIsThereIsNotWrittenOver() throws IOException {
    Files.createFile(folder.resolve("filters.png"));
    assertThat(run("--steps", "1").exitCode()).isEqualTo(4);
    assertThat(folder.resolve("glyphs.png")).doesNotExist();
    assertThat(run("--steps", "1", "--overwrite").exitCode()).isZero();
  }

  @Test
  void stepsAndKernelsThatCannotBeAreRefused() {
    assertThat(run("--steps", "0").exitCode()).isEqualTo(2);
    assertThat(run("--kernels", "fast").exitCode()).isEqualTo(2);
  }

  private Ran run(String... more) {
    Object[] arguments = new Object[3 + more.length];
    System.arraycopy(new Object[] {"glyphs", "--output", folder}, 0, arguments, 0, 3);
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Ran.wordmill(arguments);
  }
}
