package org.wordmill.trainer;

import java.util.Iterator;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.wordmill.train.WorkerTeam;

/**
 * The workers of a {@link WorkerTeam} as the tasks of one Spark job that lasts as long as the
 * training: Spark gives them their cores, shows them, and starts a failed one again. In local mode
 * only, where tasks are threads of the driver's process.
 */
final class WorkerJob {
  private WorkerJob() {}

  /** Starts the job; a thread of its own waits for its end. */
  static void start(JavaSparkContext spark, RunSpec spec, WorkerTeam team) {
    ExecutorShare.of(spec).employ(team);
    Thread thread =
        new Thread(
            () -> {
              spark.setJobDescription(
                  "Train in "
                      + Plural.of(team.size(), "worker")
                      + " of one process, which share its memory");
              try {
                spark
                    .parallelize(CharacterVocabulary.numbers(team.size()), team.size())
                    .foreachPartition(new Serve(spec));
              } catch (Throwable e) {
                // The leader waits for the workers and must hear, whatever has become of them.
                team.fail(e);
              }
            },
            "wordmill-workers");
    thread.setDaemon(true);
    thread.start();
  }

  /** A task: its one number is the worker's. */
  private static final class Serve implements VoidFunction<Iterator<Integer>> {
    private static final long serialVersionUID = 1L;
    private final RunSpec spec;

    Serve(RunSpec spec) {
      this.spec = spec;
    }

    @Override
    public void call(Iterator<Integer> number) throws InterruptedException {
      ExecutorShare.of(spec).team().serve(number.next());
    }
  }
}
