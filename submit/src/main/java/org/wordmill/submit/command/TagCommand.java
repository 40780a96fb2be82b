package org.wordmill.submit.command;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.TaggingAccuracy;
import org.wordmill.model.TrainedTagger;
import org.wordmill.text.TextPolicy;
import org.wordmill.trainer.DataParallelTrainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Words with their parts of speech. */
@Command(
    name = "tag",
    header = "The part of speech of every word, by a trained tagger.",
    description = {
      "Writes the sentences of the input as CoNLL-U with the tagger's tags in the fourth field; of"
          + " CoNLL-U all else stays as it is. Where the input has tags already, the accuracy is"
          + " told, beside that of a baseline that gives every word its most frequent tag in the"
          + " training text.",
      "Without --output the sentences go to stdout and the accuracy to stderr; with it, or with"
          + " --json, the accuracy goes to stdout."
    },
    footer = {
      "",
      "Examples:",
      "  wordmill tag --model run --input test.conllu --output tagged.conllu",
      "  wordmill tag --model run --input text.txt"
    })
final class TagCommand implements Callable<Integer> {
  private final Console console;

  /** What the input is. */
  enum Format {
    /** CoNLL-U where a file's name ends in .conllu, before .gz and the like; else text. */
    AUTO,
    /** CoNLL-U. */
    CONLLU,
    /** One sentence a line, words with white space between them. */
    TEXT
  }

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The output directory of a training with a tagger's settings.")
  private String model = "";

  @Mixin private TextOptions text = new TextOptions();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "auto",
      description =
          "conllu; text, one sentence a line with white space between words; auto, by the name of"
              + " the file: conllu if it ends in .conllu. Default: ${DEFAULT-VALUE}.")
  private Format format = Format.AUTO;

  @Option(names = "--output", paramLabel = "FILE", description = "The CoNLL-U file to write.")
  private @Nullable String output;

  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  TagCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    requireFreePlace();
    TrainedTagger tagger =
        DataParallelTrainer.openTagger(
            model,
            new Configuration(),
            KernelChoice.AUTO,
            notice -> console.note("warning: " + notice));
    StringBuilder conllu = new StringBuilder();
    Tagging tagging;
    if (output != null) {
      tagging = tagIntoFile(tagger, Path.of(output));
    } else if (common.json()) {
      tagging = tag(tagger, conllu);
    } else {
      tagging = tagOntoStdout(tagger);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("model", model);
    if (output != null) {
      result.put("output", output);
    }
    result.put("sentences", tagging.sentences());
    result.put("words", tagging.words());
    TaggingAccuracy accuracy = tagging.accuracy();
    String facts = Tables.facts(result) + table(accuracy);
    if (accuracy.all().words() > 0) {
      result.put("accuracy", figures(accuracy.all()));
      result.put("accuracy_of_unknown_words", figures(accuracy.unknown()));
    }
    if (output != null || common.json()) {
      if (output == null) {
        result.put("conllu", conllu.toString());
      }
      console.result(common, result, () -> facts);
    } else {
      facts.lines().forEach(console::note);
    }
    return 0;
  }

  private void requireFreePlace() {
    if (output != null && !overwrite.overwrite() && Files.exists(Path.of(output))) {
      throw new WordmillException(
          ExitCode.STORAGE, "the output exists", output, "choose another, or give --overwrite");
    }
  }

  private Tagging tag(TrainedTagger tagger, Appendable out) {
    Tagging tagging = new Tagging(tagger, out);
    tagging.files(text.inputs(), format, text.policy(TextPolicy.Reserved.UNKNOWN));
    if (tagging.sentences() == 0) {
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          "there is nothing to tag",
          String.join(", ", text.inputs()),
          "name files that hold sentences");
    }
    return tagging;
  }

  private Tagging tagOntoStdout(TrainedTagger tagger) {
    try {
      Writer out =
          new BufferedWriter(new OutputStreamWriter(console.out(), StandardCharsets.UTF_8));
      Tagging tagging = tag(tagger, out);
      out.flush();
      return tagging;
    } catch (IOException e) {
      throw unwritable("stdout", e);
    }
  }

  /** Beside the place first, so that a fault leaves nothing half done. */
  private Tagging tagIntoFile(TrainedTagger tagger, Path file) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      try {
        Tagging tagging;
        try (Writer out = Files.newBufferedWriter(part, StandardCharsets.UTF_8)) {
          tagging = tag(tagger, out);
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        return tagging;
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw unwritable(file.toString(), e);
    }
  }

  private static WordmillException unwritable(String where, IOException e) {
    return new WordmillException(
        ExitCode.STORAGE, "the output cannot be written: " + e, where, "free or choose a place", e);
  }

  private static Map<String, Object> figures(TaggingAccuracy.Counts counts) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("words", counts.words());
    figures.put("tagger", counts.words() == 0 ? null : counts.accuracy());
    figures.put("most_frequent_tag", counts.words() == 0 ? null : counts.baseline());
    return figures;
  }

  private static String table(TaggingAccuracy accuracy) {
    if (accuracy.all().words() == 0) {
      return "";
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("all words", accuracy.all()));
    rows.add(row("unknown words", accuracy.unknown()));
    return "\n" + Tables.table(List.of("accuracy", "words", "tagger", "most frequent tag"), rows);
  }

  private static List<String> row(String what, TaggingAccuracy.Counts counts) {
    return List.of(
        what,
        String.valueOf(counts.words()),
        percent(counts.accuracy()),
        percent(counts.baseline()));
  }

  private static String percent(double part) {
    return Double.isNaN(part) ? "-" : String.format(Locale.ROOT, "%.2f%%", 100 * part);
  }
}
