package org.wordmill.submit.serve;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Set;

/**
 * The names by which clients may call a server on the loopback interface. A page elsewhere can let
 * its own name point to 127.0.0.1 (DNS rebinding) and would be of the same origin as the server,
 * but it cannot change the name that the browser sends.
 */
final class HostNames {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final boolean all;
  private final String bound;

  /**
   * @param host as the user gave it
   * @param address where the server listens
   */
  HostNames(String host, InetSocketAddress address) {
    all = !address.getAddress().isLoopbackAddress();
    bound = host.toLowerCase(Locale.ROOT);
  }

  /** Whether a {@code Host} header, with its port or without, is one of ours. */
  boolean allows(String header) {
    String name = header.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "");
    return all || LOOPBACK.contains(name) || name.equals(bound) || name.equals("[" + bound + "]");
  }
}
