package org.wordmill.train;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.wordmill.tape.LeafModule;
import org.wordmill.tape.TapeWatch;

/**
 * Where the time of a training step goes, by the modules on the tape: whole steps of a model on
 * random tokens (forward, backward, adding up, clipping, update), by one worker for each core in
 * the memory of one process.
 *
 * <p>Times are those of one step; those of modules are the mean over the workers, which work side
 * by side, so that all parts add up to the time of the step.
 *
 * @param parts by falling time; modules that differ in nothing but the number of their layer are
 *     one
 * @param updateSeconds of the optimizer
 * @param otherSeconds making batches, adding gradients up, waiting for the slowest worker
 * @param stepSeconds of a whole step
 * @param steps how many were measured
 * @param tokens of one step
 * @param parameters of the model
 * @param workers side by side
 * @param kernels that computed
 */
public record StepProfile(
    List<Part> parts,
    double updateSeconds,
    double otherSeconds,
    double stepSeconds,
    long steps,
    long tokens,
    long parameters,
    int workers,
    String kernels) {
  private static final int CORPUS = 200_000;
  private static final int FEWEST_STEPS = 3;

  /**
   * One kind of module.
   *
   * @param module the simple name of its class, and what its parameters' names have in common
   * @param calls forward in a step, of all workers
   * @param forwardSeconds in a step, of the mean worker
   * @param backwardSeconds in a step, of the mean worker
   */
  public record Part(String module, double calls, double forwardSeconds, double backwardSeconds) {

    /** Forward and backward. */
    public double seconds() {
      return forwardSeconds + backwardSeconds;
    }
  }

  /** The calls of one worker's tape, in nanoseconds. */
  private static final class Clock implements TapeWatch {
    private final Map<LeafModule, long[]> times = new IdentityHashMap<>();

    @Override
    public void forward(LeafModule module, long nanoseconds) {
      long[] time = of(module);
      time[0]++;
      time[1] += nanoseconds;
    }

    @Override
    public void backward(LeafModule module, long nanoseconds) {
      of(module)[2] += nanoseconds;
    }

    private long[] of(LeafModule module) {
      return times.computeIfAbsent(module, m -> new long[3]);
    }
  }

  /** What steps took. */
  private record Steps(long count, double seconds, double updateSeconds) {}

  /**
   * Measures steps after a warm-up of the same length.
   *
   * @param config of a language model with a vocabulary
   * @param time to measure, at least
   */
  public static StepProfile measure(TrainingConfig config, Duration time) {
    int workers =
        Math.min(Runtime.getRuntime().availableProcessors(), config.batching().partitions());
    TrainingState state = new TrainingState(config);
    WorkerTeam team = new WorkerTeam(workers);
    for (int i = 0; i < workers; i++) {
      int worker = i;
      Thread thread = new Thread(() -> serve(team, worker), "profiled worker " + i);
      thread.setDaemon(true);
      thread.start();
    }
    Examples examples = Examples.of(config, randomTokens(config));
    List<Clock> clocks = Stream.generate(Clock::new).limit(workers).toList();
    try (TeamSync sync =
        new TeamSync(
            state,
            new TrainingStep(examples, config),
            new EvaluationStep(examples, config.batching(), 1),
            team)) {
      sync.watch(clocks);
      run(sync, state, time);
      clocks.forEach(clock -> clock.times.clear());
      Steps steps = run(sync, state, time);
      return of(config, state, clocks, steps);
    }
  }

  private static void serve(WorkerTeam team, int worker) {
    try {
      team.serve(worker);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Tokens randomTokens(TrainingConfig config) {
    int size = Math.max(CORPUS, 4 * config.model().contextLength());
    return TokenArray.of(
        new SplittableRandom(config.seed())
            .ints(size, 0, config.model().vocabularySize())
            .toArray());
  }

  private static Steps run(GradientSync sync, TrainingState state, Duration time) {
    long begin = System.nanoTime();
    long update = 0;
    long steps = 0;
    while (steps < FEWEST_STEPS || System.nanoTime() - begin < time.toNanos()) {
      update += step(sync, state);
      steps++;
    }
    return new Steps(steps, (System.nanoTime() - begin) * 1e-9, update * 1e-9);
  }

  /** Makes one step, and returns the nanoseconds that its update took. */
  static long step(GradientSync sync, TrainingState state) {
    Optimization optimization = state.config().optimization();
    GradientSync.StepSum result = sync.gradient(state.step());
    long tokens = result.sum().tokens();
    double norm = Math.sqrt(result.squaredNorm()) / tokens;
    double scale = optimization.clipping().factor(norm) / tokens;
    long begin = System.nanoTime();
    sync.update(state.optimizer(), scale, optimization.learningRate().at(state.step()));
    long end = System.nanoTime();
    state.advance(tokens, result.sum().meanLoss(), norm);
    return end - begin;
  }

  private static StepProfile of(
      TrainingConfig config, TrainingState state, List<Clock> clocks, Steps steps) {
    Map<String, long[]> byName = new LinkedHashMap<>();
    for (Clock clock : clocks) {
      clock.times.forEach(
          (module, time) -> {
            long[] sum = byName.computeIfAbsent(name(module), name -> new long[3]);
            for (int i = 0; i < sum.length; i++) {
              sum[i] += time[i];
            }
          });
    }
    double each = 1e-9 / steps.count() / clocks.size();
    List<Part> parts = new ArrayList<>();
    byName.forEach(
        (name, sum) ->
            parts.add(
                new Part(name, (double) sum[0] / steps.count(), sum[1] * each, sum[2] * each)));
    parts.sort(Comparator.comparingDouble(Part::seconds).reversed());
    double step = steps.seconds() / steps.count();
    double update = steps.updateSeconds() / steps.count();
    double modules = parts.stream().mapToDouble(Part::seconds).sum();
    return new StepProfile(
        List.copyOf(parts),
        update,
        step - update - modules,
        step,
        steps.count(),
        config.tokensPerStep(),
        state.model().layout().parameterCount(),
        clocks.size(),
        state.kernels().name());
  }

  /** The class, and the names of the parameters up to their last part, layers without numbers. */
  private static String name(LeafModule module) {
    String name = module.getClass().getSimpleName();
    if (module.parameters().isEmpty()) {
      return name;
    }
    String parameter = module.parameters().get(0).name();
    int dot = parameter.lastIndexOf('.');
    String path = dot < 0 ? parameter : parameter.substring(0, dot);
    return name + " " + path.replaceAll("(^|[.])[0-9]+([.]|$)", "$1*$2");
  }

  /** Tokens a second. */
  public double tokensPerSecond() {
    return tokens / stepSeconds;
  }
}
