package org.wordmill.format.kenlm;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.Vocabulary;
import org.wordmill.text.Words;

/**
 * The words of a KenLM file. They are told apart by hashes of 64 bits alone, as KenLM does; what
 * they are is known where the file was built with them.
 */
final class KenlmWords implements Words {
  private static final int UNKNOWN_ID = 0;
  private static final long UNKNOWN_HASH = hash(Vocabulary.UNKNOWN);

  private final WordHashes hashes;
  private final @Nullable WordStrings strings;
  private final String file;

  KenlmWords(WordHashes hashes, @Nullable WordStrings strings, String file) {
    this.hashes = hashes;
    this.strings = strings;
    this.file = file;
  }

  private static long hash(String word) {
    byte[] text = word.getBytes(StandardCharsets.UTF_8);
    return Murmur.hash(text, 0, text.length);
  }

  @Override
  public int size() {
    return hashes.size();
  }

  @Override
  public boolean hasStrings() {
    return strings != null;
  }

  @Override
  public int find(byte[] text, int from, int to) {
    return find(Murmur.hash(text, from, to));
  }

  @Override
  public int find(String word) {
    return find(hash(word));
  }

  private int find(long hash) {
    if (hash == UNKNOWN_HASH) {
      return UNKNOWN_ID;
    }
    int id = hashes.find(hash);
    if (id == WordHashes.NONE) {
      return Vocabulary.NONE;
    }
    if (id <= UNKNOWN_ID || id >= hashes.size()) {
      throw KenlmHeader.corrupt("a word of the KenLM file has the id " + id, file, 0);
    }
    return id;
  }

  /**
   * {@inheritDoc}
   *
   * @throws WordmillException CORRUPT where the file has no words
   */
  @Override
  public String word(int id) {
    if (strings == null) {
      throw new WordmillException(
          ExitCode.CORRUPT,
          "the KenLM file was built without its words, so it can score text and nothing else",
          file,
          "build it again from the ARPA file without -v");
    }
    return new String(strings.bytes(id), StandardCharsets.UTF_8);
  }
}
