package org.wordmill.counter;

/**
 * Where an ARPA file goes.
 *
 * @param path on any file system that Hadoop knows and that the driver and the executors share; a
 *     name that ends in {@code .gz} is compressed
 * @param overwrite whether a file that is already there is replaced, once the new one is complete
 */
public record ArpaTarget(String path, boolean overwrite) implements ModelTarget {}
