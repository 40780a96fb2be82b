package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkerTeamTest {
  private final WorkerTeam team = new WorkerTeam(3);
  private final List<Thread> threads = new ArrayList<>();

  @AfterEach
  void dismiss() throws InterruptedException {
    team.dismiss();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void everyWorkerDoesItsPartOnceBeforeTheLeaderGoesOn() {
    start(0);
    start(1);
    start(2);
    AtomicIntegerArray parts = new AtomicIntegerArray(3);
    for (int round = 1; round <= 1000; round++) {
      team.run(true, parts::incrementAndGet);
      for (int worker = 0; worker < 3; worker++) {
        assertThat(parts.get(worker)).isEqualTo(round);
      }
    }
  }

  @Test
  void anotherThreadRepeatsThePartThatFailed() {
    start(0);
    start(1);
    AtomicInteger attempts = new AtomicInteger();
    AtomicIntegerArray parts = new AtomicIntegerArray(3);
    // Worker 2 fails, and whoever supplies threads sends another.
    Thread first = thread(2);
    first.setUncaughtExceptionHandler((thread, fault) -> start(2));
    first.start();
    team.run(
        true,
        worker -> {
          if (worker == 2 && attempts.incrementAndGet() == 1) {
            throw new IllegalStateException("halfway");
          }
          parts.incrementAndGet(worker);
        });
    assertThat(attempts).hasValue(2);
    assertThat(parts.get(0) + parts.get(1) + parts.get(2)).isEqualTo(3);
  }

  @Test
  void whatCannotBeRepeatedFailsForGood() {
    start(0);
    start(1);
    Thread failing = thread(2);
    failing.setUncaughtExceptionHandler((thread, fault) -> {});
    failing.start();
    assertThatThrownBy(
            () ->
                team.run(
                    false,
                    worker -> {
                      if (worker == 2) {
                        throw new IllegalStateException("halfway");
                      }
                    }))
        .hasMessage("halfway");
  }

  @Test
  void theLeaderHearsThatNoWorkersWillCome() {
    start(0);
    team.fail(new InterruptedException("the job was cancelled"));
    assertThatThrownBy(() -> team.run(true, worker -> {}))
        .hasRootCauseMessage("the job was cancelled");
  }

  private void start(int worker) {
    thread(worker).start();
  }

  private Thread thread(int worker) {
    Thread thread =
        new Thread(
            () -> {
              try {
                team.serve(worker);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    synchronized (threads) {
      threads.add(thread);
    }
    return thread;
  }
}
