package org.wordmill.format.ngramtable;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Timeout;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.fuzz.Untrusted;
import org.wordmill.lm.LanguageModel;

/** Tables of every layout, changed in places and with a header whose checksum is right again. */
class NgramTableFuzzTest {
  private static final int LENGTH_AT = 40;

  /** Behind it the header of a small table is zeros. */
  private static final int HEADER_IN_USE = 900;

  private static final List<byte[]> WHOLE = new ArrayList<>();
  private static final Path FILE;

  static {
    try {
      FILE = Files.createTempFile("fuzz", ".table");
      FILE.toFile().deleteOnExit();
      for (TableLayout layout : TableLayout.values()) {
        for (String arpa : List.of(SampleArpa.random(3, 3, "", 8), SampleArpa.NOT_SUFFIX_CLOSED)) {
          SampleArpa.table(arpa, FILE, layout, false);
          WHOLE.add(Files.readAllBytes(FILE));
        }
      }
      SampleArpa.table(SampleArpa.NOT_SUFFIX_CLOSED, FILE, TableLayout.COMPACT, true);
      WHOLE.add(Files.readAllBytes(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param changes which table; then, again and again, a place in it and the byte that goes there
   */
  @FuzzTest
  @Timeout(60)
  void queriesOfADamagedTableEndOrAreRefused(byte[] changes) throws IOException {
    byte[] table = WHOLE.get(changes.length == 0 ? 0 : (changes[0] & 0xFF) % WHOLE.size()).clone();
    ByteBuffer bytes = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 1; i + 2 < changes.length; i += 3) {
      int place = (changes[i] & 0xFF) << 8 | changes[i + 1] & 0xFF;
      place %= table.length - TableHeader.LENGTH + HEADER_IN_USE;
      bytes.put(
          place < HEADER_IN_USE ? place : place - HEADER_IN_USE + TableHeader.LENGTH,
          changes[i + 2]);
    }
    if (changes.length > 0 && changes.length % 3 != 1) {
      table = Arrays.copyOf(table, table.length - (changes[changes.length - 1] & 0x7F));
    } else {
      bytes.putLong(LENGTH_AT, table.length);
      CRC32C crc = new CRC32C();
      crc.update(table, 0, TableHeader.LENGTH - 4);
      bytes.putInt(TableHeader.LENGTH - 4, (int) crc.getValue());
    }
    Files.write(FILE, table);
    Untrusted.read(Set.of(ExitCode.CORRUPT), () -> query(NgramTable.open(FILE)));
  }

  private static void query(NgramTable table) throws IOException {
    int size = table.vocabulary().size();
    LanguageModel.State state = table.start();
    for (int i = 0; i < 20; i++) {
      table.logProbability(state, i % size);
      state = table.advance(state, i % size);
    }
    int[] text = new int[70];
    Arrays.setAll(text, i -> i * 7 % size);
    table.logProbabilities(state, text, new double[text.length]);
    if (size <= 1000) {
      table.nextLogProbabilities(state, new float[size]);
      table.vocabulary().tokens();
    }
    table.vocabulary().id("w3");
    Untrusted.read(Set.of(ExitCode.CORRUPT), table::verify);
    int[] room = {100_000};
    for (int order = 1; order <= table.order(); order++) {
      try {
        table.forEach(
            order,
            (ngram, probability, backoff) -> {
              if (room[0]-- == 0) {
                throw new Enough();
              }
            });
      } catch (WordmillException e) {
        if (e.exitCode() != ExitCode.CORRUPT) {
          throw e;
        }
      } catch (Enough e) {
        return;
      }
    }
  }

  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
