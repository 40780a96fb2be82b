package org.wordmill.ngram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.Perplexity;
import org.wordmill.lm.Spelling;
import org.wordmill.text.TextPolicy;

/**
 * The numbers of KenLM's lmplz and query on WikiText-2 with {@code <unk>} rewritten to the ordinary
 * word {@code _unk_}. Skipped where the text is not beside the repository.
 */
class WikiText2Test {
  private static final Path DATA = Path.of("..", "..", "shared", "data");

  @Test
  void thirdOrderModelHasKenlmsEntriesAndPerplexity() throws IOException {
    NgramCounts counts =
        new NgramCounter(3, TextPolicy.DEFAULT).read(text("train"), "train").counts();
    KneserNey estimate = KneserNey.estimate(counts, KneserNeyOptions.ofOrder(3));
    BackoffModel model = estimate.toModel();

    assertThat(model.size(1)).isEqualTo(33280);
    assertThat(model.size(2)).isEqualTo(619592);
    assertThat(model.size(3)).isEqualTo(1398959);
    Perplexity perplexity =
        new CorpusScorer(model, TextPolicy.DEFAULT, new Spelling(256)).score(text("test"), "test");
    assertThat(perplexity.includingOov()).isCloseTo(226.051034, within(226 * 1e-6));
    assertThat(perplexity.oov()).isZero();
  }

  private static InputStream text(String part) throws IOException {
    Path file = DATA.resolve("wikitext2." + part + ".txt.gz");
    assumeTrue(Files.exists(file), () -> file + " is not here");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new ByteArrayInputStream(
          new String(in.readAllBytes(), UTF_8).replace("<unk>", "_unk_").getBytes(UTF_8));
    }
  }
}
