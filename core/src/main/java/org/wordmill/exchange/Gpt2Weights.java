package org.wordmill.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.huggingface.Gpt2Names;
import org.wordmill.format.json.Json;
import org.wordmill.format.safetensors.SafetensorsReader;
import org.wordmill.format.safetensors.ShardIndex;
import org.wordmill.format.safetensors.TensorInfo;
import org.wordmill.kernel.Precision;
import org.wordmill.model.TransformerConfig;
import org.wordmill.model.TransformerLm;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterVector;

/**
 * The parameters of a GPT-2 in one safetensors file or several. Every name and shape is held
 * against the model before memory for it is taken, so no configuration can ask for more than the
 * files are long.
 */
final class Gpt2Weights {
  /** The parameters of one block: weights and biases of two norms and four linear maps. */
  private static final int OF_A_BLOCK = 12;

  private final ModelFolder folder;

  Gpt2Weights(ModelFolder folder) {
    this.folder = folder;
  }

  ParameterVector read(TransformerConfig config) throws IOException {
    Map<String, TensorInfo> tensors = new HashMap<>();
    List<String> files = files(tensors);
    long blocks = config.layers();
    if (blocks * OF_A_BLOCK > tensors.size()) {
      throw corrupt(
          "the model has "
              + blocks
              + " blocks, and there are only "
              + tensors.size()
              + " tensors in its files",
          folder.location());
    }
    TransformerLm model = build(config);
    Map<String, Parameter> parameters = new HashMap<>();
    for (Parameter parameter : model.layout().parameters()) {
      parameters.put(parameter.name(), parameter);
    }
    requireAll(parameters, tensors);
    if (model.layout().size() > Integer.MAX_VALUE) {
      throw corrupt(
          "a model of " + model.layout().size() + " parameters is too large", folder.location());
    }
    ParameterVector values = new ParameterVector(model.layout(), Precision.FLOAT);
    float[] head = {};
    for (String file : files) {
      head = fill(file, parameters, values, head);
    }
    requireTied(head, values.of(require(parameters, Gpt2Names.TOKENS)).toFloats());
    return values;
  }

  private static Parameter require(Map<String, Parameter> parameters, String name) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalStateException("the model has no " + name);
    }
    return parameter;
  }

  private TransformerLm build(TransformerConfig config) {
    try {
      return config.build();
    } catch (WordmillException e) {
      throw corrupt(String.valueOf(e.getMessage()), folder.location());
    }
  }

  /** The files of the model, whose tensors are put into {@code tensors} by parameter. */
  private List<String> files(Map<String, TensorInfo> tensors) throws IOException {
    Optional<ShardIndex> index = index();
    List<String> files = index.map(ShardIndex::shards).orElse(List.of(Gpt2Files.WEIGHTS));
    for (String file : files) {
      try (InputStream in = folder.open(file)) {
        SafetensorsReader reader = SafetensorsReader.open(in, length(file), place(file));
        index.ifPresent(i -> i.requireTensors(file, reader.tensors(), place(file)));
        for (TensorInfo tensor : reader.tensors()) {
          if (tensors.put(Gpt2Names.parameter(tensor.name()), tensor) != null) {
            throw corrupt(
                "the parameter " + Gpt2Names.parameter(tensor.name()) + " is there twice",
                place(file));
          }
        }
      }
    }
    return files;
  }

  private Optional<ShardIndex> index() throws IOException {
    if (folder.length(Gpt2Files.WEIGHTS).isPresent()) {
      return Optional.empty();
    }
    OptionalLong length = folder.length(Gpt2Files.INDEX);
    if (length.isEmpty()) {
      boolean pickled = folder.length(Gpt2Files.PICKLE).isPresent();
      throw new WordmillException(
          ExitCode.STORAGE,
          "there is neither "
              + Gpt2Files.WEIGHTS
              + " nor "
              + Gpt2Files.INDEX
              + (pickled ? ", only " + Gpt2Files.PICKLE + ", which can run any code" : ""),
          folder.location(),
          pickled
              ? "save it anew with save_pretrained(safe_serialization=True)"
              : "give a folder that transformers has saved");
    }
    if (length.getAsLong() > Json.CHARACTERS) {
      throw corrupt(length.getAsLong() + " bytes are too many", place(Gpt2Files.INDEX));
    }
    try (InputStream in = folder.open(Gpt2Files.INDEX)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Optional.of(ShardIndex.parse(text, place(Gpt2Files.INDEX)));
    }
  }

  private long length(String file) throws IOException {
    return folder
        .length(file)
        .orElseThrow(
            () ->
                new WordmillException(
                    ExitCode.STORAGE,
                    "there is no " + file,
                    folder.location(),
                    "get the missing file of the model"));
  }

  /** Checks that every parameter is there in its shape, and nothing that nobody knows. */
  private void requireAll(Map<String, Parameter> parameters, Map<String, TensorInfo> tensors) {
    for (Parameter parameter : parameters.values()) {
      TensorInfo tensor = tensors.get(parameter.name());
      if (tensor == null) {
        throw corrupt("the parameter " + parameter.name() + " is missing", folder.location());
      }
      requireShape(tensor, Gpt2Layout.shapeInFile(parameter));
    }
    TensorInfo head = tensors.get(Gpt2Names.HEAD);
    if (head != null) {
      requireShape(head, Gpt2Layout.shapeInFile(require(parameters, Gpt2Names.TOKENS)));
    }
    Set<String> unknown = new HashSet<>(tensors.keySet());
    unknown.removeIf(
        name ->
            parameters.containsKey(name) || name.equals(Gpt2Names.HEAD) || Gpt2Names.isMask(name));
    if (!unknown.isEmpty()) {
      throw corrupt(
          unknown.size()
              + " tensors are not of the model that "
              + Gpt2Files.CONFIG
              + " describes, such as "
              + tensors.get(unknown.iterator().next()),
          folder.location());
    }
  }

  private void requireShape(TensorInfo tensor, List<Long> expected) {
    if (!tensor.shape().equals(expected)) {
      throw corrupt(
          "the parameter "
              + tensor.name()
              + " has the shape "
              + tensor.shape()
              + ", expected "
              + expected,
          folder.location());
    }
  }

  /** Fills in what a file holds; returns the head's table where it is among it. */
  private float[] fill(
      String file, Map<String, Parameter> parameters, ParameterVector values, float[] known)
      throws IOException {
    float[] head = known;
    try (InputStream in = folder.open(file)) {
      SafetensorsReader reader = SafetensorsReader.open(in, length(file), place(file));
      for (TensorInfo tensor : reader.tensors()) {
        String name = Gpt2Names.parameter(tensor.name());
        Parameter parameter = parameters.get(name);
        if (parameter != null) {
          values.of(parameter).copyFrom(Gpt2Layout.fromFile(parameter, reader.read(tensor)));
        } else if (name.equals(Gpt2Names.HEAD)) {
          head = reader.read(tensor);
        }
      }
    }
    return head;
  }

  private void requireTied(float[] head, float[] tokens) {
    if (head.length > 0 && !Arrays.equals(head, tokens)) {
      throw corrupt(
          Gpt2Names.HEAD + " is not " + Gpt2Names.TOKENS + ": the head is not tied",
          folder.location());
    }
  }

  private String place(String file) {
    return folder.location() + "/" + file;
  }

  private static WordmillException corrupt(String what, String where) {
    return new WordmillException(
        ExitCode.CORRUPT, what, where, "only whole models of GPT-2's formula can be read");
  }
}
