package org.wordmill.submit;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.wordmill.format.json.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Tokens a second of whole training runs, Wordmill's and PyTorch's in turn. Wordmill is the product
 * as users have it, {@code wordmill train} in local mode, from its metrics; PyTorch is the official
 * libtorch, by {@code src/test/pytorch/TorchStep.java}. Then {@code wordmill profile} tells where
 * the time goes and what share of the matrix products' speed that is. core/docs/benchmarks.md has
 * the results.
 *
 * <pre>mvn -B -Pbenchmark -DskipTests package -Dbenchmark.arguments="--sizes S,M,L --rounds 3"
 * </pre>
 */
@Command(name = "training-benchmark", mixinStandardHelpOptions = true)
final class TrainingBenchmark implements Callable<Integer> {
  private static final int WINDOWS = 5;

  /** Of the steps of a run, those before the first window. */
  private static final double WARM_UP = 0.3;

  /** A model and its batch: S is nanoGPT's CPU preset, L has GPT-2's width and vocabulary. */
  private record Size(
      String name, int layers, int heads, int width, int context, int batch, int vocabulary) {
    String settings() {
      int workers = Math.min(Runtime.getRuntime().availableProcessors(), batch);
      return String.format(
          Locale.ROOT,
          "model.layers=%d model.heads=%d model.width=%d model.context_length=%d"
              + " batching.sequences=%d batching.partitions=%d batching.micro_batch=%d",
          layers,
          heads,
          width,
          context,
          batch,
          workers,
          batch / workers);
    }
  }

  private static final List<Size> SIZES =
      List.of(
          new Size("S", 4, 4, 128, 64, 12, 65),
          new Size("M", 6, 6, 384, 256, 16, 65),
          new Size("L", 4, 12, 768, 256, 4, 50257));

  /** One who runs: the tokens a second of its windows. */
  @FunctionalInterface
  private interface Runner {
    double[] run(Size size) throws IOException, InterruptedException;
  }

  @Option(names = "--sizes", split = ",", description = "S, M or L; all three unless given.")
  private List<String> sizes = List.of("S", "M", "L");

  @Option(names = "--rounds", description = "How often each runs, in turn: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(names = "--seconds", description = "The length of a window: ${DEFAULT-VALUE}.")
  private double seconds = 3;

  @Option(names = "--blas", description = "Other matrix products for Wordmill, such as openblas.")
  private String blas = "";

  @Option(
      names = "--preload",
      description = "A library to load into PyTorch, too, such as one that opens MKL to AMD.")
  private String preload = "";

  @Option(
      names = "--python",
      description = "A Python with PyTorch, which runs too, in float32 and under autocast to bf16.")
  private String python = "";

  @Option(names = "--output", description = "A folder for what is written: ${DEFAULT-VALUE}.")
  private Path output = Path.of("target/training-benchmark");

  private TrainingBenchmark() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new TrainingBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Size> chosen = sizes.stream().map(TrainingBenchmark::size).toList();
    Files.createDirectories(output);
    Map<String, Runner> runners = runners();
    BenchmarkRates rates = new BenchmarkRates("Wordmill");
    for (Size size : chosen) {
      for (int round = 0; round < rounds; round++) {
        for (Map.Entry<String, Runner> runner : runners.entrySet()) {
          rates.add(runner.getKey(), size.name(), runner.getValue().run(size));
        }
      }
    }
    System.out.println(rates.table());
    for (Size size : chosen) {
      Files.write(output.resolve("tokens-" + size.name() + ".png"), rates.picture(size.name()));
      System.out.println("## Where a step's time goes, " + size.name() + "\n");
      System.out.println(profile(size));
    }
    return 0;
  }

  private static Size size(String name) {
    return SIZES.stream()
        .filter(size -> size.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no size " + name + ": choose S, M or L"));
  }

  private Map<String, Runner> runners() throws IOException {
    Map<String, Runner> runners = new LinkedHashMap<>();
    runners.put("Wordmill", size -> wordmill(size, "auto"));
    runners.put("PyTorch", size -> torch(size, "fused", ""));
    runners.put("PyTorch, explicit attention", size -> torch(size, "explicit", ""));
    if (!preload.isEmpty()) {
      runners.put("PyTorch, preload", size -> torch(size, "fused", preload));
      runners.put("PyTorch, explicit, preload", size -> torch(size, "explicit", preload));
    }
    if (Files.readString(Path.of("/proc/cpuinfo")).contains(" avx512_bf16")) {
      runners.put("Wordmill, bf16", size -> wordmill(size, "bf16"));
    } else {
      System.out.println("without bf16: this processor has no AVX512_BF16");
    }
    if (!python.isEmpty()) {
      runners.put("Python", size -> pythonStep(size, "float32"));
      runners.put("Python, bf16 autocast", size -> pythonStep(size, "bf16"));
    }
    return runners;
  }

  // --- Wordmill ----------------------------------------------------------------------------------

  private double[] wordmill(Size size, String kernels) throws IOException, InterruptedException {
    Path text = text(size);
    Path run = output.resolve("run");
    long steps = steps(size, kernels);
    List<String> command = new ArrayList<>(List.of(Product.launcher().toString(), "train"));
    command.addAll(List.of("--config", "shakespeare-char", "--overwrite"));
    command.addAll(List.of("--input", text.toString(), "--output", run.toString()));
    for (String setting : size.settings().split(" ", -1)) {
      command.addAll(List.of("--set", setting));
    }
    for (String setting :
        List.of(
            "schedule.steps=" + steps,
            "optimization.learning_rate.decay_steps=" + steps,
            "optimization.learning_rate.warm_up_steps=0",
            "schedule.log_interval=1",
            "schedule.evaluation_interval=0",
            "schedule.checkpoint_interval=0",
            "kernels=" + kernels)) {
      command.addAll(List.of("--set", setting));
    }
    process(command, Map.of());
    List<double[]> lines; // time and tokens, a line each
    try (Stream<String> log = Files.lines(run.resolve("metrics.jsonl"))) {
      lines =
          log.map(line -> Json.parse(line, "metrics.jsonl"))
              .filter(line -> line.has("tokens_per_s"))
              .map(
                  line ->
                      new double[] {line.path("time").asDouble(), line.path("tokens").asDouble()})
              .toList();
    }
    int first = (int) (WARM_UP * lines.size());
    return IntStream.range(0, WINDOWS)
        .mapToDouble(
            window -> {
              int count = lines.size() - 1 - first;
              double[] begin = lines.get(first + count * window / WINDOWS);
              double[] end = lines.get(first + count * (window + 1) / WINDOWS);
              return (end[1] - begin[1]) / (end[0] - begin[0]);
            })
        .toArray();
  }

  /** So many that the windows are about as long as they should be: what a short run is fast. */
  private long steps(Size size, String kernels) throws IOException, InterruptedException {
    double step = (double) size.batch() * size.context();
    double rate =
        Json.parse(wordmillProfile(size, kernels, 2, "--json"), "profile")
            .path("tokens_per_second")
            .asDouble();
    return Math.max(20, Math.round(rate * seconds * WINDOWS / (1 - WARM_UP) / step));
  }

  private String profile(Size size) throws IOException, InterruptedException {
    Path folder = output.resolve("profile-" + size.name());
    return wordmillProfile(
        size, "auto", 10, "--overwrite", "--output", folder.toAbsolutePath().toString());
  }

  private String wordmillProfile(Size size, String kernels, double length, String... more)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Product.launcher().toString(), "profile"));
    command.addAll(List.of("--config", "shakespeare-char", "--seconds", "" + length));
    command.addAll(List.of("--vocabulary", "" + size.vocabulary()));
    for (String setting : (size.settings() + " kernels=" + kernels).split(" ", -1)) {
      command.addAll(List.of("--set", setting));
    }
    command.addAll(List.of(more));
    return process(command, Map.of());
  }

  /** Random text of as many different characters as the vocabulary has, every one at least once. */
  private Path text(Size size) throws IOException {
    Path file = output.resolve("text-" + size.vocabulary() + ".txt");
    if (!Files.exists(file)) {
      int letters = size.vocabulary() - 1; // and the line end
      SplittableRandom random = new SplittableRandom(1);
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < letters + 300_000; i++) {
        int letter = i < letters ? i : random.nextInt(letters);
        text.appendCodePoint(letters < 100 ? '0' + letter : ideograph(letter));
        if (i % 80 == 79) {
          text.append('\n');
        }
      }
      Files.writeString(file, text.append('\n'));
    }
    return file;
  }

  /** One of the more than 60,000 characters of the unified CJK ideographs and their extension B. */
  private static int ideograph(int number) {
    return number < 20_000 ? 0x4e00 + number : 0x20000 + number - 20_000;
  }

  // --- PyTorch -----------------------------------------------------------------------------------

  private double[] torch(Size size, String attention, String library)
      throws IOException, InterruptedException {
    Path jars = Product.jar().resolveSibling("pytorch");
    Path natives = natives(jars);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The official libraries, and not those that Bytedeco built, which have no MKL.
    command.add("-Djava.library.path=" + natives);
    command.add("-Dorg.bytedeco.javacpp.pathsFirst=true");
    command.addAll(List.of("-cp", jars.resolve("*").toString()));
    command.add(
        Product.launcher().resolve("../../src/test/pytorch/TorchStep.java").normalize().toString());
    for (int number :
        new int[] {
          size.layers(), size.heads(), size.width(), size.context(), size.batch(), size.vocabulary()
        }) {
      command.add("" + number);
    }
    command.add("" + Runtime.getRuntime().availableProcessors());
    command.addAll(List.of(attention, "" + seconds));
    return windows(process(command, library.isEmpty() ? Map.of() : Map.of("LD_PRELOAD", library)));
  }

  /** The folder of libtorch's libraries, taken out of DJL's jar once. */
  private static Path natives(Path jars) throws IOException {
    Path folder = jars.resolve("lib");
    if (!Files.isDirectory(folder)) {
      Path partial = Files.createDirectories(jars.resolve("lib.partial"));
      for (File jar : Objects.requireNonNull(jars.toFile().listFiles(), "no " + jars)) {
        if (jar.getName().startsWith("pytorch-native")) {
          unzip(jar, partial);
        }
      }
      Files.move(partial, folder);
    }
    return folder;
  }

  private static void unzip(File jar, Path folder) throws IOException {
    try (ZipFile zip = new ZipFile(jar)) {
      for (ZipEntry entry : zip.stream().filter(e -> e.getName().contains(".so")).toList()) {
        Path file = folder.resolve(Path.of(entry.getName()).getFileName().toString());
        try (InputStream in = zip.getInputStream(entry)) {
          Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private double[] pythonStep(Size size, String precision)
      throws IOException, InterruptedException {
    String script =
        Product.launcher().resolve("../../src/test/pytorch/torch_step.py").normalize().toString();
    return windows(
        process(List.of(python, script, size.name(), precision, "" + seconds), Map.of()));
  }

  private static double[] windows(String out) {
    return out.lines()
        .filter(line -> line.startsWith("window "))
        .mapToDouble(line -> Double.parseDouble(line.substring("window ".length())))
        .toArray();
  }

  // --- Processes ------------------------------------------------------------------------------

  /** Stdout of a process that must succeed; its stderr goes to a file. */
  private String process(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path log = output.resolve("log.txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("WORDMILL_JAR", Product.jar().toString());
    builder.environment().put("SPARK_HOME", Product.sparkHome().toString());
    if (!blas.isEmpty()) {
      builder.environment().put("SPARK_SUBMIT_OPTS", "-Dwordmill.blas=" + blas);
    }
    Process process = builder.start();
    try {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new UncheckedIOException(
            new IOException(String.join(" ", command) + " failed:\n" + Files.readString(log)));
      }
      return out;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
