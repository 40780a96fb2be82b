package org.wordmill.train;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.tensorboard.EventFile;

/**
 * The metrics of a run as an event file of TensorBoard: {@code train/loss}, {@code
 * train/learning_rate}, {@code train/gradient_norm}, {@code train/tokens_per_second} and {@code
 * train/epochs} every log interval, {@code eval/loss}, and {@code epoch/mean_loss} at the end of
 * each epoch. Losses are nats per token.
 */
public final class EventLog implements TrainingListener, AutoCloseable {
  private final EventFile file;
  private final String where;
  private final Schedule schedule;
  private final DoubleSupplier clock;

  /**
   * @param out is closed with this log
   * @param where the file's name, for messages
   * @param clock seconds since 1970
   */
  public EventLog(OutputStream out, String where, Schedule schedule, DoubleSupplier clock)
      throws IOException {
    this.file = new EventFile(out, clock.getAsDouble());
    this.where = where;
    this.schedule = schedule;
    this.clock = clock;
  }

  @Override
  public void step(StepMetrics metrics) {
    if (!schedule.logsAt(metrics.step()) && metrics.updated()) {
      return;
    }
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("train/loss", metrics.loss());
    values.put("train/learning_rate", metrics.learningRate());
    values.put("train/gradient_norm", metrics.gradientNorm());
    values.put("train/tokens_per_second", metrics.tokensPerSecond());
    values.put("train/epochs", metrics.epochs());
    write(metrics.step(), values);
  }

  @Override
  public void evaluated(EvaluationMetrics metrics) {
    write(metrics.step(), Map.of("eval/loss", metrics.validationLoss()));
  }

  @Override
  public void epoch(EpochMetrics metrics) {
    write(metrics.step(), Map.of("epoch/mean_loss", metrics.meanLoss()));
  }

  private void write(long step, Map<String, Double> values) {
    try {
      file.scalars(clock.getAsDouble(), step, values);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private WordmillException unwritable(IOException e) {
    return new WordmillException(
        ExitCode.STORAGE,
        "events for TensorBoard cannot be written: " + e,
        where,
        "make room and resume",
        e);
  }
}
