package org.wordmill.submit.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.wordmill.format.json.Json;
import org.wordmill.model.ModelConfig;
import org.wordmill.submit.config.Presets;
import org.wordmill.submit.config.Settings;
import org.wordmill.submit.config.TrainingSettings;
import org.wordmill.tape.Parameter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is in a model or a preset. */
@Command(
    name = "inspect",
    header = "What is in a model, a checkpoint or a preset.",
    description =
        "Tells sizes: of an ARPA file its order and entries; of a training output its model,"
            + " parameters and checkpoints; of a preset or settings file its settings and the"
            + " parameters that the model would have.",
    footer = {
      "",
      "Examples:",
      "  wordmill inspect model.arpa",
      "  wordmill inspect shakespeare-char --vocabulary-size 65"
    })
final class InspectCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(
      paramLabel = "PATH|PRESET",
      description = "A model, a settings file (*.conf), or the name of a preset.")
  private String subject = "";

  @Option(
      names = "--vocabulary-size",
      paramLabel = "V",
      defaultValue = "100",
      description =
          "For settings: the vocabulary to count parameters with, which the training text will"
              + " decide. Default: ${DEFAULT-VALUE}.")
  private int vocabularySize;

  InspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (isSettings()) {
      settings();
      return 0;
    }
    try (OpenModel model = Models.open(subject, console)) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("path", model.path());
      result.put("kind", model.kind());
      result.putAll(model.facts());
      console.result(common.json(), result, () -> asText(result));
    }
    return 0;
  }

  /** The configuration of a trained model is too long for a line. */
  private static String asText(Map<String, Object> facts) {
    Map<String, Object> lines = new LinkedHashMap<>(facts);
    Object config = lines.remove(Models.CONFIG);
    return Tables.facts(lines) + (config instanceof JsonNode json ? json.toPrettyString() : "");
  }

  private boolean isSettings() {
    if (subject.endsWith(".conf")) {
      return true;
    }
    try {
      return Presets.names().contains(subject) && !Files.exists(Path.of(subject));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private void settings() {
    Config config = Settings.load(subject, List.of());
    ModelConfig model = TrainingSettings.of(config).model().withVocabularySize(vocabularySize);
    List<Map<String, Object>> parameters = new ArrayList<>();
    long count = 0;
    for (Parameter parameter : model.build().layout().parameters()) {
      long elements = 1;
      for (int extent : parameter.shape()) {
        elements *= extent;
      }
      count += elements;
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", parameter.name());
      one.put("shape", parameter.shape());
      one.put("elements", elements);
      parameters.add(one);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("settings", Json.parse(config.root().render(Settings.CONCISE), subject));
    result.put("vocabulary_size", vocabularySize);
    result.put("parameter_count", count);
    result.put("parameters", parameters);
    long total = count;
    console.result(
        common.json(),
        result,
        () -> Settings.render(config) + "\n" + table(parameters) + "parameters in all: " + total);
  }

  private static String table(List<Map<String, Object>> parameters) {
    return Tables.table(
        List.of("parameter", "shape", "elements"),
        parameters.stream()
            .map(
                one ->
                    List.of(
                        String.valueOf(one.get("name")),
                        Json.write(one.get("shape")),
                        String.valueOf(one.get("elements"))))
            .toList());
  }
}
