package org.wordmill.format.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.wordmill.error.ExitCode;
import org.wordmill.fuzz.Untrusted;

class SafetensorsReaderFuzzTest {
  private static void read(byte[] file) {
    Untrusted.read(
        Set.of(ExitCode.CORRUPT),
        () -> {
          SafetensorsReader reader =
              SafetensorsReader.open(Untrusted.stream(file), file.length, "f.safetensors");
          for (TensorInfo tensor : reader.tensors()) {
            assertThat(reader.read(tensor)).hasSize((int) tensor.size());
          }
        });
  }

  @FuzzTest
  @Timeout(60)
  void noArrayIsLongerThanTheFile(byte[] file) {
    read(file);
    // Most changes make the header longer or shorter: that much is put right, for the rest to
    // count.
    int end = 0;
    while (end < file.length && file[end] != '\n') {
      end++;
    }
    read(
        ByteBuffer.allocate(Long.BYTES + file.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(end)
            .put(file)
            .array());
  }
}
