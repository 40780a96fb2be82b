package org.wordmill.trainer;

import java.util.UUID;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import scala.reflect.ClassTag;

/**
 * The workers of a team as the tasks of one Spark job of one barrier stage, which starts all of
 * them or none. Spark does not try such a stage again when it is a job's last, and shall not: who
 * leads the team starts another.
 */
final class DirectJob implements DirectCrew {
  private static final long POLL_MILLIS = 100;

  /** How long slots that have gone may take to be there again, before it goes on with fewer. */
  private static final long BACK_SOON_MILLIS = 20_000;

  /** How long the number of slots must be the same at the start, when there could be more. */
  private static final long SETTLED_MILLIS = 1_000;

  /** How long tasks may take to end by themselves, and after they were told to. */
  private static final long END_MILLIS = 10_000;

  private final JavaSparkContext spark;
  private final int wanted;
  private final int limitMillis;

  /**
   * @param wanted workers at most
   * @param limitMillis how long to wait for the first slot, at the least
   */
  DirectJob(JavaSparkContext spark, int wanted, int limitMillis) {
    this.spark = spark;
    this.wanted = wanted;
    this.limitMillis = limitMillis;
  }

  /** Tasks that the cluster runs at once, by the executors that it has now. */
  static int slots(JavaSparkContext spark) {
    ResourceProfile profile = spark.sc().resourceProfileManager().defaultResourceProfile();
    return spark.sc().maxNumConcurrentTasks(profile);
  }

  @Override
  public int workers(int before) throws InterruptedException {
    long begin = System.nanoTime();
    long changed = begin;
    int slots = slots(spark);
    boolean fixed = Synchronization.localSlots(spark.sc().master()) > 0;
    while (slots < wanted && !fixed) {
      long now = System.nanoTime();
      boolean settled =
          before == 0
              ? now - changed > SETTLED_MILLIS * 1_000_000
              : slots >= before || now - begin > BACK_SOON_MILLIS * 1_000_000;
      if (slots > 0 && settled) {
        return slots;
      }
      long limit = Math.max(limitMillis, BACK_SOON_MILLIS);
      if (slots == 0 && now - begin > limit * 1_000_000L) {
        throw new WordmillException(
            ExitCode.STORAGE,
            "the cluster has had no executor for " + limit / 1000 + " s",
            spark.sc().master(),
            "--resume goes on from the last checkpoint when it has some");
      }
      Thread.sleep(POLL_MILLIS);
      int latest = slots(spark);
      changed = latest == slots ? changed : System.nanoTime();
      slots = latest;
    }
    return Math.min(slots, wanted);
  }

  @Override
  public boolean hasMore(int workers) {
    return Math.min(slots(spark), wanted) > workers;
  }

  @Override
  public Runnable start(DirectTask task, Consumer<Throwable> ended) {
    String group = "wordmill-direct-" + UUID.randomUUID();
    Thread thread = DirectDoor.daemon(() -> run(task, group, ended), "wordmill-workers");
    thread.start();
    return () -> end(thread, group);
  }

  private void run(DirectTask task, String group, Consumer<Throwable> ended) {
    spark.setJobGroup(
        group,
        "Train in " + Plural.of(task.workers(), "worker") + " that are connected directly",
        true);
    try {
      ClassTag<Integer> integers = ClassTag.apply(Integer.class);
      spark
          .parallelize(CharacterVocabulary.numbers(task.workers()), task.workers())
          .rdd()
          .barrier()
          .mapPartitions(task, false, integers)
          .toJavaRDD()
          .foreachPartition(none -> none.forEachRemaining(number -> {}));
      ended.accept(new IllegalStateException("the tasks of the workers have ended"));
    } catch (Throwable e) {
      // The leader waits for the workers and must hear, whatever has become of them.
      ended.accept(e);
    }
  }

  /**
   * Tasks end when their connection to the leader does. To wait for that, and for the end of those
   * whose executor is lost, is to know that Spark has seen it, too.
   */
  private void end(Thread job, String group) {
    try {
      job.join(END_MILLIS);
      if (job.isAlive()) {
        spark.cancelJobGroup(group);
        job.join(END_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      spark.cancelJobGroup(group);
    }
  }
}
