package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.DefaultConfiguration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.junit.jupiter.api.Test;

class BlockLogTest {

  private static LoggerContext context(Level root) {
    LoggerContext context = new LoggerContext("test");
    DefaultConfiguration configuration = new DefaultConfiguration();
    configuration.getRootLogger().setLevel(root);
    context.start(configuration);
    return context;
  }

  @Test
  void blocksAreQuietWhereEverythingIsAtInfo() {
    LoggerContext context = context(Level.INFO);
    BlockLog.quieten(context);
    assertThat(context.getLogger(BlockLog.LOGGER).getLevel()).isEqualTo(Level.WARN);
    assertThat(context.getLogger("org.apache.spark.executor.Executor").getLevel())
        .isEqualTo(Level.INFO);
  }

  @Test
  void whatSomebodyHasSetStays() {
    LoggerContext asked = context(Level.INFO);
    asked
        .getConfiguration()
        .addLogger(BlockLog.LOGGER, new LoggerConfig(BlockLog.LOGGER, Level.INFO, true));
    BlockLog.quieten(asked);
    assertThat(asked.getLogger(BlockLog.LOGGER).getLevel()).isEqualTo(Level.INFO);

    LoggerContext all = context(Level.DEBUG);
    BlockLog.quieten(all);
    assertThat(all.getLogger(BlockLog.LOGGER).getLevel()).isEqualTo(Level.DEBUG);

    LoggerContext few = context(Level.ERROR);
    BlockLog.quieten(few);
    assertThat(few.getLogger(BlockLog.LOGGER).getLevel()).isEqualTo(Level.ERROR);
  }
}
