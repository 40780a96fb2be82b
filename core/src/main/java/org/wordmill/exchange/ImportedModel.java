package org.wordmill.exchange;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.OptionalDouble;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.Snapshot;
import org.wordmill.format.json.Json;
import org.wordmill.model.TransformerConfig;
import org.wordmill.tape.ParameterVector;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.TokenizerFiles;

/**
 * A model that another program has trained.
 *
 * @param parameters of the layout of the model that {@code config} builds
 * @param tokenizer has the model's vocabulary
 */
public record ImportedModel(
    TransformerConfig config, ParameterVector parameters, Tokenizer tokenizer) {

  /**
   * The model alone as what goes into a checkpoint of step 0. There is no state of an optimizer in
   * it, so no training can be resumed from it; one can begin with its parameters.
   */
  public Snapshot snapshot() {
    ObjectNode model = (ObjectNode) Json.parse(Json.write(config), "the model");
    model.put("kind", config.kind());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("model", model);
    return new Snapshot(
        0,
        json,
        "",
        TokenizerFiles.write(tokenizer),
        parameters.layout(),
        Map.of(Checkpoints.PARAMETERS, parameters.flat()),
        // What was read elsewhere is not known here.
        Map.of("tokens", 0L),
        OptionalDouble.empty());
  }
}
