package org.wordmill.trainer;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the processes of one team have in common and nobody else knows. It reaches them with their
 * tasks, by Spark's own connections, and never travels on ours: there each end proves that it knows
 * it, by an HMAC-SHA256 of numbers that both have drawn for this connection.
 */
final class DirectSecret implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String MAC = "HmacSHA256";

  /** Bytes of a {@link #proof}. */
  static final int PROOF = 32;

  /** Bytes of a {@link #nonce}. */
  static final int NONCE = 16;

  /** The two ends of a connection; without them an end could be shown its own proof. */
  enum End {
    CALLER,
    ANSWERER
  }

  private final byte[] key;

  private DirectSecret(byte[] key) {
    this.key = key;
  }

  static DirectSecret random() {
    return new DirectSecret(drawn(PROOF));
  }

  /** A number used once. */
  static byte[] nonce() {
    return drawn(NONCE);
  }

  /** A secret has to come from chance, not from a run's seed. */
  private static byte[] drawn(int bytes) {
    byte[] drawn = new byte[bytes];
    new SecureRandom().nextBytes(drawn);
    return drawn;
  }

  /** That one end knows the secret, for the connection of these two nonces alone. */
  byte[] proof(End end, byte[] callers, byte[] answerers) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(key, MAC));
      mac.update(
          ByteBuffer.allocate(1 + 2 * NONCE)
              .put((byte) end.ordinal())
              .put(callers)
              .put(answerers)
              .array());
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + MAC, e);
    }
  }
}
