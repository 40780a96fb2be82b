package org.wordmill.trainer;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.LoggerConfig;

/**
 * What executors log of blocks. Spark logs at INFO by default, a line for each block that a process
 * keeps: of {@link StepBlocks} some hundred a step, and gigabytes in a long training.
 */
final class BlockLog {
  static final String LOGGER = "org.apache.spark.storage.memory.MemoryStore";

  private BlockLog() {}

  /**
   * Has this process log of blocks only what is wrong. A level that somebody has set for blocks, or
   * another one than INFO for everything, stays.
   */
  static void quieten() {
    if (LogManager.getContext(false) instanceof LoggerContext context) {
      quieten(context);
    }
  }

  static void quieten(LoggerContext context) {
    LoggerConfig inherited = context.getConfiguration().getLoggerConfig(LOGGER);
    if (!inherited.getName().equals(LOGGER) && inherited.getLevel().equals(Level.INFO)) {
      context.getConfiguration().addLogger(LOGGER, new LoggerConfig(LOGGER, Level.WARN, true));
      context.updateLoggers();
    }
  }
}
