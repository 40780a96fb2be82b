package org.wordmill.submit.command;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.wordmill.counter.DiskFull;
import org.wordmill.counter.Outputs;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.ngramtable.NgramTable;
import org.wordmill.format.ngramtable.TableLayout;
import org.wordmill.format.ngramtable.TablePacker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** ARPA to the memory-mapped table, and back. */
@Command(
    name = "pack",
    header = "ARPA file to a memory-mapped table, and back.",
    description =
        "Packs an ARPA file as a table, which opens in milliseconds whatever its size, and which"
            + " all programs on a machine share; score, generate and compare read it with the same"
            + " numbers. Of --arpa and --model the one that is there is read and the other is"
            + " written; if both are there, --overwrite writes the table anew. Needs disk for the"
            + " table and 20 bytes for each n-gram of one order beside it, and memory for the words"
            + " only.",
    footer = {
      "",
      "Examples:",
      "  wordmill pack --arpa model.arpa.gz --model model.table",
      "  wordmill pack --arpa model.arpa --model model.table --layout compact --quantize 8",
      "  wordmill pack --model model.table --arpa model.arpa"
    })
final class PackCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--arpa",
      required = true,
      paramLabel = "FILE",
      description = "The ARPA file, plain or gzip; written compressed if its name ends in .gz.")
  private String arpa = "";

  @Option(names = "--model", required = true, paramLabel = "FILE", description = "The table.")
  private String model = "";

  @Option(
      names = "--layout",
      paramLabel = "NAME",
      description =
          "probing is the fastest, compact the smallest and for a while needs the disk of both."
              + " Default: probing.")
  private @Nullable TableLayout chosenLayout;

  @Option(
      names = "--quantize",
      paramLabel = "8",
      defaultValue = "0",
      description =
          "For compact: store probabilities and back-offs above unigrams as codes of 8 bits for 256"
              + " values. Default: 0, which stores them as they are.")
  private int quantize;

  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  PackCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    TableLayout layout = chosenLayout == null ? TableLayout.PROBING : chosenLayout;
    if ((quantize != 0 && quantize != 8) || (quantize == 8 && layout != TableLayout.COMPACT)) {
      throw new WordmillException(
          ExitCode.USAGE,
          "--quantize is " + quantize + " with --layout " + layout,
          "pack",
          "give --layout compact --quantize 8");
    }
    String written = model;
    try {
      Path text = LocalPath.of(arpa);
      Path table = LocalPath.of(model);
      boolean pack = Files.exists(text);
      if (!pack && !Files.exists(table)) {
        throw new WordmillException(
            ExitCode.STORAGE,
            "neither the ARPA file nor the table is there",
            arpa + ", " + model,
            "check the paths");
      }
      if (!pack) {
        refuseOfTables();
        Outputs.requirePlainOrGzip(arpa);
      }
      Path output = pack ? table : text;
      written = output.toString();
      if (Files.exists(output) && !overwrite.overwrite()) {
        throw new WordmillException(
            ExitCode.STORAGE,
            "the output is there already",
            output.toString(),
            "remove it, or give --overwrite");
      }
      if (pack) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(text), 1 << 20)) {
          TablePacker.pack(in, arpa, table, layout, quantize != 0, console::note);
        }
      }
      NgramTable packed = NgramTable.open(table);
      if (!pack) {
        unpack(packed, text);
      }
      report(packed, output, Files.size(output));
      return 0;
    } catch (IOException e) {
      throw DiskFull.fault(e, written)
          .<RuntimeException>map(f -> f)
          .orElse(new UncheckedIOException(e));
    }
  }

  /** An ARPA file has no layout. */
  private void refuseOfTables() {
    if (chosenLayout != null) {
      throw new WordmillException(
          ExitCode.USAGE,
          "--layout is for tables, and " + arpa + " is not there, so it is to be written",
          "option --layout",
          "leave it out, or check the path of --arpa");
    }
  }

  private static void unpack(NgramTable table, Path text) throws IOException {
    table.verify();
    Path incomplete = text.resolveSibling("." + text.getFileName() + ".incomplete");
    try {
      try (OutputStream file = Files.newOutputStream(incomplete);
          OutputStream out =
              text.toString().endsWith(".gz")
                  ? new GZIPOutputStream(file, 1 << 16)
                  : new BufferedOutputStream(file, 1 << 16)) {
        TablePacker.unpack(table, out);
      }
      Files.move(
          incomplete, text, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(incomplete);
    }
  }

  private void report(NgramTable table, Path output, long bytes) {
    List<Long> entries = LongStream.rangeClosed(1, table.order()).boxed().toList();
    entries = entries.stream().map(order -> table.ngrams(order.intValue())).toList();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("output", output.toString());
    result.put("layout", table.layout().toString());
    result.put("entries", entries);
    result.put("bytes", bytes);
    long sum = entries.stream().mapToLong(Long::longValue).sum();
    console.result(
        common,
        result,
        () -> String.format(Locale.ROOT, "%s: %,d n-grams in %,d bytes%n", output, sum, bytes));
  }
}
