package org.wordmill.format.kenlm;

import java.io.IOException;
import org.wordmill.format.mapped.MappedBytes;

/** Words in a hash table, with ids in the order in which they were in the ARPA file. */
final class ProbingHashes implements WordHashes {
  private static final int VERSION = 0;
  private static final int HEADER = 8;
  private static final int ENTRY = 12;

  private final HashTable table;
  private final int size;

  private ProbingHashes(HashTable table, int size) {
    this.table = table;
    this.size = size;
  }

  static ProbingHashes map(Sections file, KenlmHeader header) throws IOException {
    MappedBytes head = file.peek(HEADER, "words");
    int version = head.getInt(0);
    if (version != VERSION) {
      throw file.fault(
          "the KenLM file has words of version "
              + Integer.toUnsignedString(version)
              + ", expected "
              + VERSION);
    }
    long size = head.getInt(4) & 0xFFFFFFFFL;
    // Without <unk> in the ARPA file there is one word more than it counted.
    if (size < 1 || size > header.count(1) + 1) {
      throw file.fault(
          "the KenLM file claims " + size + " words and " + header.count(1) + " unigrams");
    }
    file.next(HEADER, "words");
    return new ProbingHashes(
        HashTable.map(file, header, header.count(1), ENTRY, "words"), (int) size);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int find(long hash) {
    long entry = table.find(hash);
    return entry == HashTable.NONE ? NONE : table.getInt(entry + 8);
  }
}
