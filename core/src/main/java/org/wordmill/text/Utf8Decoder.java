package org.wordmill.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/** The decoder of tokens that are bytes of UTF-8; malformed parts become U+FFFD. */
final class Utf8Decoder implements Decoder {
  /** The bytes of a character that has begun and may yet end; at most three. */
  private byte[] begun = new byte[0];

  private final IntFunction<byte[]> bytes;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);

  /**
   * @param bytes of each token
   */
  Utf8Decoder(IntFunction<byte[]> bytes) {
    this.bytes = bytes;
  }

  @Override
  public String next(int token) {
    return decode(bytes.apply(token), false);
  }

  @Override
  public String end() {
    return decode(new byte[0], true);
  }

  private String decode(byte[] more, boolean last) {
    ByteBuffer in = ByteBuffer.allocate(begun.length + more.length).put(begun).put(more).flip();
    // Each byte gives one character at most.
    CharBuffer out = CharBuffer.allocate(in.remaining());
    decoder.reset();
    decoder.decode(in, out, last);
    begun = new byte[in.remaining()];
    in.get(begun);
    return out.flip().toString();
  }
}
