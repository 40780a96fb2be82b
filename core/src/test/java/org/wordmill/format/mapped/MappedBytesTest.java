package org.wordmill.format.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappedBytesTest {
  private static final long CHUNK = 1L << 30;

  @TempDir private Path folder;

  /** A region with holes, which take no place on the disk. */
  private MappedBytes region(long length) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve("region"),
            StandardOpenOption.CREATE,
            StandardOpenOption.SPARSE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      return MappedBytes.map(channel, FileChannel.MapMode.READ_WRITE, 0, length);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {CHUNK + 1, CHUNK + 3, CHUNK + 4, CHUNK + 100, 2 * CHUNK + 2})
  void numbersFromManyPlacesAreThoseOfEachPlace(long length) throws IOException {
    MappedBytes region = region(length);
    long[] offsets = {length - 8, 0, CHUNK - 9, 4, CHUNK - 7, length / 2, length - 12};
    int shift = 4;
    for (int i = 0; i < offsets.length; i++) {
      region.putInt(offsets[i] + shift, -100 - i);
    }
    int[] expected = new int[offsets.length + 1];
    for (int i = 0; i < offsets.length; i++) {
      expected[i] = region.getInt(offsets[i] + shift);
    }
    expected[offsets.length] = 7;
    int[] numbers = new int[expected.length];
    Arrays.fill(numbers, 7);
    region.getInts(offsets, shift, offsets.length, numbers);
    assertThat(numbers).containsExactly(expected);
    assertThat(numbers[6]).as("written last").isEqualTo(-106);
  }

  @Test
  void aPlaceOutsideIsRefused() throws IOException {
    MappedBytes region = region(100);
    for (long offset : new long[] {-1, 97, 100, CHUNK + 4, Long.MIN_VALUE, Long.MAX_VALUE - 3}) {
      assertThatThrownBy(() -> region.getInts(new long[] {4, offset}, 0, 2, new int[2]))
          .as("%d", offset)
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    region.getInts(new long[] {96, 97}, 0, 1, new int[1]);
  }
}
