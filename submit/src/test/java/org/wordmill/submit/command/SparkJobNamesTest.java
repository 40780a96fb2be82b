package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.wordmill.submit.command.Ran.wordmill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Spark's user interface says of the jobs of every command. */
class SparkJobNamesTest {
  private static final String LISTENERS = "spark.extraListeners";

  @TempDir private Path folder;
  private Path text;

  /** Made by Spark, by its name. */
  public static final class Jobs extends SparkListener {
    static final List<Properties> SEEN = new CopyOnWriteArrayList<>();

    @Override
    public void onJobStart(SparkListenerJobStart start) {
      SEEN.add(start.properties());
    }
  }

  @BeforeEach
  void listen() throws IOException {
    System.setProperty(LISTENERS, Jobs.class.getName());
    text = Files.writeString(folder.resolve("text.txt"), "the mill grinds\nthe wheel\n".repeat(30));
  }

  @AfterEach
  void forget() {
    System.clearProperty(LISTENERS);
  }

  /** Runs a command whose jobs are all in its group, each with a sentence of its own. */
  private void run(String command, Object... more) {
    Jobs.SEEN.clear();
    Object[] arguments = new Object[more.length + 3];
    arguments[0] = command;
    arguments[1] = "--input";
    arguments[2] = text;
    System.arraycopy(more, 0, arguments, 3, more.length);
    Ran ran = wordmill(arguments);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(Jobs.SEEN)
        .isNotEmpty()
        .allSatisfy(
            job -> {
              assertThat(job.getProperty("spark.jobGroup.id")).isEqualTo("wordmill " + command);
              assertThat(job.getProperty("spark.job.description"))
                  .as("a job at %s", job.getProperty("callSite.short"))
                  .matches("[A-Z].* .*");
            });
  }

  @Test
  void everyJobHasTheGroupOfItsCommandAndASentence() {
    Path arpa = folder.resolve("model.arpa");
    Path shards = folder.resolve("shards");
    Path run = folder.resolve("run");
    run("count", "--order", 2, "--output", folder.resolve("counts"));
    run("estimate", "--order", 2, "--discount-fallback", "--arpa", arpa);
    run("score", "--model", arpa, "--output", folder.resolve("scored"), "--buckets", "50");
    run("prepare", "--tokenizer", "words", "--output", shards);
    run(
        "train",
        "--validation",
        text,
        "--config",
        "gpt-tiny",
        "--output",
        run,
        "--set",
        "model.width=8",
        "--set",
        "model.context_length=16",
        "--set",
        "schedule.steps=2");
  }
}
