package org.wordmill.submit.command;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.wordmill.kernel.MatrixRate;
import org.wordmill.kernel.OffHeapMemory;
import org.wordmill.model.TaggerConfig;
import org.wordmill.model.TrainingCost;
import org.wordmill.train.EpochMetrics;
import org.wordmill.train.EvaluationMetrics;
import org.wordmill.train.MemoryEstimate;
import org.wordmill.train.MixPlan;
import org.wordmill.train.StepMetrics;
import org.wordmill.train.TrainingConfig;
import org.wordmill.train.TrainingListener;

/**
 * How training goes, for people: on a terminal one status line that is redrawn, elsewhere a line
 * every few seconds; evaluations and notices always have a line of their own.
 */
final class TrainingProgress implements TrainingListener {
  private static final long REDRAW_NANOS = 200_000_000L;
  private static final long LINE_NANOS = 5_000_000_000L;

  /**
   * The first steps are slow, as everything on this machine when it begins; they foretell nothing.
   */
  private static final int WARM_UP = 20;

  private static final String CLEAR = "\r\u001B[K";

  private final Console console;
  private final LongSupplier clock;
  private final Function<TrainingConfig, String> room;
  private long firstStep;
  private long lastStep;
  private long begun;
  private long shown;
  private long epochShown;
  private boolean drawn;
  private Optional<MixPlan> mix = Optional.empty();

  private Optional<MatrixRate> rate = Optional.empty();
  private OptionalDouble operationsPerToken = OptionalDouble.empty();

  /**
   * @param room asked at the start what memory there is, in a sentence
   */
  TrainingProgress(Console console, Function<TrainingConfig, String> room) {
    this(console, room, System::nanoTime);
  }

  /**
   * @param clock nanoseconds, from anywhere
   */
  TrainingProgress(Console console, Function<TrainingConfig, String> room, LongSupplier clock) {
    this.console = console;
    this.room = room;
    this.clock = clock;
  }

  @Override
  public void measured(MatrixRate machine) {
    rate = Optional.of(machine);
  }

  @Override
  public void mixed(MixPlan plan) {
    mix = Optional.of(plan);
  }

  @Override
  public void started(TrainingConfig config, long step, long parameters, String sync) {
    firstStep = step;
    lastStep = config.schedule().steps();
    boolean ofSentences = config.model() instanceof TaggerConfig;
    operationsPerToken = TrainingCost.ofToken(config.model(), parameters);
    begun = clock.getAsLong();
    shown = begun;
    line(
        String.format(
            Locale.ROOT,
            "training %,d parameters%s for %,d steps of %,d %s; gradients by %s",
            parameters,
            step > 0 ? " from step " + step : "",
            lastStep,
            ofSentences ? config.batching().sequences() : config.tokensPerStep(),
            ofSentences ? "sentences" : "tokens",
            sync));
    line(memory(MemoryEstimate.of(config), config));
    line(room.apply(config));
    mix.ifPresent(plan -> MixReport.outlook(plan.after(lastStep)).forEach(this::line));
  }

  private static String memory(MemoryEstimate memory, TrainingConfig config) {
    return String.format(
        Locale.ROOT,
        "memory of tensors: parameters %s, gradients %s, moments %s; %s for a micro-batch of %,d"
            + " sequences",
        OffHeapMemory.readable(memory.parameters()),
        OffHeapMemory.readable(memory.gradients()),
        OffHeapMemory.readable(memory.moments()),
        OffHeapMemory.readable(memory.activations()),
        config.batching().microBatch());
  }

  @Override
  public void step(StepMetrics metrics) {
    long now = clock.getAsLong();
    boolean ends = metrics.step() == lastStep;
    if (!ends && now - shown < (console.terminal() ? REDRAW_NANOS : LINE_NANOS)) {
      return;
    }
    shown = now;
    long done = metrics.step() - firstStep;
    double left = (now - begun) * 1e-9 / done * (lastStep - metrics.step());
    String status =
        String.format(
            Locale.ROOT,
            "step %,d of %,d  loss %.4f  %,.0f tokens/s%s%s",
            metrics.step(),
            lastStep,
            metrics.loss(),
            metrics.tokensPerSecond(),
            operations(metrics.tokensPerSecond()),
            done < WARM_UP && !ends ? "" : "  " + duration(left) + " left");
    if (console.terminal() && !ends) {
      console.err().print(CLEAR + status);
      console.err().flush();
      drawn = true;
    } else {
      line(status);
    }
  }

  /** What the model's products do, of what the machine could do in large ones if that is known. */
  private String operations(double tokensPerSecond) {
    if (operationsPerToken.isEmpty()) {
      return "";
    }
    double operations = tokensPerSecond * operationsPerToken.getAsDouble();
    return rate.map(
            machine ->
                String.format(
                    Locale.ROOT,
                    "  %.0f%% of the machine",
                    100 * operations / machine.operationsPerSecond()))
        .orElseGet(() -> "  " + readable(operations));
  }

  /** Operations a second, in the unit that leaves digits before the point. */
  static String readable(double operations) {
    String[] units = {"", "k", "M", "G", "T", "P"};
    double amount = operations;
    int unit = 0;
    while (amount >= 1000 && unit < units.length - 1) {
      amount /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %sFLOP/s", amount, units[unit]);
  }

  @Override
  public void evaluated(EvaluationMetrics metrics) {
    line(
        String.format(
            Locale.ROOT,
            "step %,d of %,d  validation loss %.4f nats per token%s",
            metrics.step(),
            lastStep,
            metrics.validationLoss(),
            metrics.best() ? ", the best so far" : ""));
  }

  /** Of short epochs, one now and then. */
  @Override
  public void epoch(EpochMetrics metrics) {
    long now = clock.getAsLong();
    if (metrics.epoch() > 1 && now - epochShown < LINE_NANOS) {
      return;
    }
    epochShown = now;
    line(
        String.format(
            Locale.ROOT,
            "epoch %,d  mean loss %.4f nats per token%s",
            metrics.epoch(),
            metrics.meanLoss(),
            metrics.whole() ? "" : ", since the run was resumed"));
  }

  @Override
  public void notice(String message) {
    line("warning: " + message);
  }

  private void line(String text) {
    console.note((drawn ? CLEAR : "") + text);
    drawn = false;
  }

  /** Minutes and seconds, and hours when there are some. */
  static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }
}
