package org.wordmill.trainer;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * A Spark job with one result for each partition, each of which the driver consumes when it comes,
 * instead of keeping them all as {@code collect} does. Spark's Java interface has no such call.
 */
final class StreamedJob {
  private StreamedJob() {}

  /**
   * Runs the job and waits for its end.
   *
   * @param type of results
   * @param task of one partition
   * @param consumer given each partition's result once, in the order in which they come, one at a
   *     time, on a thread of Spark's
   */
  static <T, R> void run(
      JavaSparkContext spark,
      JavaRDD<T> partitions,
      Class<R> type,
      Function<Iterator<T>, R> task,
      ResultConsumer<R> consumer) {
    List<Integer> all = CharacterVocabulary.numbers(partitions.getNumPartitions());
    run(spark, partitions, all, type, task, consumer);
  }

  /**
   * Like the other, with some of the partitions only.
   *
   * @param wanted partitions
   */
  static <T, R> void run(
      JavaSparkContext spark,
      JavaRDD<T> partitions,
      List<Integer> wanted,
      Class<R> type,
      Function<Iterator<T>, R> task,
      ResultConsumer<R> consumer) {
    spark
        .sc()
        .runJob(
            partitions.rdd(),
            new Task<>(task),
            CollectionConverters.asScala(List.<Object>copyOf(wanted)).toSeq(),
            new AbstractFunction2<Object, R, BoxedUnit>() {
              @Override
              public BoxedUnit apply(Object index, R result) {
                consumer.accept(wanted.get((Integer) index), result);
                return BoxedUnit.UNIT;
              }
            },
            ClassTag$.MODULE$.<R>apply(type));
  }

  /** Who takes the results. */
  @FunctionalInterface
  interface ResultConsumer<R> {
    void accept(int partition, R result);
  }

  private static final class Task<T, R>
      extends AbstractFunction2<TaskContext, scala.collection.Iterator<T>, R>
      implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Function<Iterator<T>, R> function;

    Task(Function<Iterator<T>, R> function) {
      this.function = function;
    }

    @Override
    public R apply(TaskContext context, scala.collection.Iterator<T> elements) {
      try {
        return function.call(CollectionConverters.asJava(elements));
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
