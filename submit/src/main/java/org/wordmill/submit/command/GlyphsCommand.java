package org.wordmill.submit.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.glyph.GlyphClassifier;
import org.wordmill.model.glyph.GlyphImages;
import org.wordmill.model.glyph.GlyphReport;
import org.wordmill.model.glyph.GlyphTraining;
import org.wordmill.submit.report.GlyphSheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A convolutional network that learns to read drawn digits. */
@Command(
    name = "glyphs",
    header = "Train a small convolutional network to read digits that a generator draws.",
    description =
        "Draws images of the ten digits at random (moved, turned, stretched, thick and thin, with"
            + " noise), trains a network of two convolutions on them, and tests it on images that"
            + " it has not seen. Tells how many it reads right and what it takes for what, and"
            + " writes images with its answers as glyphs.png and what its first convolution looks"
            + " for as filters.png.",
    footer = {
      "",
      "Examples:",
      "  wordmill glyphs --output digits",
      "  wordmill glyphs --seed 2 --steps 1000 --output digits --overwrite"
    })
final class GlyphsCommand implements Callable<Integer> {
  private static final int FILTER = GlyphClassifier.WINDOW.size();

  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides the images and the weights to begin with. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "400",
      description =
          "Updates, each from " + GlyphTraining.BATCH + " new images. Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(
      names = "--kernels",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "Kernels: auto, reference, fused, bf16 or cuda. Default: ${DEFAULT-VALUE}.")
  private String kernels = "";

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Where the pictures go.")
  private String output = "";

  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  GlyphsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (steps < 1) {
      throw new WordmillException(
          ExitCode.USAGE, "--steps is " + steps, "wordmill glyphs", "give at least 1");
    }
    OutputFolder folder = new OutputFolder(output, overwrite.overwrite());
    Path glyphs = folder.free("glyphs.png");
    Path filters = folder.free("filters.png");
    GlyphReport report = GlyphTraining.run(seed, steps, KernelChoice.parse(kernels), console::note);
    OutputFolder.write(glyphs, glyphs(report));
    OutputFolder.write(filters, filters(report));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("steps", report.steps());
    result.put("parameters", report.parameters());
    result.put("loss", report.loss());
    result.put("tested", report.tested());
    result.put("accuracy", report.accuracy());
    result.put("glyphs", glyphs.toString());
    result.put("filters", filters.toString());
    String facts = Tables.facts(result);
    result.put("confusion", report.confusion());
    console.result(common, result, () -> facts + "\n" + confusion(report));
    return 0;
  }

  /** A row for each digit: what it was taken for, and how often it was read right. */
  private static String confusion(GlyphReport report) {
    List<String> head = new ArrayList<>(List.of("digit"));
    IntStream.range(0, GlyphImages.CLASSES).forEach(digit -> head.add("as " + digit));
    head.add("right");
    List<List<String>> rows = new ArrayList<>();
    for (int digit = 0; digit < GlyphImages.CLASSES; digit++) {
      List<String> row = new ArrayList<>(List.of(String.valueOf(digit)));
      Arrays.stream(report.confusion()[digit]).forEach(count -> row.add(String.valueOf(count)));
      row.add(String.format(Locale.ROOT, "%.1f%%", 100 * report.accuracy(digit)));
      rows.add(row);
    }
    return Tables.table(head, rows);
  }

  private static byte[] glyphs(GlyphReport report) {
    int[] labels = report.shown().labels();
    GlyphSheet sheet = new GlyphSheet(labels.length, 10, GlyphImages.SIDE, 2);
    for (int n = 0; n < labels.length; n++) {
      int answer = report.answers()[n];
      boolean wrong = answer != labels[n];
      String text = wrong ? labels[n] + " as " + answer : String.valueOf(answer);
      int start = n * GlyphImages.SIDE * GlyphImages.SIDE;
      sheet.add(report.shown().pixels(), start, 0, 1, text, wrong);
    }
    return sheet.png();
  }

  /** What excites a filter is black, what inhibits it is white. */
  private static byte[] filters(GlyphReport report) {
    GlyphSheet sheet = new GlyphSheet(GlyphClassifier.FIRST, GlyphClassifier.FIRST, FILTER, 12);
    float[] weights = report.filters();
    for (int filter = 0; filter < GlyphClassifier.FIRST; filter++) {
      int start = filter * FILTER * FILTER;
      double largest = 1e-9;
      for (int i = start; i < start + FILTER * FILTER; i++) {
        largest = Math.max(largest, Math.abs(weights[i]));
      }
      sheet.add(weights, start, -largest, largest, String.valueOf(filter + 1), false);
    }
    return sheet.png();
  }
}
