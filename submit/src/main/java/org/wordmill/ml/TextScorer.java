package org.wordmill.ml;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.LanguageModel;
import org.wordmill.lm.Perplexity;
import org.wordmill.lm.Spelling;
import org.wordmill.lm.StreamScorer;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.WhitespaceWords;

/** Scores one text after another under one model, on one thread at a time. */
abstract class TextScorer {
  private final TextPolicy policy;

  private TextScorer(TextPolicy policy) {
    this.policy = policy;
  }

  static TextScorer of(LanguageModel model, Tokenizer tokenizer, TextPolicy policy) {
    return tokenizer instanceof WhitespaceWords
        ? new OfSentences(model, policy)
        : new OfStream(model, tokenizer, policy);
  }

  TextPolicy policy() {
    return policy;
  }

  /**
   * The score of a text by itself.
   *
   * @param text UTF-8
   * @param name for messages
   * @return with no tokens when there is nothing to score, or the policy drops it
   * @throws WordmillException BAD_INPUT where the policy says so
   */
  final Perplexity score(byte[] text, String name) {
    return scores(List.of(text), name).get(0);
  }

  /**
   * The scores of several texts, each by itself, as {@link #score}: together, where that takes the
   * model less time.
   */
  abstract List<Perplexity> scores(List<byte[]> texts, String name);

  /** The lines of the text are sentences of words. */
  private static final class OfSentences extends TextScorer {
    /** Only bits per character need one, which nobody asks for here. */
    private static final Spelling NONE = new Spelling(1);

    private final CorpusScorer scorer;

    OfSentences(LanguageModel model, TextPolicy policy) {
      super(policy);
      scorer = new CorpusScorer(model, policy, NONE);
    }

    @Override
    List<Perplexity> scores(List<byte[]> texts, String name) {
      return scorer.score(texts, name);
    }
  }

  /** The text is one stream of characters or pieces of words. */
  private static final class OfStream extends TextScorer {
    private final LanguageModel model;
    private final Tokenizer tokenizer;

    OfStream(LanguageModel model, Tokenizer tokenizer, TextPolicy policy) {
      super(policy);
      this.model = model;
      this.tokenizer = tokenizer;
    }

    @Override
    List<Perplexity> scores(List<byte[]> texts, String name) {
      List<int[]> streams = new ArrayList<>();
      List<Integer> characters = new ArrayList<>();
      for (byte[] text : texts) {
        String decoded = decode(text, name);
        streams.add(tokenizer.encode(decoded));
        characters.add(decoded.codePointCount(0, decoded.length()));
      }
      return StreamScorer.score(model, streams, characters);
    }

    /** The text, or none where the policy drops it. */
    private String decode(byte[] text, String name) {
      if (policy().malformed() == TextPolicy.Malformed.REPLACE) {
        return new String(text, StandardCharsets.UTF_8);
      }
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
      } catch (CharacterCodingException e) {
        if (policy().malformed() == TextPolicy.Malformed.DROP_LINE) {
          return "";
        }
        throw new WordmillException(
            ExitCode.BAD_INPUT,
            "the text is not valid UTF-8",
            name,
            "repair it, or choose to replace malformed bytes or to drop such texts",
            e);
      }
    }
  }
}
