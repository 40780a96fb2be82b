package org.wordmill.trainer;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * The listening socket of one process of a team. Who connects is let in when it proves that it
 * knows the secret, says {@link DirectMessage#HELLO}, and is expected; everybody else is shown out,
 * with a notice.
 */
final class DirectDoor implements Closeable {
  /** Strangers may keep so many threads busy, for as long as a handshake takes. */
  private static final int AT_ONCE = 64;

  private final ServerSocketChannel socket;
  private final DirectSecret secret;
  private final Guests guests;
  private final Consumer<String> notices;
  private final Semaphore room = new Semaphore(AT_ONCE);

  /** Who is expected. */
  @FunctionalInterface
  interface Guests {
    /**
     * Takes a connection over. On a thread of the connection's own.
     *
     * @throws IOException when it is not expected
     */
    void welcome(DirectLink link, DataInputStream hello) throws IOException;
  }

  /**
   * Opens a door on a free port.
   *
   * @param host an address of this machine
   */
  DirectDoor(String host, DirectSecret secret, Guests guests, Consumer<String> notices)
      throws IOException {
    this.secret = secret;
    this.guests = guests;
    this.notices = notices;
    this.socket = ServerSocketChannel.open();
    try {
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw new IOException("cannot listen at " + host + ": " + e.getMessage(), e);
    }
    daemon(this::keep, "wordmill-door").start();
  }

  /** Where this door is. */
  int port() {
    return socket.socket().getLocalPort();
  }

  static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  private void keep() {
    try {
      while (true) {
        SocketChannel channel = socket.accept();
        room.acquire();
        daemon(
                () -> {
                  try {
                    answer(channel);
                  } finally {
                    room.release();
                  }
                },
                "wordmill-handshake")
            .start();
      }
    } catch (ClosedChannelException closed) {
      return;
    } catch (IOException e) {
      notices.accept("nobody is let in any more: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(SocketChannel channel) {
    String stranger = String.valueOf(channel.socket().getRemoteSocketAddress());
    try {
      DirectLink link = DirectLink.answer(channel, secret);
      DataInputStream hello = link.receive(DirectMessage.HELLO);
      link.giveUpAfter(0);
      guests.welcome(link, hello);
    } catch (IOException | RuntimeException e) {
      notices.accept("a connection from " + stranger + " is dropped: " + e.getMessage());
      close(channel);
    }
  }

  /** Nothing follows from it when a connection that is given up cannot be closed. */
  static void close(Closeable channel) {
    try {
      channel.close();
    } catch (IOException ignored) {
      // It is as good as closed.
    }
  }

  @Override
  public void close() {
    close(socket);
  }
}
