package org.wordmill.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.wordmill.error.ExitCode;
import org.wordmill.fuzz.Untrusted;

/** {@code tokenizer.json}, of ours and of others. */
class TokenizerFilesFuzzTest {
  private static final String TEXT = "the mill\u00fc grinds  12 corns, don't it?\n";

  @FuzzTest
  @Timeout(60)
  void whatIsReadEncodesAndIsWrittenAndReadAgain(byte[] file) {
    Untrusted.read(
        Set.of(ExitCode.CORRUPT),
        () -> {
          Tokenizer tokenizer = TokenizerFiles.read(Untrusted.text(file), "f.json");
          String written = TokenizerFiles.write(tokenizer);
          Tokenizer again = TokenizerFiles.read(written, "f.json");
          assertThat(TokenizerFiles.write(again)).isEqualTo(written);
          Untrusted.read(
              Set.of(ExitCode.BAD_INPUT),
              () -> assertThat(again.encode(TEXT)).isEqualTo(tokenizer.encode(TEXT)));
        });
  }
}
