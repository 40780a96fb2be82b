package org.wordmill.trainer;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * What this module's jobs send through Kryo. Vectors go in bulk, as 32-bit floats in little-endian
 * order, and no class here loads ND4J's native libraries.
 */
public final class TrainerKryoRegistrator implements KryoRegistrator {
  private static final int PIECE = 1 << 14;

  @Override
  public void registerClasses(Kryo kryo) {
    kryo.register(FloatVector.class, new FloatVectorSerializer());
    kryo.register(PartialSum.class, new PartialSumSerializer());
    kryo.register(EncodedSplit.class);
    kryo.register(float[].class);
    kryo.register(int[].class);
    kryo.register(long[].class);
    kryo.register(long[][].class);
    kryo.register(String[].class);
    kryo.register(Integer[].class);
  }

  private static void write(Output output, float[] values) {
    output.writeInt(values.length);
    byte[] bytes = new byte[PIECE * Float.BYTES];
    FloatBuffer floats = floats(bytes);
    for (int at = 0; at < values.length; at += PIECE) {
      int length = Math.min(PIECE, values.length - at);
      floats.clear().put(values, at, length);
      output.writeBytes(bytes, 0, length * Float.BYTES);
    }
  }

  private static float[] read(Input input) {
    float[] values = new float[input.readInt()];
    byte[] bytes = new byte[PIECE * Float.BYTES];
    FloatBuffer floats = floats(bytes);
    for (int at = 0; at < values.length; at += PIECE) {
      int length = Math.min(PIECE, values.length - at);
      input.readBytes(bytes, 0, length * Float.BYTES);
      floats.clear().get(values, at, length);
    }
    return values;
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private static final class FloatVectorSerializer extends Serializer<FloatVector> {
    @Override
    public void write(Kryo kryo, Output output, FloatVector vector) {
      TrainerKryoRegistrator.write(output, vector.values());
    }

    @Override
    public FloatVector read(Kryo kryo, Input input, Class<FloatVector> type) {
      return new FloatVector(TrainerKryoRegistrator.read(input));
    }
  }

  private static final class PartialSumSerializer extends Serializer<PartialSum> {
    @Override
    public void write(Kryo kryo, Output output, PartialSum part) {
      output.writeDouble(part.loss());
      output.writeLong(part.tokens());
      output.writeDouble(part.seconds());
      TrainerKryoRegistrator.write(output, part.gradient());
    }

    @Override
    public PartialSum read(Kryo kryo, Input input, Class<PartialSum> type) {
      return new PartialSum(
          input.readDouble(),
          input.readLong(),
          input.readDouble(),
          TrainerKryoRegistrator.read(input));
    }
  }
}
