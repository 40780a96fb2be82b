package org.wordmill.counter;

import com.github.luben.zstd.ZstdInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CodecPool;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.io.compress.Decompressor;
import org.jspecify.annotations.Nullable;

/**
 * Which files are compressed, by the end of their names, and how they are read: {@code .zst} by the
 * library that Spark ships, since Hadoop's codec needs Hadoop's native library; everything else
 * ({@code .gz}, {@code .bz2}, {@code .deflate} ...) by Hadoop's codecs.
 */
final class CompressedText {
  private static final String ZSTANDARD = ".zst";

  private final CompressionCodecFactory codecs;

  CompressedText(Configuration configuration) {
    this.codecs = new CompressionCodecFactory(configuration);
  }

  boolean isCompressed(Path path) {
    return path.getName().endsWith(ZSTANDARD) || codecs.getCodec(path) != null;
  }

  /** The decompressed bytes; closing this closes {@code in}. */
  InputStream open(Path path, InputStream in) throws IOException {
    if (path.getName().endsWith(ZSTANDARD)) {
      return new ZstdInputStream(in);
    }
    CompressionCodec codec = codecs.getCodec(path);
    return codec == null ? in : new PooledStream(codec, in);
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
