package org.wordmill.trainer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.conllu.ConlluReader;
import org.wordmill.format.conllu.ConlluSentence;
import org.wordmill.text.TagCounts;
import org.wordmill.text.TaggedSentence;
import org.wordmill.text.TaggedWords;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.TokenizerFiles;

/**
 * Tagged sentences in CoNLL-U as training text: first their words and tags are counted, by map and
 * reduce, then they are encoded. A file is one split.
 */
final class TaggedText {
  private TaggedText() {}

  /** What is done with each sentence. */
  private interface Reader {
    void read(TaggedSentence sentence) throws IOException;
  }

  /** The words and tags of a corpus. */
  static TaggedWords words(
      JavaSparkContext spark,
      List<TextSplit> files,
      int minimumCount,
      TextPolicy policy,
      Broadcast<SerializableConfiguration> hadoop) {
    spark.setJobDescription(
        "Count the words and tags of " + Plural.of(files.size(), "file") + " of CoNLL-U");
    TagCounts sum = new TagCounts();
    spark
        .parallelize(CharacterVocabulary.numbers(files.size()), files.size())
        .map(new Count(files, policy, hadoop))
        .collect()
        .forEach(counted -> counted.addTo(sum));
    if (sum.isUntagged()) {
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          "no word of the training text has a tag",
          files.get(0).path(),
          "fill the fourth field, UPOS");
    }
    return sum.words(minimumCount);
  }

  private static void forEach(
      TextSplit file, TextPolicy policy, Configuration configuration, Reader reader)
      throws IOException {
    try (InputStream in =
        new BufferedInputStream(TextChunks.whole(file, policy, configuration), 1 << 16)) {
      ConlluReader sentences = new ConlluReader(in, file.path(), policy);
      Optional<ConlluSentence> next = sentences.next();
      while (next.isPresent()) {
        reader.read(next.get().tagged());
        next = sentences.next();
      }
    }
  }

  private static final class Count implements Function<Integer, CountedTags> {
    private static final long serialVersionUID = 1L;
    private final List<TextSplit> files;
    private final TextPolicy policy;
    private final Broadcast<SerializableConfiguration> hadoop;

    Count(List<TextSplit> files, TextPolicy policy, Broadcast<SerializableConfiguration> hadoop) {
      this.files = new ArrayList<>(files);
      this.policy = policy;
      this.hadoop = hadoop;
    }

    @Override
    public CountedTags call(Integer number) throws IOException {
      TagCounts counts = new TagCounts();
      forEach(files.get(number), policy, hadoop.value().value(), counts::add);
      return new CountedTags(counts);
    }
  }

  /**
   * The task that encodes one file into token shards. Sentences without any tag are left out,
   * because there is nothing to learn from them.
   */
  static final class Encoder implements Function<Integer, EncodedSplit> {
    private static final long serialVersionUID = 1L;
    private final List<TextSplit> files;
    private final String tokenizerFile;
    private final int longestSentence;
    private final TextPolicy policy;
    private final String folder;
    private final Broadcast<SerializableConfiguration> hadoop;

    Encoder(
        List<TextSplit> files,
        String tokenizerFile,
        int longestSentence,
        TextPolicy policy,
        String folder,
        Broadcast<SerializableConfiguration> hadoop) {
      this.files = new ArrayList<>(files);
      this.tokenizerFile = tokenizerFile;
      this.longestSentence = longestSentence;
      this.policy = policy;
      this.folder = folder;
      this.hadoop = hadoop;
    }

    @Override
    public EncodedSplit call(Integer number) throws IOException {
      Configuration configuration = hadoop.value().value();
      if (!(TokenizerFiles.read(tokenizerFile, "the tokenizer") instanceof TaggedWords words)) {
        throw new IllegalStateException("tagged sentences need a tokenizer with tags");
      }
      ShardWriter shards = new ShardWriter(number, folder, words.codes(), configuration);
      long[] unknownTags = new long[1];
      forEach(
          files.get(number),
          policy,
          configuration,
          sentence -> {
            for (int from = 0; from < sentence.size(); from += longestSentence) {
              int to = Math.min(sentence.size(), from + longestSentence);
              int tagged = 0;
              for (int i = from; i < to; i++) {
                boolean known = words.tags().contains(sentence.tags().get(i));
                tagged += known ? 1 : 0;
                unknownTags[0] += !known && sentence.isTagged(i) ? 1 : 0;
              }
              if (tagged > 0) {
                shards.addSentence(words.encode(sentence, from, to));
              }
            }
          });
      // That rare words are unknown is what is wanted, and nothing to be told.
      return new EncodedSplit(shards.finish(), new TextCounts(0, 0, unknownTags[0], 0, 0, 0, 0));
    }
  }
}
