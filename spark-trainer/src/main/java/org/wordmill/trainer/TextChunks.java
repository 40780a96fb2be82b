package org.wordmill.trainer;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.tukaani.xz.XZInputStream;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.Compression;
import org.wordmill.text.DecompressedStream;
import org.wordmill.text.LineReader;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.TextPolicy.LongLines;

/**
 * The text of one split, in pieces that end at line ends (the last one at the end of the split), so
 * that neither a character nor a word is ever cut. The bytes are UTF-8; what is not, the policy
 * decides. A byte order mark at the beginning of a file is left out. Where lines that are too long
 * are split, their parts have line ends of their own.
 *
 * <p>A split that does not begin its file begins after the first line end at or after the byte
 * before it, and goes on until its last line is complete.
 */
final class TextChunks implements TextPieces {
  /** More than files of the highest level need; KiB. */
  private static final int XZ_MEMORY = 256 << 10;

  private static final int BUFFER = 1 << 16;
  private static final int PIECE = 1 << 20;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final TextSplit split;
  private final TextPolicy policy;
  private final InputStream in;
  private byte[] buffer = new byte[2 * PIECE];
  private int filled;
  private long position;
  private boolean exhausted;
  private long malformedParts;
  private long longLines;

  /** Whether what is at the beginning goes on a line that was cut. */
  private boolean cut;

  private long pieceAt;

  /** Where in the last piece lines were dropped. */
  private final List<Integer> dropped = new ArrayList<>();

  TextChunks(TextSplit split, TextPolicy policy, Configuration configuration) throws IOException {
    this.split = split;
    this.policy = policy;
    Path path = new Path(split.path());
    FSDataInputStream stored = HadoopFiles.of(path, configuration).open(path);
    this.in = split.compressed() ? decompressed(split, stored, policy, configuration) : stored;
    if (split.start() == 0) {
      fill(PIECE);
      if (!split.compressed()) {
        requirePlain(split, Arrays.copyOf(buffer, Math.min(filled, Compression.BEGINNING)));
      }
      if (filled >= 3 && Arrays.equals(BYTE_ORDER_MARK, Arrays.copyOf(buffer, 3))) {
        drop(3);
      }
    } else {
      stored.seek(split.start() - 1);
      position = split.start() - 1;
      skipLine();
    }
  }

  /**
   * A file from its beginning to its end, decompressed.
   *
   * @throws IOException when the storage fails; reading may tell of a corrupt file by a fault
   */
  static InputStream whole(TextSplit file, TextPolicy policy, Configuration configuration)
      throws IOException {
    Path path = new Path(file.path());
    FSDataInputStream stored = HadoopFiles.of(path, configuration).open(path);
    if (file.compressed()) {
      return decompressed(file, stored, policy, configuration);
    }
    requirePlain(file, stored.readNBytes(Compression.BEGINNING));
    stored.seek(0);
    return stored;
  }

  /** Refuses a compressed file whose name says that it is text. */
  private static void requirePlain(TextSplit file, byte[] beginning) {
    Optional<Compression> compression = Compression.ofBytes(beginning);
    if (compression.isPresent()) {
      throw compression.get().disguised(file.path());
    }
  }

  /** The content of a compressed file. */
  static DecompressedStream decompressed(
      TextSplit split, InputStream stored, TextPolicy policy, Configuration configuration) {
    return new DecompressedStream(
        stored, in -> codec(new Path(split.path()), in, configuration), split.path(), policy);
  }

  private static InputStream codec(Path path, InputStream stored, Configuration configuration)
      throws IOException {
    // Hadoop's codec of the first needs its native library, there is none of the second, and that
    // of the third takes a file without its end for whole.
    if (path.getName().endsWith(Compression.ZSTANDARD.suffix())) {
      return new ZstdInputStream(stored);
    }
    if (path.getName().endsWith(Compression.XZ.suffix())) {
      return new XZInputStream(stored, XZ_MEMORY);
    }
    if (path.getName().endsWith(Compression.BZIP2.suffix())) {
      return new BZip2CompressorInputStream(new BufferedInputStream(stored, BUFFER), true);
    }
    CompressionCodec codec = new CompressionCodecFactory(configuration).getCodec(path);
    return codec == null ? stored : codec.createInputStream(stored);
  }

  @Override
  public String next() throws IOException {
    long end = split.compressed() ? Long.MAX_VALUE : split.start() + split.length();
    String text = "";
    while (text.isEmpty() && (position < end || cut) && !(exhausted && filled == 0)) {
      text = piece(end);
    }
    return text;
  }

  private String piece(long end) throws IOException {
    int wanted = (int) Math.max(0, Math.min(PIECE, end - position));
    boolean cutBefore = cut;
    cut = false;
    int length;
    while ((length = endOfLine(wanted)) < 0 && !exhausted) {
      if (filled - beginOfLine(wanted) > policy.maxLineBytes()) {
        break;
      }
      fill(filled + PIECE);
    }
    int taken = length < 0 ? filled : length;
    int begin = beginOfLine(wanted);
    boolean isLong = endOfText(taken) - begin > policy.maxLineBytes();
    if (isLong) {
      longLines += begin == 0 && cutBefore ? 0 : 1;
      taken = meetLongLine(begin);
    }
    pieceAt = position;
    dropped.clear();
    String text = decode(taken);
    drop(taken);
    if (isLong && policy.longLines() == LongLines.DROP) {
      skipLine();
    }
    boolean open = cut && !text.isEmpty() && !text.endsWith("\n");
    return open ? text + "\n" : text;
  }

  /** How much of the text is taken where its last line, which begins there, is too long. */
  private int meetLongLine(int begin) {
    return switch (policy.longLines()) {
      case ERROR ->
          throw new WordmillException(
              ExitCode.BAD_INPUT,
              "a line is longer than " + policy.maxLineBytes() + " bytes",
              split.path() + " at byte " + (position + begin),
              "cut it into shorter lines, or choose to split or drop long lines");
      case SPLIT -> {
        cut = true;
        yield LineReader.cut(buffer, begin, policy.maxLineBytes());
      }
      case DROP -> begin;
    };
  }

  /** Where the line begins that has the byte before {@code wanted}. */
  private int beginOfLine(int wanted) {
    for (int i = Math.min(wanted, filled) - 1; i > 0; i--) {
      if (buffer[i - 1] == '\n') {
        return i;
      }
    }
    return 0;
  }

  /** The end of a line without its line feed. */
  private int endOfText(int end) {
    return end > 0 && buffer[end - 1] == '\n' ? end - 1 : end;
  }

  /** The end of the first line that ends at or after {@code wanted} bytes, or -1. */
  private int endOfLine(int wanted) {
    for (int i = Math.max(0, wanted - 1); i < filled; i++) {
      if (buffer[i] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private void skipLine() throws IOException {
    while (true) {
      int end = endOfLine(0);
      if (end >= 0) {
        drop(end);
        return;
      }
      drop(filled);
      if (exhausted) {
        return;
      }
      fill(PIECE);
    }
  }

  private void fill(int target) throws IOException {
    if (target > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(target, buffer.length + buffer.length / 2));
    }
    int read = in.readNBytes(buffer, filled, target - filled);
    exhausted = read < target - filled;
    filled += read;
  }

  private void drop(int bytes) {
    System.arraycopy(buffer, bytes, buffer, 0, filled - bytes);
    filled -= bytes;
    position += bytes;
  }

  private String decode(int length) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer text = CharBuffer.allocate(length + 1);
    ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
    while (true) {
      CoderResult result = decoder.decode(bytes, text, true);
      if (!result.isError()) {
        return text.flip().toString();
      }
      malformedParts++;
      switch (policy.malformed()) {
        case STRICT ->
            throw new WordmillException(
                ExitCode.BAD_INPUT,
                "found bytes that are not UTF-8",
                split.path() + " at byte " + (position + bytes.position()),
                "convert the text to UTF-8, or choose to replace or drop what is malformed");
        case REPLACE -> {
          bytes.position(bytes.position() + result.length());
          text.put('\uFFFD');
        }
        case DROP_LINE -> dropLine(bytes, text, length);
      }
      decoder.reset();
    }
  }

  /** Takes back what the current line has given, and moves behind its end. */
  private void dropLine(ByteBuffer bytes, CharBuffer text, int length) {
    int begin = text.position();
    while (begin > 0 && text.get(begin - 1) != '\n') {
      begin--;
    }
    text.position(begin);
    dropped.add(begin);
    int end = bytes.position();
    while (end < length && buffer[end] != '\n') {
      end++;
    }
    bytes.position(Math.min(length, end + 1));
  }

  /** The byte of the file, decompressed, at which the last piece begins. */
  long pieceAt() {
    return pieceAt;
  }

  /** How many lines were dropped from the last piece before one of its characters. */
  long droppedBefore(int character) {
    return dropped.stream().filter(at -> at <= character).count();
  }

  @Override
  public long malformedParts() {
    return malformedParts;
  }

  @Override
  public long longLines() {
    return longLines;
  }

  /** How many of the file's bombs were met: one, or none. */
  @Override
  public long bombs() {
    return in instanceof DecompressedStream file ? file.report().decompressionBombs().size() : 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
