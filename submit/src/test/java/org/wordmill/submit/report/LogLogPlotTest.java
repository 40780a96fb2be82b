package org.wordmill.submit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Pictures as the image reader of the JDK sees them. */
class LogLogPlotTest {

  @Test
  void aPngOfOursIsReadPixelByPixel() throws IOException {
    Raster raster = new Raster(31, 17);
    raster.fill(3, 4, 5, 6, 0x123456);
    raster.line(0, 16, 10, 12, 1, 0xff0000);
    raster.text(20, 2, "7", 0x00ff00);
    BufferedImage image = read(raster.png());
    assertThat(image.getWidth()).isEqualTo(31);
    assertThat(image.getHeight()).isEqualTo(17);
    for (int y = 0; y < 17; y++) {
      for (int x = 0; x < 31; x++) {
        assertThat(image.getRGB(x, y) & 0xffffff).isEqualTo(raster.pixel(x, y));
      }
    }
    assertThat(raster.pixel(3, 4)).isEqualTo(0x123456);
    assertThat(raster.pixel(8, 4)).isEqualTo(Raster.WHITE);
    assertThat(raster.pixel(20, 2)).isEqualTo(0x00ff00);
    assertThat(raster.pixel(20, 5)).isEqualTo(Raster.WHITE);
  }

  @Test
  void whatLiesOutsideOfThePictureIsLeftOut() {
    Raster raster = new Raster(4, 4);
    raster.fill(-2, -2, 20, 3, 0x000000);
    assertThat(raster.pixel(0, 0)).isZero();
    assertThat(raster.pixel(0, 1)).isEqualTo(Raster.WHITE);
  }

  /** The left end is lowest and the right end highest, whatever the power between. */
  @Test
  void aPowerIsAStraightLine() throws IOException {
    LogLogPlot plot = new LogLogPlot("x", "y");
    plot.curve(
        "square",
        List.of(
            new LogLogPlot.Point(1, 1),
            new LogLogPlot.Point(10, 100),
            new LogLogPlot.Point(100, 10000)));
    BufferedImage image = read(plot.png());
    // The corners of the field of the curve, and its middle.
    int color = 0xc0392b;
    assertThat(image.getRGB(102, 424) & 0xffffff).isEqualTo(color);
    assertThat(image.getRGB(463, 240) & 0xffffff).isEqualTo(color);
    assertThat(image.getRGB(824, 56) & 0xffffff).isEqualTo(color);
    assertThat(image.getRGB(102, 240) & 0xffffff).isNotEqualTo(color);
  }

  @Test
  void whatHasNoLogarithmIsRefused() {
    LogLogPlot plot = new LogLogPlot("x", "y");
    assertThatThrownBy(() -> plot.curve("zero", List.of(new LogLogPlot.Point(1, 0))))
        .hasMessageContaining("zero");
  }

  private static BufferedImage read(byte[] png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png));
  }
}
