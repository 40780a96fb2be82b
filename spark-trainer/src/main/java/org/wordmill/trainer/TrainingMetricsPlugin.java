package org.wordmill.trainer;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.jspecify.annotations.Nullable;

/**
 * Shows how a training goes among Spark's own metrics, so that every sink of Spark's (Prometheus,
 * JMX, Graphite, CSV) has it: gauges of the driver, {@code
 * APPLICATION.driver.plugin.org.wordmill.trainer.TrainingMetricsPlugin.NAME}, see {@link
 * TrainingGauges}.
 *
 * <p>Spark starts it where {@code spark.plugins} names it, which {@link TrainerSettings} sees to.
 * It does nothing in executors.
 */
public final class TrainingMetricsPlugin implements SparkPlugin {

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(SparkContext spark, PluginContext context) {
        return Map.of();
      }

      @Override
      public void registerMetrics(String application, PluginContext context) {
        MetricRegistry registry = context.metricRegistry();
        TrainingGauges.all()
            .forEach((name, value) -> registry.register(name, (Gauge<Number>) value::get));
      }
    };
  }

  @Override
  public @Nullable ExecutorPlugin executorPlugin() {
    return null; // As Spark has it for a plugin of the driver alone.
  }
}
