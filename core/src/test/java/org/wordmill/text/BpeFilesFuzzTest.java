package org.wordmill.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.wordmill.error.ExitCode;
import org.wordmill.format.json.Json;
import org.wordmill.fuzz.Untrusted;

/** {@code vocab.json} and {@code merges.txt}. */
class BpeFilesFuzzTest {
  private static final String TEXT = "the mill\u00fc grinds  12 corns, don't it?\n";

  /** The 256 bytes as tokens, which every vocabulary needs: too many for a fuzzer to find. */
  private static Map<String, Integer> bytes() {
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (int b = 0; b < ByteAlphabet.SIZE; b++) {
      ids.put(String.valueOf(ByteAlphabet.character(b)), b);
    }
    return ids;
  }

  private static void read(String vocabulary, String merges) {
    Untrusted.read(
        Set.of(ExitCode.CORRUPT),
        () -> {
          ByteLevelBpe bpe = BpeFiles.read(vocabulary, merges, "folder");
          assertThat(bpe.decode(bpe.encode(TEXT))).isEqualTo(TEXT);
          ByteLevelBpe again =
              BpeFiles.read(BpeFiles.vocabulary(bpe), BpeFiles.merges(bpe), "folder");
          assertThat(again.encode(TEXT)).isEqualTo(bpe.encode(TEXT));
        });
  }

  /**
   * @param files {@code merges.txt}, and behind a zero byte {@code vocab.json}
   */
  @FuzzTest
  @Timeout(60)
  void whatIsReadEncodesAndIsWrittenAndReadAgain(byte[] files) {
    List<String> both = new ArrayList<>(List.of(Untrusted.text(files).split("\0", 2)));
    String merges = both.get(0);
    if (both.size() == 2) {
      read(both.get(1), merges);
    }
    Map<String, Integer> ids = bytes();
    for (String line : merges.split("\n")) {
      ids.putIfAbsent(line.replace(" ", ""), ids.size());
    }
    read(Json.write(ids), merges);
  }
}
