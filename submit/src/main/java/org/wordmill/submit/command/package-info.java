/**
 * The commands, one class each, and what they share: the console, the faults in one line, the Spark
 * context. A command turns options into a call of another module and prints what comes back; it
 * computes nothing itself.
 */
@NullMarked
package org.wordmill.submit.command;

import org.jspecify.annotations.NullMarked;
