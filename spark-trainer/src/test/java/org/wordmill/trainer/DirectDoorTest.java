package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is let in, and who is shown out. */
class DirectDoorTest {
  private static final String HOST = "127.0.0.1";
  private static final int SECONDS = 20;

  private final DirectSecret secret = DirectSecret.random();
  private final BlockingQueue<DirectLink> guests = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> notices = new LinkedBlockingQueue<>();
  private DirectDoor door;

  @BeforeEach
  void open() throws IOException {
    door =
        new DirectDoor(
            HOST,
            secret,
            (link, hello) -> {
              if (hello.readInt() != 7) {
                throw new IOException("only number 7 is expected");
              }
              guests.add(link);
            },
            notices::add);
  }

  @AfterEach
  void close() {
    door.close();
  }

  private InetSocketAddress address() {
    return new InetSocketAddress(HOST, door.port());
  }

  private Socket stranger() throws IOException {
    return new Socket(InetAddress.getByName(HOST), door.port());
  }

  private String notice() throws InterruptedException {
    return String.valueOf(notices.poll(SECONDS, TimeUnit.SECONDS));
  }

  private DirectLink guest() throws InterruptedException {
    DirectLink guest = guests.poll(SECONDS, TimeUnit.SECONDS);
    assertThat(guest).isNotNull();
    return guest;
  }

  private DirectLink call(int number) throws IOException {
    DirectLink link = DirectLink.call(address(), secret);
    link.send(DirectMessage.HELLO, hello -> hello.writeInt(number));
    return link;
  }

  @Test
  void whoKnowsTheSecretIsLetInAndHeard() throws IOException, InterruptedException {
    try (DirectLink mine = call(7);
        DirectLink theirs = guest()) {
      ByteBuffer sent = ByteBuffer.allocateDirect(3_000_001);
      new SplittableRandom(1).ints(3_000_001).forEach(i -> sent.put((byte) i));
      Thread sender =
          DirectDoor.daemon(
              () -> {
                try {
                  mine.send(
                      DirectMessage.REDUCE,
                      out -> out.writeLong(42),
                      sent.flip(),
                      sent.duplicate());
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              },
              "sender");
      sender.start();
      assertThat(theirs.receive(DirectMessage.REDUCE).readLong()).isEqualTo(42);
      for (int limit : new int[] {0, 5_000}) {
        theirs.giveUpAfter(limit);
        ByteBuffer received = ByteBuffer.allocateDirect(3_000_001);
        theirs.receiveRaw(received);
        assertThat(received.flip()).isEqualTo(sent.duplicate().flip());
      }
      sender.join();
    }
    assertThat(notices).isEmpty();
  }

  @Test
  void whoDoesNotKnowTheSecretIsDropped() throws IOException, InterruptedException {
    assertThatThrownBy(() -> DirectLink.call(address(), DirectSecret.random()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not know the secret");
    assertThat(notice()).contains("a connection from /127.0.0.1:").contains("is dropped");
    assertThat(guests).isEmpty();
  }

  @Test
  void whoShowsTheProofOfAnotherConnectionIsDropped() throws IOException, InterruptedException {
    byte[] nonce = DirectSecret.nonce();
    byte[] overheard = secret.proof(DirectSecret.End.CALLER, nonce, DirectSecret.nonce());
    try (Socket stranger = stranger();
        ServerSocketChannel magicSource = ServerSocketChannel.open()) {
      magicSource.bind(new InetSocketAddress(HOST, 0));
      byte[] magic = magic(magicSource);
      OutputStream out = stranger.getOutputStream();
      out.write(magic);
      out.write(nonce);
      DataInputStream in = new DataInputStream(stranger.getInputStream());
      in.readFully(new byte[8 + DirectSecret.NONCE + DirectSecret.PROOF]);
      out.write(overheard);
      assertThat(notice()).contains("does not know the secret");
    }
    assertThat(guests).isEmpty();
  }

  /** What a caller says first. */
  private static byte[] magic(ServerSocketChannel listener) throws IOException {
    InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
    Thread caller =
        DirectDoor.daemon(
            () -> {
              try {
                DirectLink.call(address, DirectSecret.random());
              } catch (IOException e) {
                // Nobody answers.
              }
            },
            "caller");
    caller.start();
    try (Socket answered = listener.socket().accept()) {
      return answered.getInputStream().readNBytes(8);
    }
  }

  @Test
  void whatSpeaksAnotherProtocolIsDroppedAtOnce() throws IOException, InterruptedException {
    try (Socket stranger = stranger()) {
      stranger
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(notice()).contains("does not speak this protocol");
      stranger.setSoTimeout(SECONDS * 1000);
      assertThat(endsSoon(stranger)).isTrue();
    }
  }

  private static boolean endsSoon(Socket stranger) {
    try {
      return stranger.getInputStream().read() < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void whoIsNotExpectedIsDropped() throws IOException, InterruptedException {
    try (DirectLink other = call(8)) {
      assertThat(notice()).contains("only number 7 is expected");
      assertThatThrownBy(other::receive).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aStrangerWhoSaysNothingKeepsNobodyWaiting() throws IOException, InterruptedException {
    try (Socket silent = stranger();
        DirectLink mine = call(7);
        DirectLink theirs = guest()) {
      assertThat(silent.isConnected()).isTrue();
      theirs.send(DirectMessage.DONE, nothing -> {});
      assertThat(mine.receive().type()).isEqualTo(DirectMessage.DONE);
    }
  }

  @Test
  void lengthsAreChecked() throws IOException, InterruptedException {
    try (DirectLink mine = call(7);
        DirectLink theirs = guest()) {
      mine.sendRaw(ByteBuffer.wrap(new byte[] {0x7f, 0, 0, 0, 1}));
      assertThatThrownBy(theirs::receive).hasMessageContaining("2130706432 bytes");
    }
  }

  @Test
  void whoIsSilentForTooLongIsGivenUp() throws IOException, InterruptedException {
    try (DirectLink mine = call(7);
        DirectLink theirs = guest()) {
      theirs.giveUpAfter(50);
      assertThatThrownBy(theirs::receive).isInstanceOf(IOException.class);
      assertThat(mine.remote()).contains("127.0.0.1");
    }
  }
}
