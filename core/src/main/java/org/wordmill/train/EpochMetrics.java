package org.wordmill.train;

/**
 * What is known of an epoch when it ends: every window of the training text was in a batch once; of
 * a mix, as many windows were as its sources have together.
 *
 * @param epoch counted from 1
 * @param step the steps made by then
 * @param meanLoss nats per token over the batches of the epoch, each loss taken before its update;
 *     a batch with the last windows of one epoch and the first of the next counts to the first
 * @param tokens that it is the mean of
 * @param whole whether all of the epoch is in it; false for the epoch in which a run was resumed
 *     from a checkpoint of a version that did not keep what had been gathered
 */
public record EpochMetrics(long epoch, long step, double meanLoss, long tokens, boolean whole) {}
