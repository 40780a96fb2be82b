package org.wordmill.format.kenlm;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.wordmill.error.ExitCode;
import org.wordmill.fuzz.Untrusted;
import org.wordmill.lm.LanguageModel;

/** Binary files of KenLM of every kind, changed in places, cut off, or made up altogether. */
class KenlmModelFuzzTest {
  private static final List<byte[]> WHOLE =
      Stream.concat(GoldenFiles.GRIST.stream(), Stream.of("pruned-probing.klm", "pruned-trie.klm"))
          .map(GoldenFiles::bytes)
          .toList();

  private static final Path FILE;

  static {
    try {
      FILE = Files.createTempFile("fuzz", ".klm");
      FILE.toFile().deleteOnExit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param changes which file; then, again and again, a place in it and the byte that goes there;
   *     one or two bytes more cut it off. From number 128 on it is a file itself.
   */
  @FuzzTest
  @Timeout(60)
  void queriesOfADamagedFileEndOrAreRefused(byte[] changes) throws IOException {
    byte[] file;
    if (changes.length > 0 && changes[0] < 0) {
      file = Arrays.copyOfRange(changes, 1, changes.length);
    } else {
      file = WHOLE.get(changes.length == 0 ? 0 : changes[0] % WHOLE.size()).clone();
      for (int i = 1; i + 2 < changes.length; i += 3) {
        int place = (changes[i] & 0xFF) << 8 | changes[i + 1] & 0xFF;
        file[place % file.length] = changes[i + 2];
      }
      if (changes.length > 0 && changes.length % 3 != 1) {
        file = Arrays.copyOf(file, file.length - (changes[changes.length - 1] & 0x7F));
      }
    }
    Files.write(FILE, file);
    Untrusted.read(Set.of(ExitCode.CORRUPT), () -> query(KenlmModel.open(FILE)));
  }

  private static void query(KenlmModel model) {
    int size = model.vocabulary().size();
    LanguageModel.State state = model.start();
    for (int i = 0; i < 20; i++) {
      model.logProbability(state, i % size);
      state = model.advance(state, i % size);
    }
    int[] text = new int[70];
    Arrays.setAll(text, i -> i * 7 % size);
    model.logProbabilities(state, text, new double[text.length]);
    if (size <= 1000) {
      model.nextLogProbabilities(state, new float[size]);
      if (model.vocabulary().hasStrings()) {
        model.vocabulary().tokens();
      }
    }
    model.vocabulary().id("flour");
  }
}
