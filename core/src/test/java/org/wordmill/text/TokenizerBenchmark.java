package org.wordmill.text;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * MB a second of encoding a text by {@link ByteLevelBpe} and by Hugging Face's tokenizers in Rust,
 * each in one thread, in pieces of a mebibyte that end at line ends; the median of rounds, taken in
 * turn, after one round to warm up. The tokenizer is trained on the text before, and the time of
 * that is told too.
 *
 * <pre>
 * mvn -pl core test-compile
 * mvn -pl core dependency:build-classpath -DincludeScope=test -Dmdep.outputFile=target/classpath
 * java -cp core/target/classes:core/target/test-classes:$(cat core/target/classpath) \
 *   org.wordmill.text.TokenizerBenchmark TEXT [vocabulary size]
 * </pre>
 */
final class TokenizerBenchmark {
  private static final int PIECE = 1 << 20;
  private static final int ROUNDS = 5;
  private static final int DEFAULT_VOCABULARY = 50_257;

  private TokenizerBenchmark() {}

  /**
   * @param arguments a file of text, and the size of the vocabulary
   */
  public static void main(String[] arguments) throws IOException {
    String text = new String(Files.readAllBytes(Path.of(arguments[0])), StandardCharsets.UTF_8);
    int size = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_VOCABULARY;
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int end = text.indexOf('\n', Math.min(text.length() - 1, from + PIECE)) + 1;
      pieces.add(text.substring(from, end == 0 ? text.length() : end));
      from = end == 0 ? text.length() : end;
    }
    long start = System.nanoTime();
    PieceCounts counts = new PieceCounts(TextPolicy.DEFAULT.maxWordBytes());
    pieces.forEach(counts::add);
    long counted = System.nanoTime();
    BpeTrainer trainer = new BpeTrainer(size, 2, List.of(ByteLevelBpe.END_OF_TEXT));
    counts.forEach(trainer::add);
    ByteLevelBpe bpe = trainer.train();
    System.out.printf(
        Locale.ROOT,
        "trained %d tokens of %d distinct pieces: counted in %.1f s, merged in %.1f s%n",
        bpe.vocabulary().size(),
        counts.size(),
        (counted - start) / 1e9,
        (System.nanoTime() - counted) / 1e9);

    LibUtils.checkStatus();
    long handle = TokenizersLibrary.LIB.createTokenizerFromString(TokenizerFiles.write(bpe));
    ToLongFunction<String> ours = piece -> bpe.encode(piece).length;
    ToLongFunction<String> theirs =
        piece -> {
          long encoding = TokenizersLibrary.LIB.encode(handle, piece, false);
          long length = TokenizersLibrary.LIB.getTokenIds(encoding).length;
          TokenizersLibrary.LIB.deleteEncoding(encoding);
          return length;
        };
    double megabytes = text.getBytes(StandardCharsets.UTF_8).length / 1e6;
    double[] our = new double[ROUNDS];
    double[] their = new double[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      double ourSeconds = seconds(pieces, ours);
      double theirSeconds = seconds(pieces, theirs);
      if (round >= 0) {
        our[round] = megabytes / ourSeconds;
        their[round] = megabytes / theirSeconds;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%.1f MB, MB/s: ByteLevelBpe %.1f, Hugging Face %.1f, ratio %.2f%n",
        megabytes,
        median(our),
        median(their),
        median(our) / median(their));
    TokenizersLibrary.LIB.deleteTokenizer(handle);
  }

  private static double seconds(List<String> pieces, ToLongFunction<String> encoder) {
    long start = System.nanoTime();
    long tokens = pieces.stream().mapToLong(encoder).sum();
    if (tokens == 0) {
      throw new IllegalStateException("the text has no tokens");
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
