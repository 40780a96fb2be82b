package org.wordmill.counter;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Optional;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CodecPool;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.io.compress.Decompressor;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;
import org.wordmill.error.WordmillException;
import org.wordmill.text.Compression;
import org.wordmill.text.DecompressedStream;
import org.wordmill.text.TextPolicy;

/**
 * Which files are compressed, by the end of their names, and how they are read: {@code .zst},
 * {@code .xz} and {@code .bz2} by libraries that Spark ships, since Hadoop's codec of the first
 * needs Hadoop's native library, there is none of the second, and that of the third takes a file
 * without its end for whole; everything else ({@code .gz}, {@code .deflate} ...) by Hadoop's
 * codecs. A file whose name tells of no compression and whose first bytes do is refused.
 */
final class CompressedText {
  /** More than files of the highest level need; KiB. */
  private static final int XZ_MEMORY = 256 << 10;

  private static final int BUFFER = 1 << 16;

  private final CompressionCodecFactory codecs;

  CompressedText(Configuration configuration) {
    this.codecs = new CompressionCodecFactory(configuration);
  }

  boolean isCompressed(Path path) {
    return Compression.ofName(path.getName()).isPresent() || codecs.getCodec(path) != null;
  }

  /** The decompressed bytes; closing this closes {@code in}. */
  DecompressedStream open(Path path, InputStream in, TextPolicy policy) {
    return new DecompressedStream(in, stored -> codec(path, stored), path.toString(), policy);
  }

  private InputStream codec(Path path, InputStream in) throws IOException {
    if (path.getName().endsWith(Compression.ZSTANDARD.suffix())) {
      return new ZstdInputStream(in);
    }
    if (path.getName().endsWith(Compression.XZ.suffix())) {
      return new XZInputStream(in, XZ_MEMORY);
    }
    if (path.getName().endsWith(Compression.BZIP2.suffix())) {
      return new BZip2CompressorInputStream(new BufferedInputStream(in, BUFFER), true);
    }
    CompressionCodec codec = codecs.getCodec(path);
    return codec == null ? in : new PooledStream(codec, in);
  }

  /**
   * A plain file from its beginning on.
   *
   * @throws WordmillException BAD_INPUT when its first bytes are those of a compressed file
   */
  static InputStream plain(Path path, InputStream in) throws IOException {
    byte[] beginning = in.readNBytes(Compression.BEGINNING);
    Optional<Compression> compression = Compression.ofBytes(beginning);
    if (compression.isPresent()) {
      throw compression.get().disguised(path.toString());
    }
    PushbackInputStream all = new PushbackInputStream(in, Compression.BEGINNING);
    all.unread(beginning);
    return all;
  }

  /** A codec's stream that gives its decompressor back when closed. */
  private static final class PooledStream extends FilterInputStream {
    private @Nullable Decompressor decompressor;

    PooledStream(CompressionCodec codec, InputStream in) throws IOException {
      this(codec, in, CodecPool.getDecompressor(codec));
    }

    private PooledStream(
        CompressionCodec codec, InputStream in, @Nullable Decompressor decompressor)
        throws IOException {
      super(
          decompressor == null
              ? codec.createInputStream(in)
              : codec.createInputStream(in, decompressor));
      this.decompressor = decompressor;
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } finally {
        if (decompressor != null) {
          CodecPool.returnDecompressor(decompressor);
          decompressor = null;
        }
      }
    }
  }
}
