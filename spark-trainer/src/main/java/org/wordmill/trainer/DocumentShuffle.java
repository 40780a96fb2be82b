package org.wordmill.trainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.wordmill.train.Seeds;
import org.wordmill.train.TokenShard;
import scala.Tuple2;

/**
 * The Spark job that encodes documents and shuffles them by a seed: every document draws a number
 * from the seed and its place in the files; all are sorted by these, and each partition writes its
 * part of the order. What comes out depends on files, seed and the number of parts alone.
 */
final class DocumentShuffle {
  private DocumentShuffle() {}

  /**
   * @param parts of the order, each a shard, or several where it is long
   * @param folder of the shards
   */
  static List<EncodedSplit> run(
      JavaSparkContext spark,
      List<TextSplit> splits,
      PieceEncoder.Encoding encoding,
      long seed,
      int parts,
      String folder,
      Broadcast<SerializableConfiguration> hadoop) {
    return spark
        .parallelize(CharacterVocabulary.numbers(splits.size()), splits.size())
        .flatMapToPair(new DocumentsOfSplit(splits, encoding, seed, hadoop))
        .repartitionAndSortWithinPartitions(new Parts(parts))
        .mapPartitionsWithIndex(new WriteShards(encoding, folder, hadoop), false)
        .collect();
  }

  /** The part of the order that a key falls into. */
  private static final class Parts extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int count;

    Parts(int count) {
      this.count = count;
    }

    @Override
    public int numPartitions() {
      return count;
    }

    @Override
    public int getPartition(Object key) {
      return ((DocumentKey) key).part(count);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Parts parts && parts.count == count;
    }

    @Override
    public int hashCode() {
      return count;
    }
  }

  /** The documents of one split, encoded, each under its key; and at last what was counted. */
  private static final class DocumentsOfSplit
      implements PairFlatMapFunction<Integer, DocumentKey, byte[]> {
    private static final long serialVersionUID = 1L;
    private final List<TextSplit> splits;
    private final PieceEncoder.Encoding encoding;
    private final long seed;
    private final Broadcast<SerializableConfiguration> hadoop;

    DocumentsOfSplit(
        List<TextSplit> splits,
        PieceEncoder.Encoding encoding,
        long seed,
        Broadcast<SerializableConfiguration> hadoop) {
      this.splits = new ArrayList<>(splits);
      this.encoding = encoding;
      this.seed = seed;
      this.hadoop = hadoop;
    }

    @Override
    public Iterator<Tuple2<DocumentKey, byte[]>> call(Integer number) throws IOException {
      TextPieces pieces = encoding.open(splits.get(number), hadoop.value().value());
      TaskCompletionListener close =
          context -> {
            try {
              pieces.close();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      TaskContext.get().addTaskCompletionListener(close);
      return new Encoded(pieces, encoding.encoder(), seed, number);
    }
  }

  /** Encodes when it is asked, so that no split has to be in memory. */
  private static final class Encoded implements Iterator<Tuple2<DocumentKey, byte[]>> {
    private final TextPieces pieces;
    private final PieceEncoder encoder;
    private final int width;
    private final long seed;
    private final int split;
    private long index;
    private String document;
    private boolean ended;

    Encoded(TextPieces pieces, PieceEncoder encoder, long seed, int split) throws IOException {
      this.pieces = pieces;
      this.encoder = encoder;
      this.width = TokenShard.width(encoder.vocabularySize());
      this.seed = seed;
      this.split = split;
      this.document = pieces.next();
    }

    @Override
    public boolean hasNext() {
      return !ended;
    }

    @Override
    public Tuple2<DocumentKey, byte[]> next() {
      if (ended) {
        throw new NoSuchElementException();
      }
      long order = Seeds.mix(seed, split, index);
      if (document.isEmpty()) {
        ended = true;
        return new Tuple2<>(new DocumentKey(order, -1L - split), counts());
      }
      Tuple2<DocumentKey, byte[]> next =
          new Tuple2<>(
              new DocumentKey(order, (long) split << Integer.SIZE | index), bytes(document));
      index++;
      try {
        document = pieces.next();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return next;
    }

    private byte[] bytes(String text) {
      int[] ids = encoder.encode(text);
      ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(ids.length, width));
      for (int id : ids) {
        if (width == Character.BYTES) {
          bytes.putChar((char) id);
        } else {
          bytes.putInt(id);
        }
      }
      return bytes.array();
    }

    private byte[] counts() {
      long[] counts =
          new TextCounts(
                  pieces.malformedParts(),
                  encoder.unknown(),
                  0,
                  encoder.documents(),
                  pieces.blankDocuments(),
                  pieces.longLines(),
                  pieces.bombs())
              .toArray();
      ByteBuffer bytes = ByteBuffer.allocate(counts.length * Long.BYTES);
      bytes.asLongBuffer().put(counts);
      return bytes.array();
    }
  }

  /** Writes the documents of one part, in the order in which they come. */
  private static final class WriteShards
      implements Function2<Integer, Iterator<Tuple2<DocumentKey, byte[]>>, Iterator<EncodedSplit>> {
    private static final long serialVersionUID = 1L;
    private final PieceEncoder.Encoding encoding;
    private final String folder;
    private final Broadcast<SerializableConfiguration> hadoop;

    WriteShards(
        PieceEncoder.Encoding encoding,
        String folder,
        Broadcast<SerializableConfiguration> hadoop) {
      this.encoding = encoding;
      this.folder = folder;
      this.hadoop = hadoop;
    }

    @Override
    public Iterator<EncodedSplit> call(
        Integer part, Iterator<Tuple2<DocumentKey, byte[]>> documents) throws IOException {
      Configuration configuration = hadoop.value().value();
      int vocabularySize = encoding.encoder().vocabularySize();
      boolean narrow = TokenShard.width(vocabularySize) == Character.BYTES;
      ShardWriter shards = new ShardWriter(part, folder, vocabularySize, configuration);
      TextCounts counts = TextCounts.ZERO;
      while (documents.hasNext()) {
        Tuple2<DocumentKey, byte[]> next = documents.next();
        ByteBuffer bytes = ByteBuffer.wrap(next._2());
        if (next._1().place() < 0) {
          long[] some = new long[bytes.remaining() / Long.BYTES];
          bytes.asLongBuffer().get(some);
          counts = counts.plus(TextCounts.of(some));
          continue;
        }
        int[] ids = new int[bytes.remaining() / (narrow ? Character.BYTES : Integer.BYTES)];
        for (int i = 0; i < ids.length; i++) {
          ids[i] = narrow ? bytes.getChar() : bytes.getInt();
        }
        shards.add(ids);
      }
      return List.of(new EncodedSplit(shards.finish(), counts)).iterator();
    }
  }
}
