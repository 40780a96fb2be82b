package org.wordmill.trainer;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * What this module's jobs send through Kryo. Vectors are not of it: they travel as {@link
 * KeptVector}. No class here loads ND4J's native libraries.
 */
public final class TrainerKryoRegistrator implements KryoRegistrator {

  @Override
  public void registerClasses(Kryo kryo) {
    kryo.register(PartialSum.class, new Written<>(PartialSum::write, PartialSum::read));
    kryo.register(KeptGradient.class, new Written<>(KeptGradient::write, KeptGradient::read));
    kryo.register(KeptSum.class, new Written<>(KeptSum::write, KeptSum::read));
    kryo.register(KeptReplica.class, new Written<>(KeptReplica::write, KeptReplica::read));
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
