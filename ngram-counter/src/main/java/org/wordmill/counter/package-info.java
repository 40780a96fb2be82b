/**
 * Counting n-grams and estimating n-gram models as Spark jobs: {@link
 * org.wordmill.counter.NGramCounter} and {@link org.wordmill.counter.NGramEstimator}. The formulas
 * live in core, in {@code org.wordmill.ngram}; here is only how they are spread over a cluster.
 * Neither command lines nor neural models belong here.
 *
 * <p><b>No object per n-gram.</b> Words are strings of bytes while a split is read and while
 * results are written, and nowhere between: a split's text becomes varints, the vocabulary gets ids
 * by falling frequency, an n-gram is a few bits a word in one to three longs, a table of n-grams is
 * one array of longs that a radix sort orders in place, and what goes through a shuffle are blocks
 * of ascending n-grams, each coded by its difference from the one before. Every stage ends in a
 * lazy iterator of blocks, so a task holds one partition's table and some open blocks, not its
 * output.
 *
 * <p><b>Sentences padded on the left by N-1 {@code <s>}</b> make every n-gram that begins with
 * {@code <s>} an N-gram with superfluous {@code <s>} before it. So one kind of record carries all
 * orders, and short sentences need no special case.
 *
 * <p><b>Kneser-Ney in three shuffles.</b> For a text of T tokens, M n-grams of all orders, D of
 * them of the highest, and vocabulary V:
 *
 * <pre>
 *   text ──► read ─────────────► count ─────────► adjust ─────────► normalize ────► interpolate ──► ARPA
 *            each split once,    padded N-grams   suffix order:     prefix order:   suffix order:
 *            words to local      sorted and       left extensions   c(h.), gamma,   p = u +
 *            ids                 added up         of all orders     u, own gamma    gamma p(w|h')
 *              │     ▲               │                │ │               │
 *              │     │               ▼ shuffle 1      │ ▼ shuffle 2     ▼ shuffle 3
 *              │     │               by the last      │ by the first    by the last
 *              │     │               two words        │ two words       two words
 *              ▼     │               D..T records     │ M records       M records
 *            word counts             of 5-8 bytes     │ of 3-5 bytes    of 10-15 bytes
 *            by hash                                  ▼ statistics (an extra partition)
 *              │     │                                │
 *   driver     └►vocabulary: V words                  └►counts of counts ─► discounts
 *                                                       sums by word ─────► unigrams: V numbers
 * </pre>
 *
 * <ol>
 *   <li>Sorted in suffix order (by the last word, then the one before it, ...), the n-grams that
 *       share their last two words or more stand together in one partition, so one pass counts the
 *       left extensions of every order from 2 to N-1; a bigram is whole in one partition, so the
 *       extensions of unigrams are sums by word.
 *   <li>By the first two words and in prefix order, the n-grams with a common context of two words
 *       or more stand together, and so do an n-gram and those that it is the context of: one walk
 *       down the orders gives c(h.), gamma(h), u(w|h) and the n-gram's own back-off. Contexts of
 *       one word need the sums by word only.
 *   <li>In suffix order again an n-gram follows the one that it backs off to, so interpolation is a
 *       walk with one probability for each order, over the unigrams that every task has.
 * </ol>
 *
 * <p>Other smoothings run through the same chain: they differ in which count of an n-gram the first
 * walk hands on ({@link org.wordmill.counter.Smoothing}), raw ones in place of adjusted ones, and
 * in the two functions that make u and gamma of counts ({@link org.wordmill.ngram.OrderWeights}).
 *
 * <p>Counts in files take the place of the text ({@link org.wordmill.counter.CountInput}): the
 * unigrams give the vocabulary, with the same ids; the N-grams, and the shorter n-grams that begin
 * with {@code <s>}, are the padded N-grams of the first shuffle. All other counts follow from
 * these, so counts must be whole; for every word the padded N-grams that end in it must add up to
 * its count.
 *
 * <p>The statistics are needed before the second walk can start, and its input is the same shuffle:
 * a job over the extra partition alone writes the whole shuffle, gives the driver the statistics,
 * and leaves the other partitions for the next job. All sums are of integers, probabilities are
 * computed from one n-gram's numbers at a time, and ids do not depend on how the text was split; so
 * the result is the same, bit for bit, for any number of splits and partitions and whatever tasks
 * were repeated.
 *
 * <p><b>Memory and skew.</b> A task of stages two to four holds its partition's n-grams in 16 to 32
 * bytes each, those of one order twice while they are sorted; without a number from the user there
 * are enough partitions for about 1.5 million N-grams each. Keys of two words spread well: the most
 * frequent pair bounds the longest task. The driver and each executor hold the vocabulary (about 40
 * bytes and its letters a word) and 25 bytes a word of unigram numbers.
 */
@NullMarked
package org.wordmill.counter;

import org.jspecify.annotations.NullMarked;
