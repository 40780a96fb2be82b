package org.wordmill.trainer;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import org.wordmill.trainer.DirectSecret.End;

/**
 * A connection between two processes of one team, each of which has proved that it belongs to it.
 *
 * <pre>{@code
 * caller                                  answerer
 *   magic (8), nonce (16)            -->
 *                                    <--    magic (8), nonce (16), proof (32)
 *   proof (32)                       -->
 *   messages                         <->    messages
 *
 * message: length of the payload, int     type, byte     payload     raw bytes, as both ends know
 * }</pre>
 *
 * The magic holds the version and the byte order of raw bytes. Any thread may send, one receives.
 * All faults are {@link IOException}s, after which the connection is of no use.
 */
final class DirectLink implements Closeable {
  private static final long VERSION = 2;
  private static final long MAGIC =
      0x57_4d_44_49_52_00_00_00L
          | (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 0x100 : 0)
          | VERSION;

  /** How long the other end may take for each part of the handshake. */
  static final int HANDSHAKE_MILLIS = 10_000;

  /** Bytes of a payload at most; raw bytes are not payload. */
  private static final int LONGEST = 1 << 20;

  private static final int HEADER = Integer.BYTES + 1;
  private static final int PIECE = 1 << 18;

  private final SocketChannel channel;
  private final DataInputStream in;
  private boolean timed;

  /** What a message carries. */
  @FunctionalInterface
  interface Payload {
    void write(DataOutputStream out) throws IOException;
  }

  /** A message without what raw bytes may follow. */
  record Message(DirectMessage type, DataInputStream payload) {}

  private DirectLink(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    // The stream of a channel's socket, unlike the channel, gives up after a time.
    InputStream stream = channel.socket().getInputStream();
    this.in = new DataInputStream(stream);
    giveUpAfter(HANDSHAKE_MILLIS);
  }

  /** Connects, and proves and checks the secret; there is no time limit afterwards. */
  static DirectLink call(InetSocketAddress address, DirectSecret secret) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.socket().connect(address, HANDSHAKE_MILLIS);
      DirectLink link = new DirectLink(channel);
      byte[] nonce = DirectSecret.nonce();
      link.write(ByteBuffer.allocate(Long.BYTES + nonce.length).putLong(MAGIC).put(nonce).flip());
      byte[] theirs = link.nonceAfterMagic();
      link.requireProof(secret.proof(End.ANSWERER, nonce, theirs));
      link.write(ByteBuffer.wrap(secret.proof(End.CALLER, nonce, theirs)));
      link.giveUpAfter(0);
      return link;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * The other end of {@link #call}; the limit of the handshake's time stays for the first message.
   */
  static DirectLink answer(SocketChannel channel, DirectSecret secret) throws IOException {
    DirectLink link = new DirectLink(channel);
    byte[] theirs = link.nonceAfterMagic();
    byte[] nonce = DirectSecret.nonce();
    link.write(
        ByteBuffer.allocate(Long.BYTES + nonce.length + DirectSecret.PROOF)
            .putLong(MAGIC)
            .put(nonce)
            .put(secret.proof(End.ANSWERER, theirs, nonce))
            .flip());
    link.requireProof(secret.proof(End.CALLER, theirs, nonce));
    return link;
  }

  private byte[] nonceAfterMagic() throws IOException {
    long magic = DirectBytes.in(bytes(Long.BYTES)).readLong();
    if (magic != MAGIC) {
      throw new IOException("it does not speak this protocol, or another version of it");
    }
    return bytes(DirectSecret.NONCE);
  }

  private void requireProof(byte[] expected) throws IOException {
    if (!MessageDigest.isEqual(bytes(DirectSecret.PROOF), expected)) {
      throw new IOException("it does not know the secret of this training");
    }
  }

  /**
   * Limits the time that the other end may be silent while something is received.
   *
   * @param milliseconds 0 for no limit
   */
  void giveUpAfter(int milliseconds) throws IOException {
    channel.socket().setSoTimeout(milliseconds);
    timed = milliseconds > 0;
  }

  /** Sends a message, and the raw bytes that belong to it. */
  void send(DirectMessage type, Payload payload, ByteBuffer... raw) throws IOException {
    DirectBytes bytes = new DirectBytes(HEADER);
    payload.write(bytes.out());
    ByteBuffer message = bytes.toBuffer();
    int length = message.remaining() - HEADER;
    if (length > LONGEST) {
      throw new IllegalArgumentException("a message of " + length + " bytes");
    }
    message.putInt(0, length).put(Integer.BYTES, (byte) type.ordinal());
    synchronized (channel) {
      write(message);
      for (ByteBuffer buffer : raw) {
        write(buffer);
      }
    }
  }

  /** Sends raw bytes that belong to the last message, which nobody else may have followed. */
  void sendRaw(ByteBuffer raw) throws IOException {
    synchronized (channel) {
      write(raw);
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Waits for the next message. */
  Message receive() throws IOException {
    DataInputStream header = DirectBytes.in(bytes(HEADER));
    int length = header.readInt();
    int type = header.readUnsignedByte();
    if (length < 0 || length > LONGEST || type >= DirectMessage.values().length) {
      throw new IOException("a message of type " + type + " with " + length + " bytes");
    }
    return new Message(DirectMessage.values()[type], DirectBytes.in(bytes(length)));
  }

  private byte[] bytes(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the other end has closed the connection");
    }
    return bytes;
  }

  /** Waits for the next message, which must be of one type. */
  DataInputStream receive(DirectMessage expected) throws IOException {
    Message message = receive();
    if (message.type() != expected) {
      throw new IOException("a message " + message.type() + " instead of " + expected);
    }
    return message.payload();
  }

  /** Fills {@code raw} with what follows the last message. */
  void receiveRaw(ByteBuffer raw) throws IOException {
    if (timed) {
      byte[] piece = new byte[Math.min(PIECE, raw.remaining())];
      while (raw.hasRemaining()) {
        int length = Math.min(piece.length, raw.remaining());
        in.readFully(piece, 0, length);
        raw.put(piece, 0, length);
      }
      return;
    }
    while (raw.hasRemaining()) {
      if (channel.read(raw) < 0) {
        throw new EOFException("the connection ended within a vector");
      }
    }
  }

  /** The other end's address, for messages. */
  String remote() {
    return String.valueOf(channel.socket().getRemoteSocketAddress());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
