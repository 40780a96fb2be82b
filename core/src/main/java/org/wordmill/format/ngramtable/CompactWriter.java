package org.wordmill.format.ngramtable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.wordmill.format.mapped.MappedBytes;
import org.wordmill.text.WordIds;

/**
 * Writes a table in the compact layout from one in the probing layout, in one tour through its
 * n-grams by their word ids, which appends to all orders at once; a tour before finds the codes if
 * it is to be quantised.
 */
final class CompactWriter {
  private final NgramTable from;
  private final TableFile file;
  private final boolean quantized;
  private final int order;
  private final int vocabulary;

  CompactWriter(NgramTable from, TableFile file, boolean quantized) {
    this.from = from;
    this.file = file;
    this.quantized = quantized;
    order = from.order();
    vocabulary = from.vocabulary().size();
  }

  void write() throws IOException {
    WordIds words = new WordIds();
    for (int id = 0; id < vocabulary; id++) {
      byte[] word = from.word(id);
      words.add(word, 0, word.length);
    }
    TableWords.write(words, file);
    CompactLevels levels = allocate();
    long[] written = new long[order + 2];
    new TableTour(from.levels(), order)
        .visitAll(
            vocabulary,
            order,
            (k, word, probability, backoff) -> {
              levels.put(k, written[k], word, probability, backoff);
              if (k < order) {
                levels.putSuccessors(k, written[k], written[k + 1]);
              }
              written[k]++;
            });
    List<Long> counts = new ArrayList<>();
    for (int k = 1; k <= order; k++) {
      counts.add(written[k]);
      if (k < order) {
        levels.putSuccessors(k, written[k], written[k + 1]);
      }
    }
    file.finish(TableLayout.COMPACT, from.isSuffixClosed(), quantized, counts);
  }

  private CompactLevels allocate() throws IOException {
    MappedBytes[] orders = new MappedBytes[order];
    Monotone[] successors = new Monotone[order - 1];
    float[][] codes = quantized ? codes() : new float[0][];
    for (int k = 1; k <= order; k++) {
      long count = from.ngrams(k);
      orders[k - 1] =
          file.allocate(
              Section.ENTRIES + k, CompactLevels.bytes(k, order, count, vocabulary, quantized));
      if (k < order) {
        long most = from.ngrams(k + 1);
        successors[k - 1] =
            new Monotone(
                file.allocate(Section.LOW + k, Monotone.lowBytes(count + 1, most)),
                file.allocate(Section.HIGH + k, Monotone.highBytes(count + 1, most)),
                file.allocate(Section.SAMPLES + k, Monotone.sampleBytes(count + 1)),
                Monotone.lowBits(count + 1, most));
      }
    }
    return new CompactLevels(orders, successors, codes, vocabulary);
  }

  private float[][] codes() throws IOException {
    float[][] codes = new float[order][0];
    for (int k = 2; k <= order; k++) {
      Quantizer probabilities = new Quantizer();
      Quantizer backoffs = new Quantizer();
      from.forEach(
          k,
          (ngram, probability, backoff) -> {
            probabilities.add(probability);
            backoffs.add(backoff);
          });
      float[] both = new float[2 * Quantizer.CODES];
      System.arraycopy(probabilities.centres(), 0, both, 0, Quantizer.CODES);
      System.arraycopy(backoffs.centres(), 0, both, Quantizer.CODES, Quantizer.CODES);
      MappedBytes section = file.allocate(Section.CODES + k, 4L * both.length);
      for (int i = 0; i < both.length; i++) {
        section.putFloat(4L * i, both[i]);
      }
      codes[k - 1] = both;
    }
    return codes;
  }
}
