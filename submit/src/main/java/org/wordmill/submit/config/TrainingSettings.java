package org.wordmill.submit.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.ModelConfig;
import org.wordmill.model.ModelConfigs;
import org.wordmill.model.TaggerConfig;
import org.wordmill.tape.Recomputation;
import org.wordmill.text.ByteLevelBpe;
import org.wordmill.text.Characters;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.TokenizerFiles;
import org.wordmill.text.WhitespaceWords;
import org.wordmill.train.Batching;
import org.wordmill.train.DataMix;
import org.wordmill.train.GradientPrecision;
import org.wordmill.train.Optimization;
import org.wordmill.train.OuterStep;
import org.wordmill.train.Schedule;
import org.wordmill.train.TopK;
import org.wordmill.train.TrainingConfig;
import org.wordmill.trainer.Synchronization;
import org.wordmill.trainer.Tokenization;

/**
 * Everything that a preset or a settings file says about a training run, in the names of the
 * records that it becomes.
 *
 * @param tokenizer what a token is
 * @param vocabularyLimit how many words, the most frequent ones of the training text, are known
 *     where tokens are words; 0 for all
 * @param mix the sources of the training text, each with its paths and its weight; none where the
 *     text is given elsewhere
 * @param oneBatch whether every step learns the first batch, to see whether the model can
 * @param gradients how exactly those of a partition are known to those who add them up
 * @param topK which elements of a partition's gradient are sent at once, and which later
 * @param outer whether, and how, replicas make local steps between the steps that all make
 * @param sync how workers come by parameters and gradients; changes no result
 */
public record TrainingSettings(
    TokenizerKind tokenizer,
    int vocabularyLimit,
    ModelConfig model,
    Batching batching,
    Optimization optimization,
    Schedule schedule,
    List<DataMix.Source> mix,
    boolean oneBatch,
    GradientPrecision gradients,
    TopK topK,
    OuterStep outer,
    KernelChoice kernels,
    Synchronization sync,
    Recomputation recompute,
    long seed) {

  /** What a token is. */
  public enum TokenizerKind {
    /** A Unicode code point, line ends too; the vocabulary is that of the training text. */
    CHARACTERS,
    /** A byte-level byte pair encoding that was trained before. */
    BPE,
    /** A word, between white space, and the end of each line. */
    WORDS,
    /** A word with its part of speech, in CoNLL-U; for taggers, and for them only. */
    TAGGED_WORDS
  }

  public TrainingSettings {
    outer.requireFitting(schedule, optimization);
    gradients.requireFitting(outer);
    topK.requireFitting(schedule, outer);
    sync.requireRounds(outer);
    sync.requireWorkersThatStay(topK);
    if (new DataMix(mix).isPresent() && model instanceof TaggerConfig) {
      throw new WordmillException(
          ExitCode.USAGE,
          "a tagger does not learn from a mix of sources",
          MIX,
          "leave it out, and give an input");
    }
    if (model instanceof TaggerConfig != (tokenizer == TokenizerKind.TAGGED_WORDS)) {
      throw new WordmillException(
          ExitCode.USAGE,
          "a model of kind " + model.kind() + " cannot learn from this kind of tokens",
          "tokenizer = " + tokenizer.name().toLowerCase(Locale.ROOT),
          "tagged_words are for taggers, characters, words and bpe for language models");
    }
    if (vocabularyLimit < 0 || vocabularyLimit > 0 && tokenizer != TokenizerKind.WORDS) {
      throw new WordmillException(
          ExitCode.USAGE,
          tokenizer == TokenizerKind.WORDS
              ? "the limit is negative"
              : "only a vocabulary of words can be limited",
          "vocabulary_limit = " + vocabularyLimit,
          "leave it out, or choose tokenizer = words and a number of words");
    }
  }

  private static final String MIX = "mix";
  private static final String SOURCE = "source";
  private static final String ONE_BATCH = "one_batch";
  private static final String DROPOUT = "model.dropout";

  private static final RecordBinder BINDER =
      new RecordBinder(Map.of(ModelConfig.class, ModelConfigs.kinds()));

  private static final Config DEFAULTS =
      ConfigFactory.parseMap(
          Map.of(
              "sync",
              "auto",
              "recompute",
              "none",
              "vocabulary_limit",
              0,
              MIX,
              List.of(),
              ONE_BATCH,
              false,
              "gradients",
              "float",
              "top_k",
              Map.of(),
              "outer",
              Map.of()),
          "default");

  /**
   * Reads a file or preset.
   *
   * @see Settings#load
   */
  public static TrainingSettings load(String fileOrPreset, List<String> assignments) {
    return of(Settings.load(fileOrPreset, assignments));
  }

  /** The settings as records. */
  public static TrainingSettings of(Config config) {
    return BINDER.bind(
        TrainingSettings.class,
        withListsOfPaths(withVocabularySize(config)).withFallback(DEFAULTS).root());
  }

  /**
   * The settings with a model that is there already and the kind of its tokenizer; all but the
   * model's dropout, which is a matter of training and stays where both models have one.
   */
  public static Config withModel(Config config, ModelConfig model, Tokenizer tokenizer) {
    ObjectNode fields = (ObjectNode) Json.parse(Json.write(model), "the model");
    fields.put("kind", model.kind());
    if (fields.has("dropout") && config.hasPath(DROPOUT)) {
      fields.put("dropout", config.getDouble(DROPOUT));
    }
    Config json = ConfigFactory.parseString(Json.write(fields));
    return withTokenizer(config.withoutPath("model").withValue("model", json.root()), tokenizer);
  }

  /** The settings of a run on one batch, which nothing keeps from learning it by heart. */
  public static Config onOneBatch(Config config) {
    Config once = config.withValue(ONE_BATCH, ConfigValueFactory.fromAnyRef(true));
    return once.hasPath(DROPOUT) ? once.withValue(DROPOUT, ConfigValueFactory.fromAnyRef(0)) : once;
  }

  /** The settings with the kind of a tokenizer that is there already. */
  public static Config withTokenizer(Config config, Tokenizer tokenizer) {
    return kind(tokenizer)
        .map(kind -> config.withoutPath("vocabulary_limit").withValue("tokenizer", kind))
        .orElse(config);
  }

  /** How the settings call the kind of a tokenizer of a language model. */
  private static Optional<ConfigValue> kind(Tokenizer tokenizer) {
    Optional<TokenizerKind> kind =
        tokenizer instanceof Characters
            ? Optional.of(TokenizerKind.CHARACTERS)
            : tokenizer instanceof ByteLevelBpe
                ? Optional.of(TokenizerKind.BPE)
                : tokenizer instanceof WhitespaceWords
                    ? Optional.of(TokenizerKind.WORDS)
                    : Optional.empty();
    return kind.map(known -> ConfigValueFactory.fromAnyRef(known.name().toLowerCase(Locale.ROOT)));
  }

  /**
   * The tokenizer decides the size of the vocabulary, so no file has to say it. A fallback would
   * not reach a model that has replaced another.
   */
  private static Config withVocabularySize(Config config) {
    return config.root().get("model") instanceof ConfigObject model
            && !model.containsKey("vocabulary_size")
        ? config.withValue("model.vocabulary_size", ConfigValueFactory.fromAnyRef(0, "default"))
        : config;
  }

  /** A source of a mix may be one path instead of a list of them. */
  private static Config withListsOfPaths(Config config) {
    if (!(config.root().get(MIX) instanceof ConfigList sources)) {
      return config;
    }
    List<ConfigValue> all = new ArrayList<>();
    for (ConfigValue source : sources) {
      all.add(source instanceof ConfigObject object ? withListOfPaths(object) : source);
    }
    return config.withValue(MIX, ConfigValueFactory.fromIterable(all).withOrigin(sources.origin()));
  }

  private static ConfigObject withListOfPaths(ConfigObject source) {
    ConfigValue path = source.get(SOURCE);
    return path != null && path.valueType() == ConfigValueType.STRING
        ? source.withValue(
            SOURCE, ConfigValueFactory.fromIterable(List.of(path)).withOrigin(path.origin()))
        : source;
  }

  /**
   * How the training text becomes tokens.
   *
   * @param bytePairs asked for the encoding when tokens are byte pairs, and only then
   */
  public Tokenization tokenization(TextPolicy policy, Supplier<ByteLevelBpe> bytePairs) {
    if (model instanceof TaggerConfig tagger) {
      return Tokenization.tagged(tagger.minimumCount(), tagger.contextLength(), policy);
    }
    return switch (tokenizer) {
      case WORDS -> Tokenization.words(vocabularyLimit, policy);
      case BPE -> Tokenization.of(TokenizerFiles.write(bytePairs.get()), policy);
      case CHARACTERS, TAGGED_WORDS -> Tokenization.characters(policy);
    };
  }

  /** What the trainer takes; the vocabulary is still open. */
  public TrainingConfig training() {
    return new TrainingConfig(
        model,
        batching,
        optimization,
        schedule,
        kernels,
        recompute,
        new DataMix(mix),
        oneBatch,
        gradients,
        topK,
        outer,
        seed);
  }
}
