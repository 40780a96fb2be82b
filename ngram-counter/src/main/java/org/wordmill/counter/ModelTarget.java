package org.wordmill.counter;

/** Where a model goes, and in which form. */
public sealed interface ModelTarget permits ArpaTarget, ParquetTarget {}
