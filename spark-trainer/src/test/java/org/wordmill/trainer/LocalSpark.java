package org.wordmill.trainer;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a Spark context with two local threads, one for the whole run, with Kryo as strict as
 * it gets, tasks that may fail three times, and Spark's pages on a port of the loopback interface.
 */
public final class LocalSpark implements ParameterResolver {

  private static final class Shared implements ExtensionContext.Store.CloseableResource {
    private final JavaSparkContext spark =
        new JavaSparkContext(
            TrainerSettings.apply(
                new SparkConf()
                    .setMaster("local[2,4]")
                    .setAppName("spark-trainer tests")
                    .set("spark.ui.enabled", "true")
                    .set("spark.ui.port", "0")
                    .set("spark.ui.showConsoleProgress", "false")
                    .set(
                        "spark.metrics.conf.driver.sink.prometheusServlet.class",
                        "org.apache.spark.metrics.sink.PrometheusServlet")
                    .set(
                        "spark.metrics.conf.driver.sink.prometheusServlet.path",
                        "/metrics/prometheus")
                    .set("spark.metrics.namespace", "tests")
                    .set("spark.driver.host", "127.0.0.1")
                    .set("spark.driver.bindAddress", "127.0.0.1")
                    .set("spark.speculation", "true")
                    .set("spark.speculation.interval", "20ms")
                    .set("spark.speculation.multiplier", "1.05")
                    .set("spark.speculation.quantile", "0.25")
                    .set("spark.kryo.registrationRequired", "true")));

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
