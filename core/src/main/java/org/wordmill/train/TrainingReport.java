package org.wordmill.train;

import java.util.OptionalDouble;

/**
 * How a run ended.
 *
 * @param steps made, those before a resume too
 * @param tokens trained on
 * @param parameters that are learned
 * @param loss nats per token of the last step
 * @param validationLoss nats per token at the end, when it was evaluated
 * @param bestValidationLoss the lowest of the run
 * @param skipped steps that made no update, those before a resume too
 * @param seconds since this run, or its continuation, began
 * @param stepSeconds of the steps since then
 */
public record TrainingReport(
    long steps,
    long tokens,
    long parameters,
    double loss,
    OptionalDouble validationLoss,
    OptionalDouble bestValidationLoss,
    long skipped,
    double seconds,
    StepSeconds stepSeconds) {}
