package org.wordmill.train;

/**
 * How long steps took, in seconds: what half of them, and nine of ten, did not exceed, and the
 * longest. Far apart, they tell of stragglers. NaN where there were no steps.
 */
public record StepSeconds(double p50, double p90, double max) {}
