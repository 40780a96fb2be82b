package org.wordmill.counter;

import com.esotericsoftware.kryo.Kryo;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * What this module's jobs send through Kryo, for programs that set {@code
 * spark.kryo.registrationRequired}: name this class in {@code spark.kryo.registrator}. All are
 * plain classes of arrays, and what crosses shuffles is bytes.
 */
public final class CounterKryoRegistrator implements KryoRegistrator {

  @Override
  public void registerClasses(Kryo kryo) {
    kryo.register(HadoopSettings.class);
    kryo.register(WordTable.class);
    kryo.register(WordRanks.class);
    kryo.register(UnigramModel.class);
    kryo.register(EncodedSplit.class);
    kryo.register(byte[].class);
    kryo.register(byte[][].class);
    kryo.register(boolean[].class);
    kryo.register(int[].class);
    kryo.register(long[].class);
    kryo.register(double[].class);
    kryo.register(String[].class);
  }
}
