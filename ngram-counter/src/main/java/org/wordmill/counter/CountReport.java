package org.wordmill.counter;

import java.util.List;
import java.util.Map;
import org.wordmill.text.TextReport;

/**
 * What a count did.
 *
 * @param ngrams element n-1 is the number of distinct n-grams of order n that were written
 * @param tokens words of the text, without sentence boundaries
 * @param unknownTokens words of the text that became {@code <unk>}
 * @param vocabulary distinct words of the text, without the reserved ones
 * @param text what was met while reading
 * @param splits tasks that read text
 * @param partitions of the shuffle
 * @param seconds by stage, in the order of the stages
 * @param tasks by stage, of the stages with more than one task, how evenly these ran
 */
public record CountReport(
    String directory,
    List<Long> ngrams,
    long tokens,
    long unknownTokens,
    long sentences,
    long vocabulary,
    TextReport text,
    int splits,
    int partitions,
    Map<String, Double> seconds,
    Map<String, TaskTimes> tasks) {}
