package org.wordmill.trainer;

import java.io.Serializable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.wordmill.train.TrainingConfig;

/**
 * All that a task has to know of a run besides parameters and step: the same for every step, so an
 * executor sets up its share of the run once.
 *
 * @param run unique among all runs that an executor may ever see
 * @param trainingTokens the folder of the training text's token shards
 * @param validationTokens the folder of the validation text's token shards
 */
record RunSpec(
    String run,
    TrainingConfig config,
    String trainingTokens,
    String validationTokens,
    Broadcast<SerializableConfiguration> hadoop)
    implements Serializable {

  /** How many sources the training text has; one where nothing is mixed. */
  int sources() {
    return config.mix().isPresent() ? config.mix().sources().size() : 1;
  }

  Path trainingFolder() {
    return new Path(trainingTokens);
  }

  Path validationFolder() {
    return new Path(validationTokens);
  }
}
