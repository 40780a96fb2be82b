package org.wordmill.counter;

/**
 * Where a model goes as a table for SQL: Parquet under {@code order=1}, {@code order=2} ... and
 * {@code _SUCCESS} in one directory, so that Spark reads the order as a column.
 *
 * <pre>
 *   ngram    array&lt;string&gt;
 *   logprob  double, log10, the number of the ARPA file
 *   backoff  double, log10; null in the highest order
 *   order    int, from the directory
 * </pre>
 *
 * <p>There are no counts: those that a smoothing takes (of continuations, for Kneser-Ney) are
 * behind when the probabilities are interpolated. {@link NGramCounter} writes counts.
 *
 * @param directory on any file system that Hadoop knows and that the driver and the executors share
 * @param overwrite whether what is already there is replaced, once the new output is complete
 */
public record ParquetTarget(String directory, boolean overwrite) implements ModelTarget {}
