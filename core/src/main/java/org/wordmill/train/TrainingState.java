package org.wordmill.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.Manifest;
import org.wordmill.checkpoint.Snapshot;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.OffHeapMemory;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.model.TrainableModel;
import org.wordmill.optim.Optimizer;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterVector;

/**
 * What changes from step to step: parameters, the optimizer's state, and a few counters. Everything
 * random is a function of the seed and the step, so a checkpoint of this is all that a run needs to
 * go on exactly as if it had never stopped.
 */
public final class TrainingState {
  private static final String UPDATES = "updates";
  private static final String TOKENS = "tokens";
  private static final String TEXT_CHECKSUM = "text_checksum";
  private static final String SKIPPED_IN_A_ROW = "skipped_in_a_row";
  private static final String SKIPPED = "skipped";

  /** Before the names of the state of the outer step's rule. */
  private static final String OUTER = "outer_";

  private final TrainingConfig config;
  private final Kernels kernels;
  private final TrainableModel model;
  private final ParameterVector values;
  private @Nullable ParameterVector gradients;
  private final Optimizer optimizer;
  private final Optimizer outer;
  private final SpikeGuard spikes;
  private final EpochMean epoch = new EpochMean();
  private long step;
  private long tokens;
  private int skippedInARow;
  private long skipped;

  /** The state before the first step. */
  public TrainingState(TrainingConfig config) {
    this.config = config;
    this.kernels = config.kernels().create(Precision.FLOAT);
    this.model = config.model().build();
    this.values = new ParameterVector(model.layout(), kernels);
    this.optimizer =
        new Optimizer(config.optimization().rule(), kernels, values, () -> gradients().flat());
    this.outer = new Optimizer(config.outer().rule(), kernels, values, () -> gradients().flat());
    this.spikes = new SpikeGuard(config.optimization().spikeThreshold());
    values.initialize(config.seed());
  }

  public TrainingConfig config() {
    return config;
  }

  public Kernels kernels() {
    return kernels;
  }

  public TrainableModel model() {
    return model;
  }

  public ParameterVector values() {
    return values;
  }

  /**
   * Where a {@link GradientSync} may leave the sum of a step; made when it is first asked for,
   * which one that needs it does in the beginning.
   *
   * @throws WordmillException USAGE when there is no room for it
   */
  public synchronized ParameterVector gradients() {
    ParameterVector known = gradients;
    if (known == null) {
      long bytes = model.layout().size() * kernels.precision().bytes();
      OffHeapMemory.require(bytes, "the gradient of a step", kernels);
      known = new ParameterVector(model.layout(), kernels);
      gradients = known;
    }
    return known;
  }

  /** The optimizer of the parameters, and how many updates it has made. */
  public Optimizer optimizer() {
    return optimizer;
  }

  /** Makes the outer step, whose difference {@link #gradients} hold. */
  void updateOuter() {
    outer.update(1, config.outer().learningRate());
  }

  /**
   * Takes over parameters from elsewhere before the first step, and saves this state as the
   * checkpoint of step 0, so that a run that is cut off is resumed from nothing else.
   *
   * @param initial of the names and shapes of this model's parameters
   */
  public void begin(ParameterVector initial, Checkpoints checkpoints, TrainingText text) {
    if (step != 0) {
      throw new IllegalStateException("the run is at step " + step + " already");
    }
    List<String> theirs = initial.layout().parameters().stream().map(Parameter::toString).toList();
    List<String> ours = model.layout().parameters().stream().map(Parameter::toString).toList();
    if (!theirs.equals(ours)) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the parameters to begin with are not those of the model",
          "",
          "give a model of the same configuration");
    }
    values.flat().copyFrom(initial.flat());
    checkpoints.save(snapshot(text, OptionalDouble.empty()));
  }

  /** The steps made so far, skipped ones too. */
  public long step() {
    return step;
  }

  /** The targets trained on so far. */
  public long tokens() {
    return tokens;
  }

  int skippedInARow() {
    return skippedInARow;
  }

  /** The steps so far that made no update. */
  long skipped() {
    return skipped;
  }

  SpikeGuard spikes() {
    return spikes;
  }

  EpochMean epoch() {
    return epoch;
  }

  /** Ends a step whose update was applied. */
  void advance(long stepTokens, double loss, double norm) {
    spikes.add(loss, norm);
    skippedInARow = 0;
    step++;
    tokens += stepTokens;
  }

  /** Ends a step whose loss or gradient is not finite, or an outlier. */
  void skip(long stepTokens) {
    skippedInARow++;
    skipped++;
    step++;
    tokens += stepTokens;
  }

  /** What replicas begin a round with: the parameters, and the optimizer's state, by name. */
  public Map<String, Tensor> replicated() {
    Map<String, Tensor> vectors = new LinkedHashMap<>();
    vectors.put(Checkpoints.PARAMETERS, values.flat());
    vectors.putAll(optimizer.state());
    return vectors;
  }

  /** All that goes into a checkpoint, by name, in its order: also the outer step's velocity. */
  public Map<String, Tensor> vectors() {
    Map<String, Tensor> vectors = replicated();
    outer.state().forEach((name, vector) -> vectors.put(OUTER + name, vector));
    return vectors;
  }

  /**
   * Takes the vectors, and nothing else, back to what they were after an earlier step: those of its
   * checkpoint, or, of step 0 without one, the first ones.
   *
   * @throws WordmillException CORRUPT or STORAGE when the checkpoint cannot be read
   */
  public void takeBack(long earlier, Checkpoints checkpoints) {
    Optional<Manifest> saved =
        checkpoints.list().stream().filter(manifest -> manifest.step() == earlier).findFirst();
    if (saved.isPresent()) {
      checkpoints.load(saved.get(), vectors());
    } else if (earlier == 0) {
      vectors().values().forEach(vector -> vector.fill(0));
      values.initialize(config.seed());
    } else {
      throw new WordmillException(
          ExitCode.STORAGE,
          "the checkpoint of step " + earlier + " is not there any more",
          checkpoints.location(),
          "resume the run from an earlier one");
    }
  }

  Snapshot snapshot(TrainingText text, OptionalDouble validationLoss) {
    Map<String, Long> progress = new LinkedHashMap<>();
    progress.put(UPDATES, optimizer.updates());
    progress.put(TOKENS, tokens);
    progress.put(SKIPPED_IN_A_ROW, (long) skippedInARow);
    progress.put(SKIPPED, skipped);
    progress.put(TEXT_CHECKSUM, text.checksum());
    Map<String, List<Double>> history = new LinkedHashMap<>(spikes.history());
    history.putAll(epoch.history());
    return new Snapshot(
        step,
        config.toJson(),
        kernels.name(),
        text.tokenizer(),
        model.layout(),
        vectors(),
        progress,
        history,
        validationLoss);
  }

  /**
   * Takes over the newest whole checkpoint; without any, this stays the state before the first
   * step.
   *
   * @param text which must be the checkpoint's
   * @throws WordmillException CORRUPT when the checkpoint does not fit this configuration or text,
   *     or none is whole
   */
  public Optional<Manifest> restoreNewest(Checkpoints checkpoints, TrainingText text) {
    List<Manifest> candidates = checkpoints.list();
    if (!candidates.isEmpty()) {
      requireResumable(candidates.get(0), checkpoints);
    }
    Optional<Manifest> restored = checkpoints.restoreFirst(candidates, vectors());
    restored.ifPresent(
        manifest -> {
          requireResumable(manifest, checkpoints);
          if (!checkpoints.tokenizer(manifest).equals(text.tokenizer())
              || manifest.progress(TEXT_CHECKSUM) != text.checksum()) {
            throw new WordmillException(
                ExitCode.CORRUPT,
                "the checkpoint was made with another training text or tokenizer",
                checkpoints.location() + "/" + manifest.directory(),
                "give the text it was trained on, or train anew into another output");
          }
          step = manifest.step();
          tokens = manifest.progress(TOKENS);
          skippedInARow = (int) manifest.progress(SKIPPED_IN_A_ROW);
          // Older checkpoints did not count them all.
          skipped = manifest.progress().getOrDefault(SKIPPED, (long) skippedInARow);
          spikes.restore(manifest.history());
          epoch.restore(manifest.history());
          optimizer.resumeAfter(manifest.progress(UPDATES));
        });
    return restored;
  }

  /**
   * A warning, where the checkpoint was trained by other kernels than those that will go on: the
   * same configuration then gives other last digits than an unbroken run.
   */
  public Optional<String> kernelsChanged(Manifest manifest) {
    return manifest
        .kernels()
        .filter(name -> !name.equals(kernels.name()))
        .map(
            name ->
                "the checkpoint was trained by the "
                    + name
                    + " kernels, and here kernels = auto means the "
                    + kernels.name()
                    + " ones: the run goes on well, but not bit for bit as it would have there");
  }

  private void requireResumable(Manifest manifest, Checkpoints checkpoints) {
    config.requireResumable(manifest.config(), checkpoints.location() + "/" + manifest.directory());
  }
}
