package org.wordmill.format.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** Files as they should be, and files as an enemy would make them. */
class SafetensorsTest {
  private static final Map<String, float[]> VALUES =
      Map.of(
          "a",
          new float[] {1, -0f, Float.NaN, 4, 5, 6},
          "scalar",
          new float[] {7},
          "ä",
          new float[] {8, 9});

  private static byte[] written() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(
        List.of(
            new SafetensorsWriter.Shaped("a", List.of(2L, 3L)),
            new SafetensorsWriter.Shaped("scalar", List.of()),
            new SafetensorsWriter.Shaped("ä", List.of(2L))),
        Map.of("format", "pt"),
        name -> Objects.requireNonNull(VALUES.get(name)),
        out);
    return out.toByteArray();
  }

  /** A file with a header of the test's choice. */
  private static byte[] file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static SafetensorsReader open(byte[] file) throws IOException {
    return SafetensorsReader.open(new ByteArrayInputStream(file), file.length, "m.safetensors");
  }

  private static Map<String, float[]> read(byte[] file) throws IOException {
    SafetensorsReader reader = open(file);
    Map<String, float[]> values = new LinkedHashMap<>();
    for (TensorInfo tensor : reader.tensors()) {
      values.put(tensor.name(), reader.read(tensor));
    }
    return values;
  }

  private static void refused(byte[] file, String... parts) {
    assertThatThrownBy(() -> read(file))
        .isInstanceOfSatisfying(
            WordmillException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT);
              assertThat(e.line().lines()).hasSize(1);
            })
        .hasMessageContaining("m.safetensors")
        .hasMessageContainingAll(parts);
  }

  @Test
  void whatWasWrittenIsReadBitForBit() throws IOException {
    Map<String, float[]> read = read(written());
    assertThat(read.keySet()).containsExactly("a", "scalar", "ä");
    read.forEach(
        (name, values) ->
            assertThat(bits(values))
                .as(name)
                .isEqualTo(bits(Objects.requireNonNull(VALUES.get(name)))));
    assertThat(open(written()).metadata()).containsExactly(Map.entry("format", "pt"));
    assertThat(open(written()).tensors().get(0).shape()).containsExactly(2L, 3L);
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  @Test
  void theDataBeginAtAMultipleOfEightBytes() throws IOException {
    byte[] file = written();
    long header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(header % 8).isZero();
    assertThat(file).hasSize((int) (8 + header + (6 + 1 + 2) * 4));
  }

  @Test
  void tensorsThatAreLeftOutAreSkipped() throws IOException {
    SafetensorsReader reader = open(written());
    assertThat(reader.read(reader.tensors().get(2))).containsExactly(8, 9);
    assertThatThrownBy(() -> reader.read(reader.tensors().get(0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void halfPrecisionIsWidenedExactly() {
    assertThat(Dtype.half((short) 0x3C00)).isEqualTo(1f);
    assertThat(Dtype.half((short) 0xC000)).isEqualTo(-2f);
    assertThat(Dtype.half((short) 0x3555)).isEqualTo(0.333251953125f);
    assertThat(Dtype.half((short) 0x7BFF)).isEqualTo(65504f);
    assertThat(Dtype.half((short) 0x0400)).isEqualTo(0x1p-14f);
    assertThat(Dtype.half((short) 0x03FF)).isEqualTo(0x1p-14f - 0x1p-24f);
    assertThat(Dtype.half((short) 0x0001)).isEqualTo(0x1p-24f);
    assertThat(Float.floatToRawIntBits(Dtype.half((short) 0x8000))).isEqualTo(0x80000000);
    assertThat(Dtype.half((short) 0x7C00)).isInfinite().isPositive();
    assertThat(Dtype.half((short) 0xFC00)).isInfinite().isNegative();
    assertThat(Dtype.half((short) 0x7E00)).isNaN();
  }

  @Test
  void bfloat16IsTheUpperHalfOfAFloat() throws IOException {
    byte[] file = file("{\"x\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4);
    file[file.length - 4] = (byte) 0x49;
    file[file.length - 3] = (byte) 0x40;
    file[file.length - 1] = (byte) 0x80;
    assertThat(read(file).get("x")).containsExactly(3.140625f, -0f);
  }

  @Test
  void aFileCutOffAnywhereIsRefused() throws IOException {
    byte[] file = written();
    for (int length = 0; length < file.length; length++) {
      refused(Arrays.copyOf(file, length), "not a safetensors file");
    }
    refused(Arrays.copyOf(file, file.length + 1), "37");
  }

  @Test
  void aFileThatEndsEarlierThanItsLengthSaidIsRefused() throws IOException {
    byte[] file = written();
    for (int length : new int[] {9, file.length - 20, file.length - 1}) {
      assertThatThrownBy(
              () -> {
                SafetensorsReader reader =
                    SafetensorsReader.open(
                        new ByteArrayInputStream(file, 0, length), file.length, "m");
                for (TensorInfo tensor : reader.tensors()) {
                  reader.read(tensor);
                }
              })
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT));
    }
  }

  @Test
  void flippedBitsAreRefusedInOneLineOrReadAsAnotherWholeFile() throws IOException {
    byte[] file = written();
    int header = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong() + 8;
    int refused = 0;
    for (int bit = 0; bit < header * 8; bit++) {
      byte[] flipped = file.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      refused += survives(flipped) ? 0 : 1;
    }
    // Names, the metadata's text and the order of equal sizes are all that can change unnoticed.
    assertThat(refused).isGreaterThan(header * 8 * 6 / 10);
  }

  @Test
  void randomRubbishIsRefused() {
    SplittableRandom random = new SplittableRandom(20261123);
    for (int i = 0; i < 2000; i++) {
      byte[] rubbish = new byte[random.nextInt(200)];
      random.nextBytes(rubbish);
      if (i % 2 == 0 && rubbish.length >= 16) {
        Arrays.fill(rubbish, 1, 8, (byte) 0);
        rubbish[0] = (byte) random.nextInt(rubbish.length);
        rubbish[8] = '{';
      }
      assertThat(survives(rubbish)).isFalse();
    }
  }

  /** Whether a file is read; when it is not, the fault must be one line of exit code 6. */
  private static boolean survives(byte[] file) {
    try {
      long bytes = 0;
      for (float[] values : read(file).values()) {
        bytes += values.length * 2L;
      }
      assertThat(bytes).isLessThan(file.length);
      return true;
    } catch (WordmillException e) {
      assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT);
      assertThat(e.line().lines()).hasSize(1);
      return false;
    } catch (IOException e) {
      throw new AssertionError("a stream in memory fails", e);
    }
  }

  @Test
  void theLengthOfTheHeaderIsHeldAgainstTheFile() {
    byte[] file = file("{}", 0);
    for (long length : new long[] {3, -1, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_001}) {
      ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
      refused(file, "header");
    }
  }

  @Test
  void anEmptyFileOfTensorsIsRead() throws IOException {
    assertThat(read(file("{}   ", 0))).isEmpty();
    assertThat(
            read(file("{\"x\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[0,0]}}", 0))
                .get("x"))
        .isEmpty();
  }

  private static String tensor(String name, String dtype, String shape, String offsets) {
    return "\""
        + name
        + "\":{\"dtype\":\""
        + dtype
        + "\",\"shape\":"
        + shape
        + ",\"data_offsets\":"
        + offsets
        + "}";
  }

  @Test
  void offsetsWithAHoleOrAnOverlapAreRefused() {
    String first = tensor("a", "F32", "[1]", "[0,4]");
    refused(file("{" + first + "," + tensor("b", "F32", "[1]", "[8,12]") + "}", 12), "'b'", "8");
    refused(file("{" + first + "," + tensor("b", "F32", "[2]", "[2,10]") + "}", 10), "'b'", "2");
    refused(file("{" + first + "}", 8), "4 bytes", "8");
    refused(file("{" + tensor("a", "F32", "[2]", "[0,8]") + "}", 4), "cut off");
  }

  @Test
  void shapesThatDoNotFitTheirBytesAreRefused() {
    refused(file("{" + tensor("a", "F32", "[3]", "[0,8]") + "}", 8), "12 bytes");
    refused(file("{" + tensor("a", "F32", "[2]", "[8,0]") + "}", 8), "8 and 0");
    refused(file("{" + tensor("a", "F32", "[-2]", "[0,8]") + "}", 8), "-2");
    refused(file("{" + tensor("a", "F32", "[2.0]", "[0,8]") + "}", 8), "2.0");
    refused(file("{" + tensor("a", "F32", "[99999999999999999999]", "[0,8]") + "}", 8), "size");
    refused(
        file("{" + tensor("a", "F32", "[4294967296,4294967296]", "[0,0]") + "}", 0), "too large");
    refused(file("{" + tensor("a", "F31", "[2]", "[0,8]") + "}", 8), "'F31'");
    refused(file("{" + tensor("a", "I32", "[2]", "[0,8]") + "}", 8), "I32", "F32, F16 or BF16");
  }

  @Test
  void namesThatOccurTwiceAndHeadersThatAreNoObjectAreRefused() {
    String a = tensor("a", "F32", "[1]", "[0,4]");
    refused(file("{" + a + "," + a.replace("[0,4]", "[4,8]") + "}", 8), "Duplicate");
    refused(file(" {}", 0), "begin with '{'");
    refused(file("[]", 0), "begin with '{'");
    refused(file("{\"a\":4}", 0), "'a'");
    refused(file("{\"__metadata__\":{\"a\":4}}", 0), "not a string");
    refused(file("{\"a\\u0007\\n" + "b".repeat(1000) + "\":4}", 0), "'a??bbb");
  }

  @Test
  void aHeaderThatIsNotUtf8IsRefused() {
    byte[] file = file("{\"__metadata__\":{\"a\":\"b\"}}", 0);
    file[file.length - 5] = (byte) 0xFF;
    refused(file, "not UTF-8");
  }

  @Test
  void anIndexMayNameFilesBesideItOnly() {
    assertThat(
            ShardIndex.parse("{\"weight_map\":{\"a\":\"x-1.safetensors\",\"b\":\"y\"}}", "i")
                .shards())
        .containsExactly("x-1.safetensors", "y");
    for (String path : new String[] {"../x", "/etc/passwd", "a/b", "..", "a\\\\b", "", "x:y"}) {
      assertThatThrownBy(() -> ShardIndex.parse("{\"weight_map\":{\"a\":\"" + path + "\"}}", "i"))
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT));
    }
    assertThatThrownBy(() -> ShardIndex.parse("{}", "i")).hasMessageContaining("weight_map");
  }

  @Test
  void aShardHoldsWhatTheIndexSays() {
    ShardIndex index = ShardIndex.parse("{\"weight_map\":{\"a\":\"x\",\"b\":\"y\"}}", "i");
    TensorInfo a = new TensorInfo("a", Dtype.F32, List.of(1L), 0, 4);
    index.requireTensors("x", List.of(a), "x");
    assertThatThrownBy(() -> index.requireTensors("y", List.of(a), "y"))
        .hasMessageContaining("'a' is not of this file");
    assertThatThrownBy(() -> index.requireTensors("x", List.of(), "x"))
        .hasMessageContaining("'a' of the index is not in the file");
  }
}
