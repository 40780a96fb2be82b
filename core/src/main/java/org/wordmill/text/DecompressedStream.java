package org.wordmill.text;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy.Bombs;

/**
 * The content of a compressed file while it is read, which tells three faults apart: of the
 * storage, an {@link IOException} as it comes; of the file, which is truncated or corrupt; and of a
 * decompression bomb, which grows to more than {@value #RATIO} times its size. The last is seen as
 * soon as it happens, by the bytes that went in and came out so far.
 */
public final class DecompressedStream extends InputStream {
  private static final long RATIO = 1000;

  /** Less than this much text is no bomb, whatever it comes from. */
  private static final long HARMLESS = 1 << 20;

  private final String file;
  private final Bombs bombs;
  private final Stored stored;
  private final Codec codec;
  private @Nullable InputStream text;
  private final byte[] one = new byte[1];
  private long length;
  private boolean bomb;
  private @Nullable String fault;

  /** Decompresses. */
  @FunctionalInterface
  public interface Codec {
    InputStream open(InputStream stored) throws IOException;
  }

  /**
   * @param stored the file; closed by this stream
   * @param codec its stream closes the one it is given
   * @param file the name for messages
   */
  public DecompressedStream(InputStream stored, Codec codec, String file, TextPolicy policy) {
    this.file = file;
    this.bombs = policy.bombs();
    this.stored = new Stored(stored);
    this.codec = codec;
  }

  @Override
  public int read() throws IOException {
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  /**
   * @throws IOException when the storage fails
   * @throws WordmillException BAD_INPUT when the file is truncated or corrupt, or a bomb that the
   *     policy refuses
   */
  @Override
  public int read(byte[] bytes, int offset, int count) throws IOException {
    int read;
    try {
      if (text == null) {
        text = codec.open(stored);
      }
      read = text.read(bytes, offset, count);
    } catch (IOException | RuntimeException e) {
      if (stored.failure != null) {
        throw stored.failure;
      }
      // Decompressors meet corrupt data with all kinds of exceptions, index errors too.
      fault =
          e instanceof EOFException
              ? "the compressed file ends too early"
              : "the compressed file is corrupt: " + e.getMessage();
      throw new WordmillException(
          ExitCode.BAD_INPUT, fault, file, "fetch it again or leave it out", e);
    }
    length += Math.max(0, read);
    if (length > HARMLESS && length / RATIO >= Math.max(1, stored.length) && !bomb) {
      meetBomb();
    }
    return read;
  }

  private void meetBomb() {
    bomb = true;
    if (bombs == Bombs.ABORT) {
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          String.format(
              Locale.ROOT,
              "the first %,d bytes of this compressed file are %,d bytes of text, more than %d times"
                  + " as many",
              stored.length,
              length,
              RATIO),
          file,
          "leave it out, or choose to be warned of decompression bombs only");
    }
  }

  /**
   * Reads what is left, and tells what is wrong with the file, if it is truncated or corrupt.
   *
   * @throws IOException when the storage fails
   * @throws WordmillException BAD_INPUT for a bomb that the policy refuses
   */
  public Optional<String> verify() throws IOException {
    byte[] buffer = new byte[1 << 16];
    try {
      while (read(buffer, 0, buffer.length) >= 0) {
        // Nothing is kept.
      }
    } catch (WordmillException e) {
      if (fault == null) {
        throw e;
      }
    }
    return Optional.ofNullable(fault);
  }

  /** What was met so far: a decompression bomb, or nothing. */
  public TextReport report() {
    return bomb ? TextReport.ofBomb(file) : TextReport.EMPTY;
  }

  @Override
  public void close() throws IOException {
    if (text == null) {
      stored.close();
    } else {
      text.close();
    }
  }

  /** The file as it is stored: how much of it was read, and whether that failed. */
  private static final class Stored extends FilterInputStream {
    private long length;
    private @Nullable IOException failure;

    Stored(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      try {
        int read = super.read();
        length += read < 0 ? 0 : 1;
        return read;
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      try {
        int read = super.read(bytes, offset, count);
        length += Math.max(0, read);
        return read;
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }
}
