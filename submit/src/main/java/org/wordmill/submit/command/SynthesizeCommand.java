package org.wordmill.submit.command;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.conllu.ConlluSentence;
import org.wordmill.text.TaggedSentence;
import org.wordmill.text.synthetic.ProbabilisticGrammar;
import org.wordmill.text.synthetic.SyntheticLanguage;
import org.wordmill.text.synthetic.TaggedLanguage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Text whose best possible perplexity is known, or whose tags are. */
@Command(
    name = "synthesize",
    header = "Text of known entropy, to measure models against the best possible.",
    description = {
      "Writes sentences of an artificial language with long-range agreement, returning names and"
          + " nested brackets, and tells its exact entropy: no model can have a lower perplexity"
          + " on long text.",
      "With --kind tagged it writes sentences with parts of speech as CoNLL-U, in which the words"
          + " to the right often decide what a word is; the whole sentence always does."
    },
    footer = {
      "",
      "Examples:",
      "  wordmill synthesize --sentences 100000 --seed 1 --output train.txt",
      "  wordmill synthesize --sentences 5000 --seed 2 --output test.txt",
      "  wordmill synthesize --kind tagged --sentences 2000 --output train.conllu"
    })
final class SynthesizeCommand implements Callable<Integer> {
  private final Console console;

  /** What is written. */
  enum Kind {
    /** Sentences, one a line. */
    TEXT,
    /** Sentences with parts of speech, in CoNLL-U. */
    TAGGED
  }

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      defaultValue = "text",
      description =
          "text: one sentence a line; tagged: with parts of speech, as CoNLL-U. Default:"
              + " ${DEFAULT-VALUE}.")
  private Kind kind = Kind.TEXT;

  @Option(
      names = "--sentences",
      required = true,
      paramLabel = "N",
      description = "How many sentences.")
  private long sentences;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      defaultValue = "1",
      description = "The same seed gives the same text. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "The text file to write.")
  private String output = "";

  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  SynthesizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (sentences < 1) {
      throw new WordmillException(
          ExitCode.USAGE,
          "a text needs at least one sentence, found " + sentences,
          "option --sentences",
          "give a number of 1 or more");
    }
    if (kind == Kind.TAGGED) {
      writeTagged();
    } else {
      writeText();
    }
    return 0;
  }

  private void writeText() {
    Totals written = new Totals();
    write(
        out -> {
          Iterator<ProbabilisticGrammar.Sentence> drawn =
              SyntheticLanguage.sentences(seed).iterator();
          for (long i = 0; i < sentences; i++) {
            ProbabilisticGrammar.Sentence sentence = drawn.next();
            written.tokens += sentence.words().size() + 1;
            written.bits += sentence.bits();
            out.write(sentence.text());
            out.write('\n');
          }
        });
    ProbabilisticGrammar grammar = SyntheticLanguage.grammar();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("output", output);
    result.put("seed", seed);
    result.put("sentences", sentences);
    result.put("tokens", written.tokens);
    result.put("bits_per_token", grammar.bitsPerToken());
    result.put("best_perplexity", grammar.bestPerplexity());
    result.put("bits_per_token_of_this_text", written.bits / written.tokens);
    result.put("best_perplexity_of_this_text", Math.pow(2, written.bits / written.tokens));
    console.result(common, result, () -> asText(grammar, written));
  }

  private void writeTagged() {
    Map<String, Map<String, Long>> tags = new HashMap<>();
    write(
        out -> {
          Iterator<TaggedSentence> drawn = TaggedLanguage.sentences(seed).iterator();
          for (long i = 1; i <= sentences; i++) {
            TaggedSentence sentence = drawn.next();
            for (int w = 0; w < sentence.size(); w++) {
              tags.computeIfAbsent(sentence.words().get(w), word -> new HashMap<>())
                  .merge(sentence.tags().get(w), 1L, Long::sum);
            }
            List<String> comments =
                List.of("# sent_id = " + i, "# text = " + String.join(" ", sentence.words()));
            ConlluSentence.of(comments, sentence).write(out);
          }
        });
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("output", output);
    result.put("seed", seed);
    result.put("sentences", sentences);
    result.put("words", count(tags.values()));
    result.put(
        "words_with_several_tags",
        count(tags.values().stream().filter(t -> t.size() > 1).toList()));
    console.result(common, result, () -> Tables.facts(result));
  }

  private static long count(Collection<Map<String, Long>> tags) {
    return tags.stream().flatMap(t -> t.values().stream()).mapToLong(Long::longValue).sum();
  }

  /** What puts the text into the file. */
  private interface Writing {
    void to(BufferedWriter out) throws IOException;
  }

  private void write(Writing writing) {
    OpenOption mode =
        overwrite.overwrite() ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW;
    try (BufferedWriter out =
        Files.newBufferedWriter(
            Path.of(output),
            StandardCharsets.UTF_8,
            mode,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      writing.to(out);
    } catch (FileAlreadyExistsException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "the output exists", output, "choose another, or give --overwrite", e);
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "the text cannot be written: " + e,
          output,
          "free or choose a place",
          e);
    }
  }

  private String asText(ProbabilisticGrammar grammar, Totals written) {
    return String.format(
        Locale.ROOT,
        "%s: %,d sentences, %,d tokens with the end of each sentence%n"
            + "the language: %.6f bits per token, best possible perplexity %.6f%n"
            + "this text:    %.6f bits per token, best possible perplexity %.6f%n",
        output,
        sentences,
        written.tokens,
        grammar.bitsPerToken(),
        grammar.bestPerplexity(),
        written.bits / written.tokens,
        Math.pow(2, written.bits / written.tokens));
  }

  private static final class Totals {
    private long tokens;
    private double bits;
  }
}
