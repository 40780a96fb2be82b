package org.wordmill.trainer;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TaggedWords;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.TokenizerFiles;

/**
 * Training and validation text as token shards in the folder {@code tokens} of a run, beside its
 * {@code tokenizer.json}. Shards that were made from the same files with the same tokenizer are
 * used again.
 */
final class Corpora {
  private final JavaSparkContext spark;
  private final Configuration configuration;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final Path output;
  private final Consumer<String> notices;

  /** What the text has become. */
  record Prepared(
      String tokenizerFile,
      Tokenizer tokenizer,
      TokenStore trainingStore,
      TokenIndex training,
      TokenStore validationStore,
      TokenIndex validation) {}

  Corpora(
      JavaSparkContext spark,
      Broadcast<SerializableConfiguration> hadoop,
      Path output,
      Consumer<String> notices) {
    this.spark = spark;
    this.configuration = spark.hadoopConfiguration();
    this.hadoop = hadoop;
    this.output = output;
    this.notices = notices;
  }

  Prepared prepare(TrainingJob job) {
    Tokenization tokenization = job.tokenization();
    TextPolicy policy = tokenization.policy();
    List<SourceText> trainingTexts =
        job.sources().stream().map(paths -> find(paths, policy)).toList();
    List<SourceText> validationTexts =
        List.of(job.validation().isEmpty() ? SourceText.NONE : find(job.validation(), policy));
    Optional<PreparedText> prepared =
        Stream.concat(trainingTexts.stream(), validationTexts.stream())
            .flatMap(text -> text.prepared().stream())
            .findFirst();
    if (tokenization.tagged() != null && prepared.isPresent()) {
      throw new WordmillException(
          ExitCode.USAGE,
          "a tagger does not learn from prepared text",
          prepared.get().folder(),
          "give CoNLL-U");
    }
    TokenStore trainingStore = new TokenStore(new Path(output, "tokens/training"), configuration);
    TokenStore validationStore =
        new TokenStore(new Path(output, "tokens/validation"), configuration);

    Optional<String> given =
        tokenization.given().or(() -> prepared.map(PreparedText::tokenizerFile));
    String trainingSource = describe(given.orElse(""), tokenization, trainingTexts);
    Path tokenizerPath = new Path(output, "tokenizer.json");
    // A run that began with a given tokenizer is resumed without it being given again.
    Optional<String> kept = job.resume() ? read(tokenizerPath) : Optional.empty();
    if (kept.isPresent() && given.isPresent() && !kept.equals(given)) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the run has another tokenizer than the one given",
          tokenizerPath.toString(),
          "resume it without a tokenizer, or begin a new run");
    }
    Optional<String> keptSource = kept.map(file -> describe(file, tokenization, trainingTexts));
    Optional<TokenIndex> madeBefore =
        trainingStore
            .index()
            .filter(
                index ->
                    index.source().equals(trainingSource)
                        || keptSource.equals(Optional.of(index.source())));
    String tokenizerFile =
        madeBefore
            .flatMap(index -> read(tokenizerPath))
            .or(() -> given)
            .orElseGet(() -> vocabulary(distinct(trainingTexts), tokenization));
    Stream.concat(trainingTexts.stream(), validationTexts.stream())
        .flatMap(text -> text.prepared().stream())
        .forEach(text -> text.requireTokenizer(tokenizerFile));
    Tokenizer tokenizer = TokenizerFiles.read(tokenizerFile, tokenizerPath.toString());
    if (!read(tokenizerPath).equals(Optional.of(tokenizerFile))) {
      write(tokenizerPath, tokenizerFile);
    }
    TokenIndex training =
        madeBefore.orElseGet(
            () ->
                encode(
                    "training",
                    trainingTexts,
                    trainingSource,
                    tokenizer,
                    tokenization,
                    trainingStore));
    if (madeBefore.isPresent() || prepared.isPresent()) {
      ShardVerification.run(spark, trainingStore.folder(), training, hadoop);
    }
    String validationSource = describe(tokenizerFile, tokenization, validationTexts);
    Optional<TokenIndex> validationMadeBefore =
        validationStore.index().filter(index -> index.source().equals(validationSource));
    TokenIndex validation =
        validationMadeBefore.orElseGet(
            () ->
                encode(
                    "validation",
                    validationTexts,
                    validationSource,
                    tokenizer,
                    tokenization,
                    validationStore));
    if (validationMadeBefore.isPresent() || prepared.isPresent()) {
      ShardVerification.run(spark, validationStore.folder(), validation, hadoop);
    }
    return new Prepared(
        tokenizerFile, tokenizer, trainingStore, training, validationStore, validation);
  }

  private SourceText find(List<String> paths, TextPolicy policy) {
    SourceText found = SourceText.find(paths, configuration);
    return new SourceText(
        SoundFiles.of(spark, found.files(), policy, hadoop, notices), found.prepared());
  }

  /** The files of all sources, each once, in the order of their paths. */
  private static List<FileStatus> distinct(List<SourceText> sources) {
    return sources.stream()
        .flatMap(source -> source.files().stream())
        .distinct()
        .sorted(Comparator.comparing(file -> file.getPath().toString()))
        .toList();
  }

  private String vocabulary(List<FileStatus> files, Tokenization tokenization) {
    List<TextSplit> splits = cut(files, tokenization);
    if (splits.isEmpty()) {
      throw new WordmillException(
          ExitCode.BAD_INPUT, "the training text is empty", "", "give files with text in them");
    }
    return TokenizerFiles.write(tokenizer(splits, tokenization));
  }

  private Tokenizer tokenizer(List<TextSplit> splits, Tokenization tokenization) {
    TextPolicy policy = tokenization.policy();
    if (tokenization.tagged() != null) {
      int minimumCount = tokenization.tagged().minimumCount();
      return TaggedText.words(spark, splits, minimumCount, policy, hadoop);
    }
    return tokenization.words() == null
        ? CharacterVocabulary.of(spark, splits, policy, hadoop)
        : WordVocabulary.of(spark, splits, tokenization.words().vocabularyLimit(), policy, hadoop);
  }

  private List<TextSplit> cut(List<FileStatus> files, Tokenization tokenization) {
    return tokenization.tagged() == null
        ? TextSplits.cut(files, configuration)
        : TextSplits.whole(files, configuration);
  }

  private static Function<Integer, EncodedSplit> encoder(
      List<TextSplit> splits,
      Tokenizer tokenizer,
      Tokenization tokenization,
      TokenStore store,
      Broadcast<SerializableConfiguration> hadoop) {
    String file = TokenizerFiles.write(tokenizer);
    String folder = store.folder().toString();
    Tokenization.Tagged tagged = tokenization.tagged();
    return tagged == null
        ? new SplitEncoder(
            splits, new PieceEncoder.Encoding(file, tokenization.policy(), null), folder, hadoop)
        : new TaggedText.Encoder(
            splits, file, tagged.longestSentence(), tokenization.policy(), folder, hadoop);
  }

  private TokenIndex encode(
      String what,
      List<SourceText> sources,
      String source,
      Tokenizer tokenizer,
      Tokenization tokenization,
      TokenStore store) {
    store.clear();
    List<TextSplit> splits = new ArrayList<>();
    List<Integer> sourceOfSplit = new ArrayList<>();
    List<TokenIndex.Shard> shards = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      List<TextSplit> ofSource = cut(sources.get(i).files(), tokenization);
      splits.addAll(ofSource);
      sourceOfSplit.addAll(Collections.nCopies(ofSource.size(), i));
      sources.get(i).preparedShards(i).forEach(shards::add);
    }
    if (!splits.isEmpty()) {
      spark.setJobDescription(
          "Encode " + Plural.of(splits.size(), "split") + " of the " + what + " text as tokens");
      Function<Integer, EncodedSplit> encoder =
          encoder(splits, tokenizer, tokenization, store, hadoop);
      List<EncodedSplit> encoded =
          spark
              .parallelize(CharacterVocabulary.numbers(splits.size()), splits.size())
              .map(encoder)
              .collect();
      TextCounts counts = TextCounts.ZERO;
      for (int i = 0; i < encoded.size(); i++) {
        EncodedSplit split = encoded.get(i);
        int number = sourceOfSplit.get(i);
        split.shards().forEach(shard -> shards.add(shard.of(number)));
        counts = counts.plus(split.counts());
      }
      counts.tell("the " + what + " text", tokenization.policy(), notices);
    }
    // Prepared sources stand before others until here; the order within a source stays.
    shards.sort(Comparator.comparingInt(TokenIndex.Shard::source));
    int ids =
        tokenizer instanceof TaggedWords words ? words.codes() : tokenizer.vocabulary().size();
    TokenIndex index = new TokenIndex(source, ids, shards);
    store.commit(index);
    return index;
  }

  /** A digest of what shards are made from. */
  private static String describe(
      String tokenizer, Tokenization tokenization, List<SourceText> sources) {
    StringBuilder all = new StringBuilder(tokenizer).append('\n').append(tokenization.policy());
    if (tokenization.tagged() != null) {
      all.append('\n').append(tokenization.tagged());
    }
    // The limit is about a vocabulary that has to be found; a tokenizer that is there has one.
    if (tokenization.words() != null && tokenizer.isEmpty()) {
      all.append('\n').append(tokenization.words());
    }
    for (int i = 0; i < sources.size(); i++) {
      if (i > 0) {
        all.append("\nsource ").append(i);
      }
      all.append(sources.get(i).describe());
    }
    return PreparedText.sha256(all.toString());
  }

  private Optional<String> read(Path file) {
    try {
      return Optional.of(HadoopFiles.readText(files(), file));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw HadoopFiles.fault("cannot be read", file, e);
    }
  }

  private void write(Path file, String text) {
    try {
      HadoopFiles.writeText(files(), file, text);
    } catch (IOException e) {
      throw HadoopFiles.fault("cannot be written", file, e);
    }
  }

  private FileSystem files() throws IOException {
    return HadoopFiles.of(output, configuration);
  }
}
