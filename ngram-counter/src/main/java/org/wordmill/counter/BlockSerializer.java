package org.wordmill.counter;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * What goes through our shuffles, as bytes: the target partition and one block.
 *
 * <pre>
 *   record := partition (4 bytes) length (4 bytes) block
 * </pre>
 *
 * <p>A general serializer would first learn about some hundred classes in every task, which takes
 * longer than what a small task does.
 */
final class BlockSerializer extends Serializer implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Sends each block to the partition that its key names. */
  static JavaPairRDD<Integer, byte[]> shuffle(JavaPairRDD<Integer, byte[]> blocks, int partitions) {
    ClassTag<Integer> key = ClassTag$.MODULE$.apply(Integer.class);
    ClassTag<byte[]> value = ClassTag$.MODULE$.apply(byte[].class);
    ShuffledRDD<Integer, byte[], byte[]> shuffled =
        new ShuffledRDD<>(blocks.rdd(), new BlockPartitioner(partitions), key, value, value);
    return JavaPairRDD.fromRDD(shuffled.setSerializer(new BlockSerializer()), key, value);
  }

  @Override
  public SerializerInstance newInstance() {
    return new Instance();
  }

  /** Records stand for themselves, so their bytes may be put together in another order. */
  @Override
  public boolean supportsRelocationOfSerializedObjects() {
    return true;
  }

  private static final class Instance extends SerializerInstance {
    @Override
    public SerializationStream serializeStream(OutputStream stream) {
      return new Writer(stream);
    }

    @Override
    public DeserializationStream deserializeStream(InputStream stream) {
      return new Reader(stream);
    }

    @Override
    public <T> ByteBuffer serialize(T value, ClassTag<T> tag) {
      throw notAShuffle();
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassTag<T> tag) {
      throw notAShuffle();
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassLoader loader, ClassTag<T> tag) {
      throw notAShuffle();
    }

    private static IllegalStateException notAShuffle() {
      return new IllegalStateException("blocks are serialized in shuffles only, as streams");
    }
  }

  private static final class Writer extends SerializationStream {
    private final DataOutputStream out;

    Writer(OutputStream out) {
      this.out = new DataOutputStream(out);
    }

    @Override
    public <T> SerializationStream writeKey(T partition, ClassTag<T> tag) {
      return doing(() -> out.writeInt((Integer) partition));
    }

    @Override
    public <T> SerializationStream writeValue(T value, ClassTag<T> tag) {
      byte[] block = (byte[]) value;
      return doing(
          () -> {
            out.writeInt(block.length);
            out.write(block);
          });
    }

    @Override
    public <T> SerializationStream writeObject(T value, ClassTag<T> tag) {
      Tuple2<?, ?> record = (Tuple2<?, ?>) value;
      writeKey(record._1(), ClassTag$.MODULE$.Any());
      return writeValue(record._2(), ClassTag$.MODULE$.Any());
    }

    @Override
    public void flush() {
      doing(out::flush);
    }

    @Override
    public void close() {
      doing(out::close);
    }

    private Writer doing(Output output) {
      try {
        output.run();
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private interface Output {
    void run() throws IOException;
  }

  private static final class Reader extends DeserializationStream {
    private final DataInputStream in;

    Reader(InputStream in) {
      this.in = new DataInputStream(in);
    }

    /** The records of the stream, which is closed after the last. */
    @Override
    public Iterator<Tuple2<Object, Object>> asKeyValueIterator() {
      return CollectionConverters.asScala(new Records(this));
    }

    @Override
    public <T> T readObject(ClassTag<T> tag) {
      throw new IllegalStateException("records are read as keys and values");
    }

    /** The next record, null after the last. */
    @Nullable Tuple2<Object, Object> read() {
      try {
        int first = in.read();
        if (first < 0) {
          in.close();
          return null;
        }
        int partition = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
        byte[] block = new byte[in.readInt()];
        in.readFully(block);
        return new Tuple2<>(partition, block);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Records implements java.util.Iterator<Tuple2<Object, Object>> {
    private final Reader reader;
    private @Nullable Tuple2<Object, Object> next;
    private boolean exhausted;

    Records(Reader reader) {
      this.reader = reader;
    }

    @Override
    public boolean hasNext() {
      if (next == null && !exhausted) {
        next = reader.read();
        exhausted = next == null;
      }
      return next != null;
    }

    @Override
    public Tuple2<Object, Object> next() {
      Tuple2<Object, Object> record = hasNext() ? next : null;
      if (record == null) {
        throw new NoSuchElementException();
      }
      next = null;
      return record;
    }
  }
}
