package org.wordmill.trainer;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wordmill.kernel.OffHeapMemory;

/**
 * How workers of one machine come to share {@link DirectMemory}. Each offers the others memory that
 * has no room yet; says which of theirs it could open, upon which their names go; and says that it
 * has taken the memory. What one of them cannot have goes over its connection.
 */
final class DirectMeeting implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(DirectMeeting.class);

  private final int rank;
  private final DirectMemory memory;
  private final Path folder;
  private final DirectPeers peers;
  private final Consumer<String> notices;
  private final List<Integer> near;
  private final byte[] key = DirectSecret.nonce();
  private final @Nullable SharedMemory[] theirs;
  private @Nullable SharedMemory own;

  private DirectMeeting(
      int rank,
      DirectMemory memory,
      int workers,
      Path folder,
      DirectPeers peers,
      Consumer<String> notices) {
    this.rank = rank;
    this.memory = memory;
    this.folder = folder;
    this.peers = peers;
    this.notices = notices;
    this.near = IntStream.range(0, workers).filter(memory::isNear).boxed().toList();
    this.theirs = new SharedMemory[workers];
  }

  /**
   * Meets the other workers of this machine, who must do the same.
   *
   * @param hosts of all workers, by rank
   * @param folder in a file system in memory
   * @param notices told when there is no room
   */
  static DirectMemory meet(
      int rank,
      DirectShares shares,
      List<String> hosts,
      Path folder,
      DirectPeers peers,
      Consumer<String> notices)
      throws IOException, InterruptedException {
    DirectMemory memory = new DirectMemory(rank, shares, hosts);
    try (DirectMeeting meeting =
        new DirectMeeting(rank, memory, shares.workers(), folder, peers, notices)) {
      meeting.meet();
    }
    return memory;
  }

  private void meet() throws IOException, InterruptedException {
    String machine = SharedMemory.machine();
    offer(machine);
    exchange(
        (peer, out) -> {
          out.writeUTF(machine);
          out.writeUTF(own == null ? "" : own.name());
          out.write(key);
        },
        (peer, in) -> {
          boolean same = in.readUTF().equals(machine);
          String name = in.readUTF();
          theirs[peer] = same && !name.isEmpty() ? open(name, in.readNBytes(key.length)) : null;
        });
    List<Integer> guests = new ArrayList<>();
    exchange(
        (peer, out) -> out.writeBoolean(theirs[peer] != null),
        (peer, in) -> {
          if (in.readBoolean()) {
            synchronized (guests) {
              guests.add(peer);
            }
          }
        });
    boolean there = take(guests);
    exchange(
        (peer, out) -> out.writeBoolean(there),
        (peer, in) -> {
          SharedMemory shared = theirs[peer];
          if (in.readBoolean() && shared != null) {
            memory.join(shared, peer);
          }
        });
    if (there) {
      LOG.info("worker {} shares memory with workers {} of its machine", rank, guests);
    }
  }

  private void offer(String machine) {
    long bytes = memory.bytes();
    if (machine.isEmpty() || bytes == 0) {
      return;
    }
    try {
      own = SharedMemory.create(folder, key);
    } catch (IOException e) {
      hasNone(bytes, e);
    }
  }

  /** Another container of this machine may have a memory of its own. */
  private @Nullable SharedMemory open(String name, byte[] key) {
    try {
      return SharedMemory.open(folder, name, key);
    } catch (IOException e) {
      LOG.info("{} cannot be shared: {}", name, e.toString());
      return null;
    }
  }

  private boolean take(List<Integer> guests) throws IOException {
    SharedMemory taken = own;
    if (taken == null) {
      return false;
    }
    taken.forgetName();
    if (guests.isEmpty()) {
      return false;
    }
    try {
      taken.allocate(memory.bytes());
    } catch (IOException e) {
      hasNone(memory.bytes(), e);
      return false;
    }
    memory.own(taken, guests);
    return true;
  }

  private void hasNone(long bytes, IOException e) {
    notices.accept(
        "worker %d shares no memory with others of its machine, which would take %s in %s: %s"
            .formatted(rank, OffHeapMemory.readable(bytes), folder, e));
  }

  private interface Saying {
    void to(int peer, DataOutputStream out) throws IOException;
  }

  private interface Hearing {
    void from(int peer, DataInputStream in) throws IOException;
  }

  /** Says something to all workers of this machine, and hears what each of them says. */
  private void exchange(Saying saying, Hearing hearing) throws IOException, InterruptedException {
    for (int peer : near) {
      peers.sending(peer, link -> link.send(DirectMessage.MEMORY, out -> saying.to(peer, out)));
      peers.receiving(peer, link -> hearing.from(peer, link.receive(DirectMessage.MEMORY)));
    }
    peers.finish();
  }

  @Override
  public void close() throws IOException {
    for (SharedMemory shared : theirs) {
      if (shared != null) {
        shared.close();
      }
    }
    if (own != null) {
      own.forgetName();
      own.close();
    }
  }
}
