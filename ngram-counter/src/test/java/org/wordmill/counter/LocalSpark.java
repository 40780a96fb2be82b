package org.wordmill.counter;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a Spark context with two local threads, one for the whole run, with Kryo as strict as
 * it gets; the tests of the commands run with Java's serializer.
 */
public final class LocalSpark implements ParameterResolver {

  private static final class Shared implements ExtensionContext.Store.CloseableResource {
    private final JavaSparkContext spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2,4]")
                .setAppName("ngram-counter tests")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .set("spark.kryo.registrator", CounterKryoRegistrator.class.getName())
                .set("spark.kryo.registrationRequired", "true")
                .set("spark.plugins", FailingTasks.class.getName())
                .set("spark.sql.shuffle.partitions", "2"));

    @Override
    public void close() {
      spark.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
    return parameter.getParameter().getType() == JavaSparkContext.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
    return extension
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .getOrComputeIfAbsent(Shared.class, key -> new Shared(), Shared.class)
        .spark;
  }
}
