package org.wordmill.trainer;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.wordmill.error.WordmillException;
import org.wordmill.train.ModelWorkspace;

/**
 * One worker of a team, from its first word to the leader to the leader's end of the connection. It
 * does what the leader's messages say, one after the other, on the thread that called it.
 */
final class DirectWorker {
  private static final int ALIVE_SECONDS = 2;

  private final DirectTask task;
  private final int rank;

  DirectWorker(DirectTask task, int rank) {
    this.task = task;
    this.rank = rank;
  }

  /**
   * Works until the leader ends the connection, or until one to a peer is lost: then the leader is
   * told, and will see what is to be done.
   *
   * @param host this machine's address for the other workers
   */
  void serve(String host) throws IOException, InterruptedException {
    DirectPeers peers = new DirectPeers(rank, task.workers());
    ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            work -> DirectDoor.daemon(work, "wordmill-alive"));
    try (DirectLink leader = DirectLink.call(task.leader(), task.secret());
        DirectDoor door =
            new DirectDoor(host, task.secret(), peers::welcome, notice -> tell(leader, notice))) {
      leader.send(
          DirectMessage.HELLO,
          hello -> {
            hello.writeInt(rank);
            hello.writeUTF(host);
            hello.writeInt(door.port());
          });
      clock.scheduleAtFixedRate(
          () -> trySend(leader, DirectMessage.ALIVE, alive -> {}),
          ALIVE_SECONDS,
          ALIVE_SECONDS,
          TimeUnit.SECONDS);
      work(leader, peers);
    } finally {
      peers.close();
      clock.shutdownNow();
    }
  }

  /** An exception of ours is told, and thrown. */
  private void work(DirectLink leader, DirectPeers peers) throws InterruptedException {
    ExecutorShare share = null;
    ModelWorkspace workspace = null;
    try {
      List<String> hosts = join(leader, peers);
      share = ExecutorShare.of(task.spec());
      workspace = share.borrow();
      DirectShares shares =
          new DirectShares(
              task.workers(),
              task.spec().config().batching().partitions(),
              workspace.values().flat().size());
      DirectMemory memory =
          task.network().shared().isEmpty()
              ? new DirectMemory(rank, shares, hosts)
              : DirectMeeting.meet(
                  rank,
                  shares,
                  hosts,
                  Path.of(task.network().shared()),
                  peers,
                  notice -> tell(leader, notice));
      obey(leader, new DirectPart(task, rank, shares, memory, peers, workspace));
    } catch (IOException e) {
      trySend(leader, DirectMessage.LOST, why -> why.writeUTF(shortened(e)));
    } catch (RuntimeException | Error e) {
      int code = e instanceof WordmillException fault ? fault.exitCode().code() : -1;
      trySend(
          leader,
          DirectMessage.FAULT,
          fault -> {
            fault.writeInt(code);
            fault.writeUTF(code < 0 ? shortened(e) : String.valueOf(e.getMessage()));
          });
      throw e;
    } finally {
      peers.end();
      if (share != null && workspace != null) {
        share.giveBack(workspace);
        // What the part had outside of the heap must be free before the next team asks for as much.
        System.gc();
      }
    }
  }

  /** Connects with all workers, and returns their hosts. */
  private List<String> join(DirectLink leader, DirectPeers peers)
      throws IOException, InterruptedException {
    DataInputStream list = leader.receive(DirectMessage.PEERS);
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (int left = list.readInt(); left > 0; left--) {
      addresses.add(new InetSocketAddress(list.readUTF(), list.readInt()));
    }
    peers.join(addresses, task.secret(), task.network().limitMillis());
    leader.send(DirectMessage.DONE, done -> {});
    return addresses.stream().map(InetSocketAddress::getHostString).toList();
  }

  /** Returns when the leader has ended the connection, whichever way. */
  private static void obey(DirectLink leader, DirectPart part)
      throws IOException, InterruptedException {
    while (true) {
      DirectLink.Message message;
      try {
        message = leader.receive();
      } catch (IOException dismissed) {
        return;
      }
      obey(leader, part, message);
    }
  }

  private static void obey(DirectLink leader, DirectPart part, DirectLink.Message message)
      throws IOException, InterruptedException {
    DataInputStream payload = message.payload();
    switch (message.type()) {
      case STATE -> {
        part.restore(leader, payload.readLong());
        leader.send(DirectMessage.DONE, done -> {});
      }
      case GRADIENT -> {
        DirectSums gradient = part.gradient(payload.readLong());
        leader.send(DirectMessage.SUMS, gradient::write);
      }
      case UPDATE -> part.update(payload.readDouble(), payload.readDouble());
      case VALIDATE -> {
        DirectSums sums = part.validate();
        leader.send(DirectMessage.SUMS, sums::write);
      }
      case COLLECT ->
          leader.send(
              DirectMessage.SLICES, nothing -> {}, part.slices().toArray(new ByteBuffer[0]));
      default -> throw new IOException("the leader says " + message.type());
    }
  }

  private static void tell(DirectLink leader, String notice) {
    trySend(leader, DirectMessage.NOTICE, out -> out.writeUTF(notice));
  }

  private static void trySend(DirectLink leader, DirectMessage type, DirectLink.Payload payload) {
    try {
      leader.send(type, payload);
    } catch (IOException e) {
      // Then there is no leader any more, and its connection is seen to end.
      DirectDoor.close(leader);
    }
  }

  private static String shortened(Throwable e) {
    String text = String.valueOf(e);
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      text += ", because of " + cause;
    }
    return text.substring(0, Math.min(text.length(), 4000));
  }
}
