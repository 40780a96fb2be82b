package org.wordmill.counter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaPairRDD;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** All forms in which one model is written; each gets its name when it is complete. */
final class ModelOutputs implements ModelOutput {
  private final List<ModelTarget> targets;
  private final List<ModelOutput> outputs = new ArrayList<>();

  private ModelOutputs(List<ModelTarget> targets) {
    this.targets = targets;
  }

  /**
   * Checks all targets before any work is done.
   *
   * @throws WordmillException USAGE when there is none, or there are two of one form; else as
   *     {@link ModelOutput#begin}
   */
  static ModelOutputs begin(ModelTarget[] targets, Configuration configuration) {
    long forms = Arrays.stream(targets).map(Object::getClass).distinct().count();
    if (targets.length == 0 || forms < targets.length) {
      throw new WordmillException(
          ExitCode.USAGE,
          "a model is to be written to " + targets.length + " places of " + forms + " forms",
          "",
          "give an ARPA file, a directory for Parquet, or one of each");
    }
    ModelOutputs all = new ModelOutputs(List.of(targets));
    try {
      for (ModelTarget target : targets) {
        all.outputs.add(ModelOutput.begin(target, configuration));
      }
      return all;
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  /** The ARPA file; empty for none. */
  String arpa() {
    return path(ArpaTarget.class);
  }

  /** The directory of Parquet; empty for none. */
  String parquet() {
    return path(ParquetTarget.class);
  }

  private String path(Class<? extends ModelTarget> form) {
    return targets.stream().filter(form::isInstance).map(ModelOutputs::path).findFirst().orElse("");
  }

  private static String path(ModelTarget target) {
    return target instanceof ArpaTarget arpa ? arpa.path() : ((ParquetTarget) target).directory();
  }

  /** A job for each form; what lies before the last shuffle is done once. */
  @Override
  public void writeParts(JavaPairRDD<Integer, byte[]> lines) {
    outputs.forEach(output -> output.writeParts(lines));
  }

  @Override
  public void finish(long[] counts, byte[] unigrams) throws IOException {
    for (ModelOutput output : outputs) {
      output.finish(counts, unigrams);
    }
  }

  @Override
  public void close() {
    outputs.forEach(ModelOutput::close);
  }

  /** The places, for people. */
  static String names(List<ModelTarget> targets) {
    return targets.stream().map(ModelOutputs::path).collect(Collectors.joining(" and "));
  }

  @Override
  public String toString() {
    return names(targets);
  }
}
