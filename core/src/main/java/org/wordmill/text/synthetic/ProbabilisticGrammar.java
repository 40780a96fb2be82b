package org.wordmill.text.synthetic;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A probabilistic context-free grammar: each nonterminal is rewritten by one of its rules,
 * independently of everything else. In an unambiguous grammar (each sentence has one derivation)
 * the entropy of the language is that of the derivations, which has a closed form:
 *
 * <pre>
 * h(A) = H(rules of A) + sum over rules r of p(r) * sum over nonterminals B in r of h(B)
 * </pre>
 *
 * and likewise for the expected number of terminals. Whether a grammar is unambiguous is the
 * business of whoever writes it. Immutable and thread-safe.
 *
 * <p>Source: Grenander, "Syntax-controlled probabilities", 1967 (derivational entropy).
 */
public final class ProbabilisticGrammar {
  private static final double CONVERGED = 1e-14;
  private static final int MAX_ITERATIONS = 100_000;

  /**
   * One way to rewrite a nonterminal: symbols that name a nonterminal are rewritten in turn, others
   * are words.
   */
  record Rule(double probability, List<String> symbols) {}

  /** A sentence and -log2 of its probability, in bits. */
  public record Sentence(List<String> words, double bits) {

    /** The words with single spaces between them. */
    public String text() {
      return String.join(" ", words);
    }
  }

  private final String start;
  private final Map<String, List<Rule>> rules;
  private final double bitsPerSentence;
  private final double wordsPerSentence;

  private ProbabilisticGrammar(String start, Map<String, List<Rule>> rules) {
    this.start = start;
    this.rules = rules;
    Map<String, Double> choice = new LinkedHashMap<>();
    Map<String, Double> length = new LinkedHashMap<>();
    rules.forEach(
        (symbol, alternatives) -> {
          choice.put(
              symbol,
              alternatives.stream()
                  .mapToDouble(r -> -r.probability() * log2(r.probability()))
                  .sum());
          length.put(
              symbol, alternatives.stream().mapToDouble(r -> r.probability() * terminals(r)).sum());
        });
    this.bitsPerSentence = expectedTotal(choice);
    this.wordsPerSentence = expectedTotal(length);
  }

  private long terminals(Rule rule) {
    return rule.symbols().stream().filter(symbol -> !rules.containsKey(symbol)).count();
  }

  /**
   * Solves t(A) = own(A) + sum p(r) sum t(B) by iteration, which converges because derivations end.
   */
  private double expectedTotal(Map<String, Double> own) {
    Map<String, Double> total = new LinkedHashMap<>(own);
    for (int i = 0; i < MAX_ITERATIONS; i++) {
      double change = 0;
      for (Map.Entry<String, List<Rule>> entry : rules.entrySet()) {
        double value = own.getOrDefault(entry.getKey(), 0.0);
        for (Rule rule : entry.getValue()) {
          for (String symbol : rule.symbols()) {
            value += rule.probability() * total.getOrDefault(symbol, 0.0);
          }
        }
        Double before = total.put(entry.getKey(), value);
        change =
            Math.max(change, Math.abs(value - (before == null ? 0 : before)) / Math.max(1, value));
      }
      if (change < CONVERGED) {
        return total.getOrDefault(start, 0.0);
      }
    }
    throw new IllegalArgumentException("the grammar's derivations do not end with probability 1");
  }

  /** The entropy of one sentence in bits, exact for an unambiguous grammar. */
  public double bitsPerSentence() {
    return bitsPerSentence;
  }

  /** The expected number of words of one sentence, its end not counted. */
  public double wordsPerSentence() {
    return wordsPerSentence;
  }

  /** The entropy rate in bits per token, where the end of each sentence counts as a token. */
  public double bitsPerToken() {
    return bitsPerSentence / (wordsPerSentence + 1);
  }

  /**
   * The lowest perplexity per token that any model can reach on long text: 2 to the power of {@link
   * #bitsPerToken}.
   */
  public double bestPerplexity() {
    return Math.pow(2, bitsPerToken());
  }

  /** Draws one sentence. */
  public Sentence sample(RandomGenerator random) {
    List<String> words = new ArrayList<>();
    double bits = 0;
    Deque<String> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      String symbol = open.pop();
      List<Rule> alternatives = rules.get(symbol);
      if (alternatives == null) {
        words.add(symbol);
        continue;
      }
      Rule rule = roll(alternatives, random.nextDouble());
      bits -= log2(rule.probability());
      for (int i = rule.symbols().size() - 1; i >= 0; i--) {
        open.push(rule.symbols().get(i));
      }
    }
    return new Sentence(words, bits);
  }

  /**
   * log2 of the probability of a sentence, summed over its derivations; negative infinity for what
   * is no sentence of the language. By the inside algorithm, top-down: for each nonterminal and
   * place, which places it can end at, and how likely.
   *
   * @throws IllegalStateException if a nonterminal can begin with itself
   */
  public double log2Probability(List<String> words) {
    return log2(new Inside(words).endsOf(start, 0).getOrDefault(words.size(), 0.0));
  }

  private final class Inside {
    private final List<String> words;
    private final Map<String, Map<Integer, Double>> known = new HashMap<>();
    private final Set<String> underWay = new HashSet<>();

    Inside(List<String> words) {
      this.words = words;
    }

    /** By end, the probability that {@code symbol} becomes the words from {@code begin} to it. */
    Map<Integer, Double> endsOf(String symbol, int begin) {
      List<Rule> alternatives = rules.get(symbol);
      if (alternatives == null) {
        boolean matches = begin < words.size() && words.get(begin).equals(symbol);
        return matches ? Map.of(begin + 1, 1.0) : Map.of();
      }
      String key = begin + " " + symbol;
      Map<Integer, Double> found = known.get(key);
      if (found == null) {
        if (!underWay.add(key)) {
          throw new IllegalStateException(symbol + " can begin with itself");
        }
        found = new HashMap<>();
        for (Rule rule : alternatives) {
          Map<Integer, Double> places = Map.of(begin, rule.probability());
          for (String next : rule.symbols()) {
            Map<Integer, Double> after = new HashMap<>();
            places.forEach(
                (place, p) ->
                    endsOf(next, place).forEach((end, q) -> after.merge(end, p * q, Double::sum)));
            places = after;
          }
          Map<Integer, Double> sum = found;
          places.forEach((end, p) -> sum.merge(end, p, Double::sum));
        }
        underWay.remove(key);
        known.put(key, found);
      }
      return found;
    }
  }

  private static Rule roll(List<Rule> alternatives, double at) {
    double left = at;
    for (Rule rule : alternatives) {
      left -= rule.probability();
      if (left < 0) {
        return rule;
      }
    }
    return alternatives.get(alternatives.size() - 1);
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }

  /** Starts a grammar. */
  static Builder startingWith(String start) {
    return new Builder(start);
  }

  /** Gathers rules; weights of one nonterminal are divided by their sum at the end. */
  static final class Builder {
    private final String start;
    private final Map<String, List<Rule>> weighted = new LinkedHashMap<>();

    private Builder(String start) {
      this.start = start;
    }

    /**
     * Adds a rule.
     *
     * @param weight above 0
     * @param symbols separated by single spaces; the empty string rewrites to nothing
     */
    Builder rule(String nonterminal, double weight, String symbols) {
      if (!(weight > 0)) {
        throw new IllegalArgumentException("a rule of " + nonterminal + " has weight " + weight);
      }
      weighted
          .computeIfAbsent(nonterminal, key -> new ArrayList<>())
          .add(new Rule(weight, symbols.isEmpty() ? List.of() : List.of(symbols.split(" "))));
      return this;
    }

    /** Adds one rule for each word, with weights falling as 1 / rank (Zipf's law). */
    Builder words(String nonterminal, String words) {
      int rank = 0;
      for (String word : words.split(" ")) {
        rank++;
        rule(nonterminal, 1.0 / rank, word);
      }
      return this;
    }

    ProbabilisticGrammar build() {
      if (!weighted.containsKey(start)) {
        throw new IllegalArgumentException("no rule rewrites the start symbol " + start);
      }
      Map<String, List<Rule>> normalized = new LinkedHashMap<>();
      weighted.forEach(
          (symbol, alternatives) -> {
            double sum = alternatives.stream().mapToDouble(Rule::probability).sum();
            normalized.put(
                symbol,
                alternatives.stream()
                    .map(r -> new Rule(r.probability() / sum, r.symbols()))
                    .toList());
          });
      return new ProbabilisticGrammar(start, normalized);
    }
  }
}
