package org.wordmill.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.format.json.Json;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.RemoteKernels;
import org.wordmill.kernel.Tensor;
import org.wordmill.model.TransformerConfig;
import org.wordmill.tape.ParameterLayout;

/** Drafts of checkpoints: who writes them, and how they end. */
class CheckpointDraftTest {
  private static final ParameterLayout LAYOUT =
      new TransformerConfig(10, 8, 1, 2, 16, 0).build().layout();

  @TempDir Path folder;
  private final Set<Thread> writers = ConcurrentHashMap.newKeySet();

  private Checkpoints checkpoints(GatedStore.Gate gate) {
    return new Checkpoints(
        new GatedStore(
            new LocalCheckpointStore(folder),
            (act, file) -> {
              writers.add(Thread.currentThread());
              gate.pass(act, file);
            }),
        notice -> {});
  }

  private static Snapshot snapshot(Tensor parameters) {
    return new Snapshot(
        5,
        Json.parse("{}", "test"),
        "fused",
        "tokenizer",
        LAYOUT,
        Map.of(Checkpoints.PARAMETERS, parameters),
        Map.of(),
        OptionalDouble.empty());
  }

  private static Tensor onHost() {
    return Tensor.zeroVector(Precision.FLOAT, LAYOUT.size());
  }

  @Test
  void aThreadOfItsOwnWritesAndThoseWhoWaitAreTold() {
    Checkpoints checkpoints = checkpoints((act, file) -> {});
    CheckpointDraft draft = checkpoints.begin(snapshot(onHost()));
    draft.awaitRead();
    draft.decide(true);
    draft.decide(false);
    assertThat(draft.finish()).hasValueSatisfying(name -> assertThat(name).startsWith("step-0"));
    assertThat(draft.isDone()).isTrue();
    assertThat(draft.step()).isEqualTo(5);
    assertThat(writers)
        .singleElement()
        .satisfies(thread -> assertThat(thread.getName()).isEqualTo("wordmill-checkpoint"))
        .satisfies(thread -> assertThat(thread.isDaemon()).isTrue());
    assertThat(checkpoints.list()).extracting(Manifest::step).containsExactly(5L);
  }

  /** The thread that computes on a device is the only one that may touch what lies there. */
  @Test
  void vectorsOnADeviceAreWrittenByTheCallerAndOnlyIfTheyAreGood() throws IOException {
    Kernels kernels = RemoteKernels.of(Precision.FLOAT);
    Tensor remote = kernels.zeros(Math.toIntExact(LAYOUT.size()));
    Checkpoints checkpoints = checkpoints((act, file) -> {});
    CheckpointDraft bad = checkpoints.begin(snapshot(remote));
    bad.decide(false);
    assertThat(bad.finish()).isEmpty();
    assertThat(writers).isEmpty();

    CheckpointDraft good = checkpoints.begin(snapshot(remote));
    assertThat(good.isDone()).isFalse();
    good.decide(true);
    assertThat(good.isDone()).isTrue();
    good.awaitRead();
    assertThat(good.finish()).isPresent();
    assertThat(writers).containsExactly(Thread.currentThread());
    assertThat(checkpoints.list()).hasSize(1);
  }

  @Test
  void whatCannotBeWrittenIsToldToAllWhoWaitAndNeedsNoDecision() {
    CheckpointDraft draft =
        checkpoints(
                (act, file) -> {
                  throw new IOException("No space left on device");
                })
            .begin(snapshot(onHost()));
    for (Runnable wait : List.<Runnable>of(draft::awaitRead, draft::finish)) {
      assertThatThrownBy(wait::run)
          .hasMessageStartingWith(
              "the checkpoint cannot be written: java.io.IOException: No space left on device, ")
          .hasMessageEndingWith(
              ", make room or give another output; earlier checkpoints are untouched");
    }
  }

  @Test
  void errorsOfFileSystemsComeOutAsTheyAre() {
    Error error = new AssertionError("as Hadoop tells of a full local disk");
    CheckpointDraft draft =
        checkpoints(
                (act, file) -> {
                  throw error;
                })
            .begin(snapshot(onHost()));
    assertThatThrownBy(draft::finish).isSameAs(error);
  }

  @Test
  void whoIsInterruptedWhileWaitingStaysSo() {
    CountDownLatch release = new CountDownLatch(1);
    CheckpointDraft draft = checkpoints((act, file) -> await(release)).begin(snapshot(onHost()));
    for (Runnable wait : List.<Runnable>of(draft::awaitRead, draft::finish)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(wait::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
    }
    release.countDown();
    draft.decide(false);
    assertThat(draft.finish()).isEmpty();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new IOException("nobody opens the gate");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
