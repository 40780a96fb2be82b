package org.wordmill.format.arpa;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.wordmill.error.ExitCode;
import org.wordmill.fuzz.Untrusted;
import org.wordmill.ngram.BackoffModel;

class ArpaReaderFuzzTest {
  @FuzzTest
  @Timeout(60)
  void whatIsReadIsAModelThatIsWrittenAndReadAgain(byte[] file) {
    Untrusted.read(
        Set.of(ExitCode.CORRUPT, ExitCode.BAD_INPUT),
        () -> {
          BackoffModel model = ArpaReader.read(Untrusted.stream(file), "f.arpa", warning -> {});
          model.nextLogProbabilities(model.start(), new float[model.vocabulary().size()]);
          ByteArrayOutputStream first = new ByteArrayOutputStream();
          ArpaWriter.write(model, first);
          ByteArrayOutputStream second = new ByteArrayOutputStream();
          ArpaWriter.write(
              ArpaReader.read(Untrusted.stream(first.toByteArray()), "f.arpa", warning -> {}),
              second);
          assertThat(second.toByteArray()).isEqualTo(first.toByteArray());
        });
  }
}
