/**
 * Spark jobs that train language models data-parallel: text to token shards, and steps whose
 * gradients are computed by tasks and added up in a fixed order. What a step computes is the affair
 * of core, and does not belong here.
 */
@NullMarked
package org.wordmill.trainer;

import org.jspecify.annotations.NullMarked;
