package org.wordmill.submit.report;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A picture of pixels with lines and small capital letters, and its PNG file (RFC 2083: 8-bit
 * truecolour, one compressed block). It needs no fonts and no window system, which servers often do
 * not have.
 */
final class Raster {
  static final int WHITE = 0xffffff;

  /** Pixels from a letter to the next, and the height of a letter. */
  static final int LETTER = 8;

  static final int LETTER_HEIGHT = 10;

  private static final int DOT = 2;
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};

  /** Five rows of three dots, each row an octal digit. */
  private static final Map<Character, String> LETTERS =
      Map.ofEntries(
          Map.entry('0', "75557"),
          Map.entry('1', "26227"),
          Map.entry('2', "71747"),
          Map.entry('3', "71717"),
          Map.entry('4', "55711"),
          Map.entry('5', "74717"),
          Map.entry('6', "74757"),
          Map.entry('7', "71122"),
          Map.entry('8', "75757"),
          Map.entry('9', "75717"),
          Map.entry('a', "25755"),
          Map.entry('b', "65656"),
          Map.entry('c', "34443"),
          Map.entry('d', "65556"),
          Map.entry('e', "74647"),
          Map.entry('f', "74644"),
          Map.entry('g', "34553"),
          Map.entry('h', "55755"),
          Map.entry('i', "72227"),
          Map.entry('j', "11152"),
          Map.entry('k', "55655"),
          Map.entry('l', "44447"),
          Map.entry('m', "57755"),
          Map.entry('n', "65555"),
          Map.entry('o', "25552"),
          Map.entry('p', "65644"),
          Map.entry('q', "25563"),
          Map.entry('r', "65655"),
          Map.entry('s', "34216"),
          Map.entry('t', "72222"),
          Map.entry('u', "55557"),
          Map.entry('v', "55552"),
          Map.entry('w', "55775"),
          Map.entry('x', "55255"),
          Map.entry('y', "55222"),
          Map.entry('z', "71247"),
          Map.entry('.', "00002"),
          Map.entry(',', "00024"),
          Map.entry('-', "00700"),
          Map.entry('/', "11244"),
          Map.entry(' ', "00000"));

  private final int width;
  private final int height;
  private final int[] pixels;

  /** A white picture. */
  Raster(int width, int height) {
    this.width = width;
    this.height = height;
    this.pixels = new int[width * height];
    Arrays.fill(pixels, WHITE);
  }

  int pixel(int x, int y) {
    return pixels[y * width + x];
  }

  /** A rectangle; what lies outside of the picture is left out. */
  void fill(int x, int y, int columns, int rows, int color) {
    for (int j = Math.max(0, y); j < Math.min(height, y + rows); j++) {
      for (int i = Math.max(0, x); i < Math.min(width, x + columns); i++) {
        pixels[j * width + i] = color;
      }
    }
  }

  /** A line of the given thickness. */
  void line(double x0, double y0, double x1, double y1, int thickness, int color) {
    int steps = (int) Math.ceil(Math.max(1, Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
    for (int i = 0; i <= steps; i++) {
      double x = x0 + (x1 - x0) * i / steps;
      double y = y0 + (y1 - y0) * i / steps;
      int half = thickness / 2;
      fill((int) Math.round(x) - half, (int) Math.round(y) - half, thickness, thickness, color);
    }
  }

  /** A line of text from its upper left corner on; letters that it does not know are blank. */
  void text(int x, int y, String text, int color) {
    String letters = text.toLowerCase(Locale.ROOT);
    for (int n = 0; n < letters.length(); n++) {
      String rows = LETTERS.getOrDefault(letters.charAt(n), "00000");
      for (int row = 0; row < rows.length(); row++) {
        int dots = rows.charAt(row) - '0';
        for (int column = 0; column < 3; column++) {
          if ((dots >> (2 - column) & 1) == 1) {
            fill(x + n * LETTER + column * DOT, y + row * DOT, DOT, DOT, color);
          }
        }
      }
    }
  }

  /** The picture as a PNG file. */
  byte[] png() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(SIGNATURE);
    byte[] kind = {8, 2, 0, 0, 0};
    chunk(file, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put(kind).array());
    chunk(file, "IDAT", compressed());
    chunk(file, "IEND", new byte[0]);
    return file.toByteArray();
  }

  /** Every row begins with its filter, which is none. */
  private byte[] compressed() {
    ByteBuffer rows = ByteBuffer.allocate(height * (1 + 3 * width));
    for (int y = 0; y < height; y++) {
      rows.put((byte) 0);
      for (int x = 0; x < width; x++) {
        int color = pixels[y * width + x];
        rows.put((byte) (color >> 16)).put((byte) (color >> 8)).put((byte) color);
      }
    }
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(rows.array());
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] piece = new byte[1 << 13];
      while (!deflater.finished()) {
        out.write(piece, 0, deflater.deflate(piece));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static void chunk(ByteArrayOutputStream file, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 check = new CRC32();
    check.update(name);
    check.update(data);
    file.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    file.writeBytes(name);
    file.writeBytes(data);
    file.writeBytes(ByteBuffer.allocate(4).putInt((int) check.getValue()).array());
  }
}
