package org.wordmill.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;

class LocalCheckpointsTest extends CheckpointsContractTest {
  @TempDir Path folder;

  @Override
  protected CheckpointStore emptyStore() {
    return new LocalCheckpointStore(folder.resolve("checkpoints"));
  }

  @Test
  void aVectorFileIsFloatsInLittleEndianOrderAndNothingElse() throws IOException {
    Tensor vector = Tensor.of(new float[] {1.5f, -2f, Float.MIN_VALUE}, 3);
    Path file = folder.resolve("v.f32");
    try (var out = Files.newOutputStream(file)) {
      VectorFile.write(vector, out, new CRC32C());
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.remaining()).isEqualTo(12);
    assertThat(bytes.getFloat()).isEqualTo(1.5f);
    assertThat(bytes.getFloat()).isEqualTo(-2f);
    assertThat(bytes.getFloat()).isEqualTo(Float.MIN_VALUE);
  }

  @Test
  void vectorsLongerThanOnePieceComeBack() throws IOException {
    int size = (1 << 18) * 2 + 17;
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = i;
    }
    Tensor back = Tensor.zeroVector(Precision.FLOAT, size);
    Path file = folder.resolve("v.f32");
    try (var out = Files.newOutputStream(file)) {
      VectorFile.write(Tensor.of(values, size), out, new CRC32C());
    }
    try (var in = Files.newInputStream(file)) {
      VectorFile.read(in, back, new CRC32C());
    }
    assertThat(back.toFloats()).containsExactly(values);
  }
}
