package org.wordmill.counter;

import com.esotericsoftware.kryo.Kryo;
import org.apache.spark.serializer.KryoRegistrator;

/** What this module's jobs send through Kryo: arrays, and a few classes made of arrays. */
public final class CounterKryoRegistrator implements KryoRegistrator {
  @Override
  public void registerClasses(Kryo kryo) {
    kryo.register(EncodedSplit.class);
    kryo.register(WordTable.class);
    kryo.register(UnigramModel.class);
    kryo.register(WordRanks.class);
    kryo.register(HadoopSettings.class);
    kryo.register(byte[].class);
    kryo.register(byte[][].class);
    kryo.register(boolean[].class);
    kryo.register(int[].class);
    kryo.register(long[].class);
    kryo.register(double[].class);
    kryo.register(String[].class);
    kryo.register(Integer[].class);
  }
}
