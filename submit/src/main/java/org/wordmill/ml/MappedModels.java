package org.wordmill.ml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.wordmill.error.WordmillException;
import org.wordmill.format.kenlm.KenlmModel;
import org.wordmill.format.ngramtable.NgramTable;
import org.wordmill.ngram.NgramModel;

/**
 * N-gram models in files that are mapped as they are: tables of pack, and binary files of KenLM.
 */
final class MappedModels {
  /** How many bytes tell what a file is. */
  static final int BEGINNING = 64;

  private MappedModels() {}

  static boolean isMapped(byte[] beginning) {
    return NgramTable.isTable(beginning) || KenlmModel.isKenlm(beginning);
  }

  /**
   * @throws WordmillException CORRUPT when it is neither, or not whole
   */
  static NgramModel open(Path file) throws IOException {
    byte[] beginning;
    try (InputStream in = Files.newInputStream(file)) {
      beginning = in.readNBytes(BEGINNING);
    }
    return KenlmModel.isKenlm(beginning) ? KenlmModel.open(file) : NgramTable.open(file);
  }
}
