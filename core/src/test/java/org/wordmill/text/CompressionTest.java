package org.wordmill.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompressionTest {
  @Test
  void theFirstBytesTell() {
    // Written by gzip, bzip2, xz and zstd.
    Map.of(
            "1f8b080000000000000361e402000", Compression.GZIP,
            "425a6839314159265359", Compression.BZIP2,
            "425a6839177245385090", Compression.BZIP2,
            "fd377a585a000004e6d6", Compression.XZ,
            "28b52ffd040019000061", Compression.ZSTANDARD)
        .forEach(
            (bytes, compression) ->
                assertThat(Compression.ofBytes(HexFormat.of().parseHex(bytes.substring(0, 20))))
                    .contains(compression));
  }

  @Test
  void textIsNoCompressedFileWhateverItBeginsWith() {
    for (String text :
        new String[] {"", "B", "BZh", "BZh9 is the magic of bzip2", "\u001f\u008b"}) {
      assertThat(Compression.ofBytes(text.getBytes(StandardCharsets.UTF_8))).as(text).isEmpty();
    }
  }

  @Test
  void theEndOfTheNameTells() {
    assertThat(Compression.ofName("text.txt.xz")).contains(Compression.XZ);
    assertThat(Compression.ofName("text.gz.txt")).isEmpty();
  }
}
