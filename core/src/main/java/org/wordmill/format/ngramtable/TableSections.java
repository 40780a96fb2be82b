package org.wordmill.format.ngramtable;

import static org.wordmill.format.ngramtable.TableHeader.corrupt;

import java.io.IOException;
import java.nio.channels.FileChannel;
import org.wordmill.format.mapped.MappedBytes;

/** The mapped sections of a table that is read. */
final class TableSections {
  private final FileChannel channel;
  private final TableHeader header;
  private final String file;

  TableSections(FileChannel channel, TableHeader header, String file) {
    this.channel = channel;
    this.header = header;
    this.file = file;
  }

  TableWords words() throws IOException {
    int size = Math.toIntExact(Math.min(header.counts().get(0), Integer.MAX_VALUE));
    long slots = find(Section.WORD_SLOTS).length() / 8;
    expect(Section.WORD_ENDS, 4L * size);
    if (slots <= size) {
      throw corrupt("the table's words have too few slots", file, TableHeader.LENGTH);
    }
    return new TableWords(
        map(Section.WORD_ENDS),
        map(Section.WORD_BYTES),
        map(Section.WORD_SLOTS),
        size,
        slots,
        file);
  }

  Levels levels() throws IOException {
    MappedBytes[] orders = new MappedBytes[header.order()];
    for (int k = 1; k <= orders.length; k++) {
      orders[k - 1] = map(Section.ENTRIES + k);
    }
    return header.layout() == TableLayout.PROBING ? new ProbingLevels(orders) : compact(orders);
  }

  private CompactLevels compact(MappedBytes[] orders) throws IOException {
    int order = header.order();
    int vocabulary = (int) Math.min(header.counts().get(0), Integer.MAX_VALUE);
    Monotone[] successors = new Monotone[order - 1];
    float[][] codes = new float[header.quantized() ? order : 0][0];
    for (int k = 1; k <= order; k++) {
      long count = header.counts().get(k - 1);
      expect(
          Section.ENTRIES + k,
          CompactLevels.bytes(k, order, count, vocabulary, header.quantized()));
      if (k < order) {
        successors[k - 1] =
            new Monotone(
                map(Section.LOW + k),
                map(Section.HIGH + k),
                map(Section.SAMPLES + k),
                Monotone.lowBits(count + 1, header.counts().get(k)));
      }
      if (k > 1 && header.quantized()) {
        expect(Section.CODES + k, 4L * 2 * Quantizer.CODES);
        MappedBytes section = map(Section.CODES + k);
        codes[k - 1] = new float[2 * Quantizer.CODES];
        for (int i = 0; i < codes[k - 1].length; i++) {
          codes[k - 1][i] = section.getFloat(4L * i);
        }
      }
    }
    return new CompactLevels(orders, successors, codes, vocabulary);
  }

  /** Maps a section, with the bytes behind it that reading packed bits may touch. */
  private MappedBytes map(int id) throws IOException {
    Section section = find(id);
    long length = Math.min(section.length() + 8, header.fileLength() - section.offset());
    return MappedBytes.map(channel, FileChannel.MapMode.READ_ONLY, section.offset(), length);
  }

  private void expect(int id, long length) {
    Section section = find(id);
    if (section.length() != length) {
      throw corrupt(
          "a section has " + section.length() + " bytes, expected " + length,
          file,
          section.offset());
    }
  }

  private Section find(int id) {
    for (Section section : header.sections()) {
      if (section.id() == id) {
        return section;
      }
    }
    throw corrupt("the table lacks a section", file, TableHeader.LENGTH);
  }
}
