package org.wordmill.trainer;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.Tensor;
import org.wordmill.train.TrainingState;

/**
 * The workers of one barrier stage, as their leader sees them: what they do together, in step. Any
 * fault of one ends the team. For the thread of the leader.
 */
final class DirectTeam implements AutoCloseable {
  /** How long a worker may take to say what its fault was, after others have seen it go. */
  private static final int FAULT_MILLIS = 500;

  /** Notices of strangers at the doors; more say nothing new. */
  private static final int NOTICES = 10;

  private final TrainingState state;
  private final DirectShares shares;
  private final int limitMillis;
  private final Consumer<String> notices;
  private final AtomicInteger noticesLeft = new AtomicInteger(NOTICES);
  private final DirectDoor door;
  private final Runnable end;
  private final @Nullable DirectLink[] links;
  private final String[] hosts;
  private final int[] ports;
  private final @Nullable DataInputStream[] answers;
  private @Nullable DirectFailure failure;
  private boolean closed;

  /**
   * Opens a door and has the workers started, who {@link #meet} then.
   *
   * @param notices told from any thread
   */
  DirectTeam(
      TrainingState state,
      RunSpec spec,
      DirectCrew crew,
      int workers,
      DirectNetwork network,
      Consumer<String> notices)
      throws IOException {
    this.state = state;
    this.limitMillis = network.limitMillis();
    this.notices = notices;
    this.shares =
        new DirectShares(
            workers, spec.config().batching().partitions(), state.values().flat().size());
    this.links = new DirectLink[workers];
    this.hosts = new String[workers];
    this.ports = new int[workers];
    this.answers = new DataInputStream[workers];
    DirectSecret secret = DirectSecret.random();
    this.door = new DirectDoor(network.bind(), secret, this::welcome, this::tell);
    this.end =
        crew.start(
            new DirectTask(spec, workers, network, door.port(), secret),
            cause -> fail(new DirectFailure("Spark has ended the workers: " + line(cause), cause)));
  }

  /** Spark's messages may have a stack trace below. */
  private static String line(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString());
  }

  int workers() {
    return shares.workers();
  }

  private void tell(String notice) {
    if (noticesLeft.getAndDecrement() > 0) {
      notices.accept(notice);
    }
  }

  /** A worker is there; on its connection's thread. */
  private void welcome(DirectLink link, DataInputStream hello) throws IOException {
    int rank = hello.readInt();
    synchronized (this) {
      if (closed || rank < 0 || rank >= links.length || links[rank] != null) {
        throw new IOException("worker " + rank + " is not expected now");
      }
      links[rank] = link;
      hosts[rank] = hello.readUTF();
      ports[rank] = hello.readInt();
      notifyAll();
    }
    link.giveUpAfter(limitMillis);
    DirectDoor.daemon(() -> listen(link, rank), "wordmill-leader-" + rank).start();
  }

  private void listen(DirectLink link, int rank) {
    try {
      while (true) {
        DirectLink.Message message = link.receive();
        DataInputStream payload = message.payload();
        switch (message.type()) {
          case ALIVE -> {}
          case NOTICE -> tell(payload.readUTF());
          case FAULT -> fault(payload.readInt(), payload.readUTF());
          case LOST -> fail(new DirectFailure(payload.readUTF()));
          case SLICES -> {
            receiveSlices(link, rank);
            answer(rank, payload);
          }
          default -> answer(rank, payload);
        }
      }
    } catch (IOException e) {
      String where = "worker " + rank + " at " + hosts[rank];
      fail(new DirectFailure("the connection to " + where + " is lost: " + e.getMessage(), e));
      DirectDoor.close(link);
    }
  }

  private void receiveSlices(DirectLink link, int rank) throws IOException {
    for (ByteBuffer slice : slices(rank)) {
      link.receiveRaw(slice);
    }
  }

  /** A worker's slice of parameters and of each state vector, as they lie in our memory. */
  private List<ByteBuffer> slices(int rank) {
    List<ByteBuffer> raw = new ArrayList<>();
    if (shares.blocksOf(rank) > 0) {
      for (Tensor vector : state.vectors().values()) {
        RawBlocks blocks = new RawBlocks(vector.view(shares.from(rank), shares.elementsOf(rank)));
        raw.addAll(Arrays.asList(blocks.raw(0, blocks.count())));
      }
    }
    return raw;
  }

  private synchronized void answer(int rank, DataInputStream payload) throws IOException {
    if (answers[rank] != null) {
      throw new IOException("it has answered twice");
    }
    answers[rank] = payload;
    notifyAll();
  }

  private void fault(int code, String what) {
    for (ExitCode exitCode : ExitCode.values()) {
      if (exitCode.code() == code) {
        fail(DirectFailure.told(what, new WordmillException(exitCode, what, "", "")));
        return;
      }
    }
    fail(DirectFailure.told("a worker failed: " + what, null));
  }

  /** Ends the team; what a worker says of its own fault explains what others say of it. */
  private synchronized void fail(DirectFailure cause) {
    if (failure == null || (cause.isFault() && !failure.isFault())) {
      failure = cause;
    }
    notifyAll();
  }

  /** Waits for all workers, connects them with each other, and gives them the run's state. */
  void meet(long updates) throws DirectFailure, InterruptedException {
    long deadline = System.nanoTime() + limitMillis * 1_000_000L;
    synchronized (this) {
      for (int rank = 0; rank < links.length; rank++) {
        while (links[rank] == null) {
          throwFailure();
          long left = (deadline - System.nanoTime()) / 1_000_000;
          if (left <= 0) {
            throw new DirectFailure(
                "worker %d of %d has not called for %d ms"
                    .formatted(rank, links.length, limitMillis));
          }
          wait(left);
        }
      }
    }
    ask(
        DirectMessage.PEERS,
        list -> {
          list.writeInt(links.length);
          for (int rank = 0; rank < links.length; rank++) {
            list.writeUTF(hosts[rank]);
            list.writeInt(ports[rank]);
          }
        },
        false);
    ask(DirectMessage.STATE, out -> out.writeLong(updates), true);
  }

  /** The sums of all partitions at the workers' parameters; their gradients stay where they are. */
  DirectSums gradient(long step) throws DirectFailure, InterruptedException {
    return sums(ask(DirectMessage.GRADIENT, out -> out.writeLong(step), false));
  }

  /**
   * Has each worker update its slice by the last gradient. Nobody waits for that: what the workers
   * are asked for next they do afterwards, and a failure shows then.
   */
  void update(double gradientScale, double rate) {
    tellAll(
        DirectMessage.UPDATE,
        out -> {
          out.writeDouble(gradientScale);
          out.writeDouble(rate);
        },
        false);
  }

  /** The sums of the validation text at the workers' parameters. */
  DirectSums validate() throws DirectFailure, InterruptedException {
    return sums(ask(DirectMessage.VALIDATE, nothing -> {}, false));
  }

  /** Brings the slices of all workers into the run's vectors, which are arbitrary if it fails. */
  void collect() throws DirectFailure, InterruptedException {
    ask(DirectMessage.COLLECT, nothing -> {}, false);
  }

  private static DirectSums sums(List<DataInputStream> answers) throws DirectFailure {
    try {
      List<DirectSums> parts = new ArrayList<>();
      for (DataInputStream answer : answers) {
        parts.add(DirectSums.read(answer));
      }
      return DirectSums.all(parts);
    } catch (IOException e) {
      throw new DirectFailure("a worker's answer cannot be read: " + e, e);
    }
  }

  /** Says the same to all, and waits for all answers. */
  private List<DataInputStream> ask(DirectMessage type, DirectLink.Payload payload, boolean slices)
      throws DirectFailure, InterruptedException {
    synchronized (this) {
      Arrays.fill(answers, null);
    }
    tellAll(type, payload, slices);
    return await();
  }

  private void tellAll(DirectMessage type, DirectLink.Payload payload, boolean slices) {
    for (int rank = 0; rank < links.length; rank++) {
      try {
        ByteBuffer[] raw = slices ? slices(rank).toArray(new ByteBuffer[0]) : new ByteBuffer[0];
        link(rank).send(type, payload, raw);
      } catch (IOException e) {
        fail(new DirectFailure("the connection to worker " + rank + " is lost: " + e, e));
      }
    }
  }

  private synchronized DirectLink link(int rank) throws IOException {
    DirectLink link = links[rank];
    if (link == null) {
      throw new IOException("it is not there");
    }
    return link;
  }

  private synchronized List<DataInputStream> await() throws DirectFailure, InterruptedException {
    List<DataInputStream> all = new ArrayList<>();
    for (int rank = 0; rank < answers.length; rank++) {
      DataInputStream answer = answers[rank];
      while (answer == null) {
        throwFailure();
        wait();
        answer = answers[rank];
      }
      all.add(answer);
    }
    return all;
  }

  private synchronized void throwFailure() throws DirectFailure, InterruptedException {
    if (failure == null) {
      return;
    }
    long deadline = System.nanoTime() + FAULT_MILLIS * 1_000_000L;
    for (long left = FAULT_MILLIS; !failure.isFault() && left > 0; ) {
      wait(left);
      left = (deadline - System.nanoTime()) / 1_000_000;
    }
    throw failure;
  }

  /** Ends the connections, upon which the workers end, and waits for that. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      for (DirectLink link : links) {
        if (link != null) {
          DirectDoor.close(link);
        }
      }
    }
    door.close();
    end.run();
  }
}
