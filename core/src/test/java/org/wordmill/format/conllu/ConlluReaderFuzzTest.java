package org.wordmill.format.conllu;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.wordmill.error.ExitCode;
import org.wordmill.fuzz.Untrusted;
import org.wordmill.text.TaggedSentence;
import org.wordmill.text.TextPolicy;

class ConlluReaderFuzzTest {
  private static List<ConlluSentence> sentences(byte[] file) throws IOException {
    ConlluReader reader = new ConlluReader(Untrusted.stream(file), "f.conllu", TextPolicy.DEFAULT);
    List<ConlluSentence> sentences = new ArrayList<>();
    for (Optional<ConlluSentence> next = reader.next(); next.isPresent(); next = reader.next()) {
      sentences.add(next.get());
    }
    return sentences;
  }

  @FuzzTest
  @Timeout(60)
  void sentencesThatAreReadAreWrittenAndReadAgain(byte[] file) {
    Untrusted.read(
        Set.of(ExitCode.BAD_INPUT),
        () -> {
          List<ConlluSentence> sentences = sentences(file);
          StringBuilder written = new StringBuilder();
          for (ConlluSentence sentence : sentences) {
            TaggedSentence tagged = sentence.tagged();
            assertThat(sentence.withTags(tagged.tags())).isEqualTo(sentence);
            sentence.write(written);
          }
          assertThat(sentences(written.toString().getBytes(StandardCharsets.UTF_8)))
              .isEqualTo(sentences);
        });
  }
}
