package org.wordmill.counter;

/**
 * Where counts go: {@code order=1}, {@code order=2} ... and {@code _SUCCESS} under one directory.
 *
 * @param directory on any file system that Hadoop knows and that all machines share
 * @param overwrite whether what is already there is replaced, once the new output is complete
 */
public record CountTarget(String directory, boolean overwrite) {}
