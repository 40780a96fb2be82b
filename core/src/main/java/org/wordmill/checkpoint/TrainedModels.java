package org.wordmill.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Precision;
import org.wordmill.model.ModelConfig;
import org.wordmill.model.ModelConfigs;
import org.wordmill.model.TrainableModel;
import org.wordmill.model.TrainedTagger;
import org.wordmill.tape.ParameterVector;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.TokenizerFiles;

/** Opens the models that training runs left. */
public final class TrainedModels {
  private TrainedModels() {}

  /**
   * Opens a language model: the checkpoint with the lowest validation loss, or the newest where
   * none was evaluated; a damaged one is passed over for the next newest.
   *
   * @param notices told, in a sentence, when a damaged checkpoint is passed over
   * @throws WordmillException STORAGE when there is no checkpoint; CORRUPT when none is whole;
   *     USAGE when the model is of another kind
   */
  public static TrainedModel open(
      CheckpointStore store, KernelChoice kernels, Consumer<String> notices) {
    return load(store, notices).languageModel(kernels);
  }

  /**
   * Opens a tagger, choosing its checkpoint as {@link #open} does.
   *
   * @throws WordmillException STORAGE when there is no checkpoint; CORRUPT when none is whole;
   *     USAGE when the model is of another kind
   */
  public static TrainedTagger openTagger(
      CheckpointStore store, KernelChoice kernels, Consumer<String> notices) {
    return load(store, notices).tagger(kernels);
  }

  /**
   * Reads a model of any kind, choosing its checkpoint as {@link #open} does.
   *
   * @throws WordmillException STORAGE when there is no checkpoint; CORRUPT when none is whole
   */
  public static SavedModel load(CheckpointStore store, Consumer<String> notices) {
    Checkpoints checkpoints = new Checkpoints(store, notices);
    List<Manifest> candidates = new ArrayList<>(checkpoints.list());
    Checkpoints.best(candidates)
        .ifPresent(
            best -> {
              candidates.remove(best);
              candidates.add(0, best);
            });
    for (Manifest manifest : candidates) {
      try {
        return load(checkpoints, manifest);
      } catch (WordmillException e) {
        if (e.exitCode() != ExitCode.CORRUPT) {
          throw e;
        }
        checkpoints.passOver(e);
      }
    }
    if (checkpoints.hasAttempts()) {
      throw checkpoints.noneWhole();
    }
    throw new WordmillException(
        ExitCode.STORAGE,
        "there is no trained model",
        store.location(),
        "give the output directory of a training run that has saved a checkpoint");
  }

  /**
   * Opens one checkpoint of a language model.
   *
   * @param directory its name in the store
   * @throws WordmillException STORAGE when there is none of that name that is complete; CORRUPT
   *     when it is damaged; USAGE when the model is of another kind
   */
  public static TrainedModel open(
      CheckpointStore store, String directory, KernelChoice kernels, Consumer<String> notices) {
    return load(store, directory, notices).languageModel(kernels);
  }

  /**
   * Reads one checkpoint of a model of any kind.
   *
   * @param directory its name in the store
   * @throws WordmillException STORAGE when there is none of that name that is complete; CORRUPT
   *     when it is damaged
   */
  public static SavedModel load(CheckpointStore store, String directory, Consumer<String> notices) {
    Checkpoints checkpoints = new Checkpoints(store, notices);
    Manifest manifest =
        checkpoints.list().stream()
            .filter(complete -> complete.directory().equals(directory))
            .findFirst()
            .orElseThrow(
                () ->
                    new WordmillException(
                        ExitCode.STORAGE,
                        "there is no complete checkpoint",
                        store.location() + "/" + directory,
                        "take another of the run, or the directory of the run"));
    return load(checkpoints, manifest);
  }

  private static SavedModel load(Checkpoints checkpoints, Manifest manifest) {
    String where = checkpoints.location() + "/" + manifest.directory();
    ModelConfig config = ModelConfigs.read(manifest.config().path("model"), where + ": model");
    // Nothing is taken that the files do not justify: a manifest may say anything.
    if (config.layers() > manifest.parameters().size()) {
      throw otherParameters(where);
    }
    TrainableModel model = build(config, where);
    JsonNode expected = Json.parse(Json.write(Manifest.describe(model.layout())), where);
    if (!expected.equals(manifest.parameters())) {
      throw otherParameters(where);
    }
    checkpoints.requireLength(manifest, Checkpoints.PARAMETERS, model.layout().size());
    Tokenizer tokenizer =
        TokenizerFiles.read(checkpoints.tokenizer(manifest), where + "/" + Checkpoints.TOKENIZER);
    ParameterVector parameters = new ParameterVector(model.layout(), Precision.FLOAT);
    checkpoints.load(manifest, Map.of(Checkpoints.PARAMETERS, parameters.flat()));
    return new SavedModel(config, model, tokenizer, parameters, manifest);
  }

  private static TrainableModel build(ModelConfig config, String where) {
    try {
      return config.build();
    } catch (WordmillException e) {
      throw new WordmillException(ExitCode.CORRUPT, String.valueOf(e.getMessage()), where, "", e);
    }
  }

  private static WordmillException otherParameters(String where) {
    return new WordmillException(
        ExitCode.CORRUPT,
        "the names or shapes of the parameters are not those of the model",
        where,
        "open it with the version of Wordmill that made it");
  }
}
