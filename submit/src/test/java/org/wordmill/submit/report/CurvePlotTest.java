package org.wordmill.submit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Pictures as the image reader of the JDK sees them. */
class CurvePlotTest {
  private static final int COLOR = 0x2471a3;

  @Test
  void aStraightLineGoesFromCornerToCorner() throws IOException {
    CurvePlot plot = new CurvePlot("steps", "loss");
    plot.curve("loss", List.of(new Report.Point(0, 4), new Report.Point(100, 2)));
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(plot.png()));
    assertThat(image.getRGB(90, 60) & 0xffffff).isEqualTo(COLOR);
    assertThat(image.getRGB(457, 236) & 0xffffff).isEqualTo(COLOR);
    assertThat(image.getRGB(824, 412) & 0xffffff).isEqualTo(COLOR);
    assertThat(image.getRGB(700, 100) & 0xffffff).isNotEqualTo(COLOR);
  }

  @Test
  void whatIsNotFiniteIsNotDrawn() {
    CurvePlot plot = new CurvePlot("steps", "loss");
    plot.curve("diverged", List.of(new Report.Point(1, Double.NaN)));
    assertThat(plot.isEmpty()).isTrue();
  }

  @Test
  void oneStepIsEnough() throws IOException {
    CurvePlot plot = new CurvePlot("steps", "loss");
    plot.curve("loss", List.of(new Report.Point(1, 3)));
    assertThat(ImageIO.read(new ByteArrayInputStream(plot.png())).getHeight()).isEqualTo(480);
  }
}
