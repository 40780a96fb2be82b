package org.wordmill.submit.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.wordmill.counter.FileSystems;
import org.wordmill.counter.InputListing;
import org.wordmill.counter.StandardInput;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import picocli.CommandLine.Option;

/**
 * Whether an output that is complete and was made of the same files in the same way is kept. Its
 * report says what it was made of.
 */
final class ResumeOption {
  /** The key of the report. */
  private static final String MADE_OF = "made_of";

  @Option(
      names = "--resume",
      description =
          "Keep the output if it is complete and was made of the same files, by their paths,"
              + " lengths and times, with the same settings; make it if it is not there. For"
              + " scripts that begin again after something has died.")
  private boolean resume;

  /**
   * Adds to a result what it was made of; nothing for standard input, which is not known again.
   *
   * @param settings all that decides on the output
   * @param inputs paths of everything that is read
   */
  void note(
      Map<String, Object> result,
      Map<String, Object> settings,
      List<String> inputs,
      Configuration configuration) {
    if (!inputs.contains(StandardInput.NAME)) {
      madeOf(settings, inputs, configuration).ifPresent(all -> result.put(MADE_OF, all));
    }
  }

  /** Empty when the inputs are not there, which is for the job to tell. */
  private static Optional<Map<String, Object>> madeOf(
      Map<String, Object> settings, List<String> inputs, Configuration configuration) {
    Map<String, Object> all = new LinkedHashMap<>(settings);
    try {
      all.put("inputs", InputListing.of(inputs, configuration));
      return Optional.of(all);
    } catch (WordmillException e) {
      return Optional.empty();
    }
  }

  /**
   * The result that is there already, when it is to be kept.
   *
   * @param outputs each with the file whose presence makes it complete
   * @param overwrite whether another result may be replaced
   * @throws WordmillException STORAGE when the result that is there was made of something else;
   *     USAGE for standard input
   */
  Optional<Map<String, Object>> kept(
      Map<ReportFile, String> outputs,
      Map<String, Object> settings,
      List<String> inputs,
      boolean overwrite,
      Configuration configuration) {
    if (!resume) {
      return Optional.empty();
    }
    if (inputs.contains(StandardInput.NAME)) {
      throw new WordmillException(
          ExitCode.USAGE,
          "standard input cannot be compared with what an output was made of",
          "option --resume",
          "name files, or leave it out");
    }
    Optional<Map<String, Object>> madeOf = madeOf(settings, inputs, configuration);
    if (madeOf.isEmpty()) {
      return Optional.empty();
    }
    JsonNode wanted = Json.parse(Json.write(madeOf.get()), "the settings");
    Map<String, Object> result = new LinkedHashMap<>();
    for (Map.Entry<ReportFile, String> output : outputs.entrySet()) {
      String report = output.getKey().path();
      if (!exists(report, configuration) || !exists(output.getValue(), configuration)) {
        return Optional.empty();
      }
      JsonNode found = Json.parse(RunFile.at(report, configuration).read("no report"), report);
      List<String> others = differences(found.path(MADE_OF), wanted);
      if (!others.isEmpty() && !overwrite) {
        throw new WordmillException(
            ExitCode.STORAGE,
            "the output was made in another way: " + String.join(", ", others),
            report,
            "give another output, or --overwrite");
      } else if (!others.isEmpty()) {
        return Optional.empty();
      }
      found.fields().forEachRemaining(field -> result.put(field.getKey(), field.getValue()));
    }
    return Optional.of(result);
  }

  private static List<String> differences(JsonNode found, JsonNode wanted) {
    List<String> others = new ArrayList<>();
    wanted
        .fields()
        .forEachRemaining(
            field -> {
              JsonNode old = found.path(field.getKey());
              if (!old.equals(field.getValue())) {
                others.add(field.getKey() + " was " + old + " and is " + field.getValue());
              }
            });
    return others;
  }

  private static boolean exists(String path, Configuration configuration) {
    try {
      return FileSystems.plain(new Path(path), configuration).exists(new Path(path));
    } catch (IOException | IllegalArgumentException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "cannot read: " + e.getMessage(), path, "check the path", e);
    }
  }
}
