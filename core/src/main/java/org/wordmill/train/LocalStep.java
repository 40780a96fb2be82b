package org.wordmill.train;

/**
 * A step that a replica has made on its own.
 *
 * @param sum of loss and targets of its part of the batch
 * @param norm of its mean gradient, before clipping
 * @param finite whether loss and gradient were, so that there was an update
 * @param inputSeconds spent in getting its tokens
 */
public record LocalStep(BatchSum sum, double norm, boolean finite, double inputSeconds) {}
