package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SparseBlockTest {
  private static final String HOST = "127.0.0.1";
  private static final int SIZE = 1000;

  private final BlockingQueue<DirectLink> guests = new LinkedBlockingQueue<>();
  private DirectDoor door;
  private DirectLink sender;
  private DirectLink receiver;

  @BeforeEach
  void connect() throws IOException, InterruptedException {
    DirectSecret secret = DirectSecret.random();
    door = new DirectDoor(HOST, secret, (link, hello) -> guests.add(link), notice -> {});
    sender = DirectLink.call(new InetSocketAddress(HOST, door.port()), secret);
    sender.send(DirectMessage.HELLO, hello -> {});
    DirectLink guest = guests.poll(20, TimeUnit.SECONDS);
    assertThat(guest).isNotNull();
    receiver = guest;
    receiver.giveUpAfter(5_000);
  }

  @AfterEach
  void disconnect() throws IOException {
    sender.close();
    receiver.close();
    door.close();
  }

  private static ByteBuffer block() {
    return ByteBuffer.allocateDirect(SIZE * Float.BYTES).order(ByteOrder.nativeOrder());
  }

  /** What arrives where other numbers were. */
  private ByteBuffer received() throws IOException {
    ByteBuffer received = block();
    while (received.hasRemaining()) {
      received.put((byte) 0x55);
    }
    received.rewind();
    SparseBlock.receive(receiver, received);
    return received.rewind();
  }

  @Test
  void blocksArriveAsTheyWereHoweverManyElementsTheyHave() throws IOException {
    for (int every : new int[] {1, 2, 3, 10, 999, 1001}) {
      ByteBuffer block = block();
      FloatBuffer floats = block.asFloatBuffer();
      for (int i = every - 1; i < SIZE; i += every) {
        floats.put(i, i % 7 == 0 ? -0f : i % 11 == 0 ? Float.NaN : 1f / i);
      }
      SparseBlock.send(sender, block.duplicate());
      assertThat(received()).as("every %d.", every).isEqualTo(block);
    }
  }

  @Test
  void theyTakeEightBytesForEachElementThatIsNotZero() throws IOException {
    ByteBuffer block = block();
    block.asFloatBuffer().put(7, 1f).put(700, -2f);
    SparseBlock.send(sender, block);
    ByteBuffer message = ByteBuffer.allocate(4 + 2 * 8).order(ByteOrder.nativeOrder());
    receiver.receiveRaw(message);
    assertThat(message.flip())
        .isEqualTo(
            ByteBuffer.allocate(4 + 2 * 8)
                .order(ByteOrder.nativeOrder())
                .putInt(2)
                .putInt(7)
                .putInt(700)
                .putFloat(1)
                .putFloat(-2)
                .flip());
    receiver.giveUpAfter(100);
    assertThatThrownBy(() -> receiver.receiveRaw(ByteBuffer.allocate(1)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void whatIsNoBlockIsRefused() throws IOException {
    assertRefused("a block of 1000 elements with 1001 of them", 1001);
    assertRefused("with -2 of them", -2);
    assertRefused("element 1000 of a block of 1000", 1, 1000, 0);
    assertRefused("element 5 of a block of 1000 after 6", 2, 5, 5, 0, 0);
    assertRefused("element -1", 1, -1, 0);
  }

  private void assertRefused(String message, int... ints) throws IOException {
    ByteBuffer raw = ByteBuffer.allocate(4 * ints.length).order(ByteOrder.nativeOrder());
    raw.asIntBuffer().put(ints);
    sender.sendRaw(raw);
    assertThatThrownBy(this::received)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }
}
