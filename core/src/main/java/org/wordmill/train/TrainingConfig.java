package org.wordmill.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import org.wordmill.format.json.Records;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.ModelConfig;
import org.wordmill.model.TaggerConfig;
import org.wordmill.tape.Recomputation;

/**
 * Everything that a training run depends on, the text apart: the same configuration, text and
 * kernels give the same bits.
 *
 * @param recompute what is computed twice to take less memory; changes no bit
 * @param mix the texts that windows are drawn from, where there are several, and their weights
 * @param oneBatch whether every step learns the first batch, to see whether the model can
 * @param gradients how exactly those of a partition are known to those who add them up
 * @param topK which elements of a partition's gradient are sent at once, and which later
 * @param outer whether, and how, replicas make local steps between the steps that all make
 * @param seed of initial parameters, the order of windows, and dropout
 */
public record TrainingConfig(
    ModelConfig model,
    Batching batching,
    Optimization optimization,
    Schedule schedule,
    KernelChoice kernels,
    Recomputation recompute,
    DataMix mix,
    boolean oneBatch,
    GradientPrecision gradients,
    TopK topK,
    OuterStep outer,
    long seed)
    implements Serializable {
  private static final String MIX = "mix";
  private static final String ONE_BATCH = "one_batch";
  private static final String GRADIENTS = "gradients";
  private static final String TOP_K = "top_k";
  private static final String OUTER = "outer";
  private static final String SPIKE_THRESHOLD = "spike_threshold";

  public TrainingConfig {
    if (mix.isPresent() && model instanceof TaggerConfig) {
      throw new IllegalArgumentException("a tagger does not learn from a mix of sources");
    }
    outer.requireFitting(schedule, optimization);
    gradients.requireFitting(outer);
    topK.requireFitting(schedule, outer);
  }

  /** Nothing is computed twice, and nothing mixed. */
  public TrainingConfig(
      ModelConfig model,
      Batching batching,
      Optimization optimization,
      Schedule schedule,
      KernelChoice kernels,
      long seed) {
    this(
        model,
        batching,
        optimization,
        schedule,
        kernels,
        Recomputation.NONE,
        DataMix.NONE,
        false,
        GradientPrecision.FLOAT,
        TopK.NONE,
        OuterStep.NONE,
        seed);
  }

  /** For a vocabulary that the tokenizer has settled. */
  public TrainingConfig withVocabularySize(int vocabularySize) {
    return withModel(model.withVocabularySize(vocabularySize));
  }

  /** The same run with another model. */
  public TrainingConfig withModel(ModelConfig other) {
    return with(other, recompute, mix, oneBatch, gradients, topK, outer);
  }

  /** The same run with other memory and time. */
  public TrainingConfig withRecomputation(Recomputation other) {
    return with(model, other, mix, oneBatch, gradients, topK, outer);
  }

  /** The same run on its first batch alone. */
  public TrainingConfig withOneBatch() {
    return with(model, recompute, mix, true, gradients, topK, outer);
  }

  /** The same run on other text. */
  public TrainingConfig withMix(DataMix other) {
    return with(model, recompute, other, oneBatch, gradients, topK, outer);
  }

  /** The same run with gradients of another precision. */
  public TrainingConfig withGradients(GradientPrecision other) {
    return with(model, recompute, mix, oneBatch, other, topK, outer);
  }

  /** The same run with gradients that are sent in other parts. */
  public TrainingConfig withTopK(TopK other) {
    return with(model, recompute, mix, oneBatch, gradients, other, outer);
  }

  /** The same run with other, or no, local steps. */
  public TrainingConfig withOuterStep(OuterStep other) {
    return with(model, recompute, mix, oneBatch, gradients, topK, other);
  }

  /** The same run but for what may differ; each parameter hides the component of its name. */
  private TrainingConfig with(
      ModelConfig model,
      Recomputation recompute,
      DataMix mix,
      boolean oneBatch,
      GradientPrecision gradients,
      TopK topK,
      OuterStep outer) {
    return new TrainingConfig(
        model,
        batching,
        optimization,
        schedule,
        kernels,
        recompute,
        mix,
        oneBatch,
        gradients,
        topK,
        outer,
        seed);
  }

  /** The tokens of one step; of sentences, the most that there can be. */
  public long tokensPerStep() {
    return (long) batching.sequences() * model.contextLength();
  }

  /** The configuration as it stands in checkpoints: nested objects with keys in snake_case. */
  public JsonNode toJson() {
    ObjectNode json = (ObjectNode) Json.parse(Json.write(this), "the training configuration");
    // As it stands in settings; where there is none, as in checkpoints from before there were any.
    if (mix.isPresent()) {
      json.set(MIX, json.path(MIX).path("sources"));
    } else {
      json.remove(MIX);
    }
    if (!oneBatch) {
      json.remove(ONE_BATCH);
    }
    if (gradients == GradientPrecision.FLOAT) {
      json.remove(GRADIENTS);
    }
    if (!topK.isPresent()) {
      json.remove(TOP_K);
    }
    if (!outer.isPresent()) {
      json.remove(OUTER);
    }
    if (optimization.spikeThreshold() == 0) {
      ((ObjectNode) json.path("optimization")).remove(SPIKE_THRESHOLD);
    }
    kind(json.path("model"), model.kind());
    kind(json.path("optimization").path("rule"), optimization.rule().kind());
    kind(json.path("optimization").path("learning_rate"), optimization.learningRate().kind());
    return json;
  }

  /** What older checkpoints do not say about their model is what it was then. */
  private JsonNode completed(JsonNode saved) {
    JsonNode completed = saved.deepCopy();
    if (completed instanceof ObjectNode fields && model instanceof Record record) {
      fields.set("model", Records.complete(saved.path("model"), record.getClass()));
    }
    return completed;
  }

  private static void kind(JsonNode object, String kind) {
    ((ObjectNode) object).put("kind", kind);
  }

  /**
   * Checks that a run with {@code saved} in its checkpoint can be continued with this
   * configuration: all but the schedule, the learning rate, the limit of skipped steps, the
   * threshold of outliers and what is recomputed must be the same.
   *
   * @param where the checkpoint, for the message
   * @throws WordmillException CORRUPT with field, saved value and given value of every difference
   */
  public void requireResumable(JsonNode saved, String where) {
    if (!saved.has("batching")) {
      throw new WordmillException(
          ExitCode.CORRUPT,
          "the checkpoint holds a model alone, which no training here has made",
          where,
          "train on from it with --from, into another output");
    }
    String differences = ConfigDifferences.between(completed(saved), toJson());
    if (!differences.isEmpty()) {
      throw new WordmillException(
          ExitCode.CORRUPT,
          "the checkpoint was made with another configuration: " + differences,
          where,
          "give the checkpoint's values, or train anew into another output");
    }
  }
}
