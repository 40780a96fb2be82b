package org.wordmill.trainer;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.spark.serializer.KryoRegistrator;
import org.wordmill.train.TrainedReplica;

/**
 * What this module's jobs send through Kryo. Vectors go in bulk, as {@link FloatVector} writes
 * them, and no class here loads ND4J's native libraries.
 */
public final class TrainerKryoRegistrator implements KryoRegistrator {

  @Override
  public void registerClasses(Kryo kryo) {
    Serializer<FloatVector> vector = new Written<>(FloatVector::write, FloatVector::read);
    kryo.register(FloatVector.OfTensor.class, vector);
    kryo.register(FloatVector.OfArray.class, vector);
    kryo.register(PartialSum.class, new Written<>(PartialSum::write, PartialSum::read));
    kryo.register(GradientSlice.class, new Written<>(GradientSlice::write, GradientSlice::read));
    kryo.register(KeptGradient.class, new Written<>(KeptGradient::write, KeptGradient::read));
    kryo.register(SummedSlice.class, new Written<>(SummedSlice::write, SummedSlice::read));
    kryo.register(FloatVectors.class, new Written<>(FloatVectors::write, FloatVectors::read));
    kryo.register(TrainedReplica.class, new Written<>(ReplicaMessage::write, ReplicaMessage::read));
    kryo.register(DocumentKey.class, new Written<>(DocumentKey::write, DocumentKey::read));
    kryo.register(EncodedSplit.class);
    kryo.register(CountedTags.class);
    kryo.register(CountedPieces.class);
    kryo.register(float[].class);
    kryo.register(int[].class);
    kryo.register(long[].class);
    kryo.register(long[][].class);
    kryo.register(String[].class);
    kryo.register(Integer[].class);
  }

  /** Messages that write and read themselves. */
  private static final class Written<T> extends Serializer<T> {
    private final BiConsumer<T, Output> writer;
    private final Function<Input, ? extends T> reader;

    Written(BiConsumer<T, Output> writer, Function<Input, ? extends T> reader) {
      this.writer = writer;
      this.reader = reader;
    }

    @Override
    public void write(Kryo kryo, Output output, T message) {
      writer.accept(message, output);
    }

    @Override
    public T read(Kryo kryo, Input input, Class<T> type) {
      return reader.apply(input);
    }
  }
}
