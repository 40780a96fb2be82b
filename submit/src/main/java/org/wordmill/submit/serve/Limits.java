package org.wordmill.submit.serve;

import java.time.Duration;

/**
 * How much a server takes on.
 *
 * @param waiting requests that may wait for a model, besides the one that it works for
 * @param time of a request, waiting included
 * @param maxTokens the most tokens of a completion
 * @param maxBodyBytes the largest request
 */
public record Limits(int waiting, Duration time, int maxTokens, int maxBodyBytes) {
  /** The largest request by default: 256 KiB. */
  public static final int BODY_BYTES = 256 << 10;

  public Limits {
    if (waiting < 1 || time.isZero() || time.isNegative() || maxTokens < 1 || maxBodyBytes < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: %d waiting, %s, %d tokens, %d bytes"
              .formatted(waiting, time, maxTokens, maxBodyBytes));
    }
  }
}
