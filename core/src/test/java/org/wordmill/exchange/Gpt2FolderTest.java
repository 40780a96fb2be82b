package org.wordmill.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.checkpoint.TrainedModel;
import org.wordmill.checkpoint.TrainedModels;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Precision;
import org.wordmill.model.LstmConfig;
import org.wordmill.model.ModelConfig;
import org.wordmill.model.TransformerConfig;
import org.wordmill.model.TransformerLm;
import org.wordmill.module.attention.NormPlacement;
import org.wordmill.module.attention.PositionKind;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.text.BpeFiles;
import org.wordmill.text.BpeTrainer;
import org.wordmill.text.ByteLevelBpe;
import org.wordmill.text.Characters;
import org.wordmill.text.PieceCounts;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.Vocabulary;
import org.wordmill.text.WhitespaceWords;

/** Folders that golden_gpt2.py has made, without this code, and folders that go there and back. */
class Gpt2FolderTest {
  private static final String PROMPT = "the mill\nruns";

  @TempDir private Path folder;
  private final List<String> notices = new ArrayList<>();

  private static Path golden(String name) {
    try {
      return Path.of(
              Objects.requireNonNull(Gpt2FolderTest.class.getResource(name + "/config.json"))
                  .toURI())
          .resolveSibling("");
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private ImportedModel read(Path from) {
    return new Gpt2Importer(new LocalModelFolder(from), notices::add).read(Optional.empty());
  }

  private static void write(ImportedModel model, Path to) {
    Gpt2Exporter.write(
        model.config(), model.parameters(), model.tokenizer(), new LocalModelFolder(to));
  }

  /** A golden folder to be damaged. */
  private Path copy(String name) throws IOException {
    Path copy = Files.createDirectories(folder.resolve("copy of " + name));
    try (Stream<Path> files = Files.list(golden(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName().toString()));
      }
    }
    return copy;
  }

  private void agrees(String name) throws IOException {
    ImportedModel imported = read(golden(name));
    int[] ids = imported.tokenizer().encode(PROMPT);
    for (KernelChoice kernels : new KernelChoice[] {KernelChoice.REFERENCE, KernelChoice.FUSED}) {
      TransformerLm model = imported.config().build();
      // The layout belongs to the model that was built with it.
      ParameterVector values = new ParameterVector(model.layout(), Precision.FLOAT);
      values.flat().copyFrom(imported.parameters().flat());
      Tape tape = Tape.forEvaluation(kernels.create(Precision.FLOAT), values);
      double[] logits = model.logits(tape, new Ids(ids, 1, ids.length)).value().toDoubles();
      double[] expected =
          Files.readAllLines(golden(name).resolve("logits.txt")).stream()
              .flatMap(line -> Arrays.stream(line.split(" ", -1)))
              .mapToDouble(Double::parseDouble)
              .toArray();
      assertThat(logits).as(kernels.toString()).containsExactly(expected, within(1e-4));
    }
    assertThat(notices).isEmpty();
  }

  @Test
  void aFolderOfAnotherProgramGivesItsLogits() throws IOException {
    agrees("gpt2");
  }

  @Test
  void shardsOfHalfPrecisionWithMasksAndAHeadGiveTheirLogits() throws IOException {
    agrees("gpt2-sharded");
  }

  @Test
  void theVocabularyOfTheFolderIsThatOfTheCharacters() {
    Tokenizer tokenizer = read(golden("gpt2")).tokenizer();
    assertThat(tokenizer).isInstanceOf(Characters.class);
    assertThat(tokenizer.encode("a\n?")).hasSize(3).endsWith(tokenizer.vocabulary().unknown());
  }

  @Test
  void whatIsReadAndWrittenIsTheSameFileOfParameters() throws IOException {
    write(read(golden("gpt2")), folder.resolve("out"));
    ImportedModel again = read(folder.resolve("out"));
    assertThat(bits(again.parameters())).isEqualTo(bits(read(golden("gpt2")).parameters()));
    write(again, folder.resolve("again"));
    for (String file :
        new String[] {
          "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"
        }) {
      assertThat(folder.resolve("again").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("out").resolve(file));
    }
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      assertThat(files).hasSize(4);
    }
  }

  @Test
  void aModelOfOursGoesThereAndBackBitForBit() {
    Characters characters = Characters.fromText("round trip ü \u0000\uD83D\uDE00\"\\\n");
    TransformerConfig config =
        new TransformerConfig(characters.vocabulary().size(), 7, 3, 3, 12, 0.25);
    ParameterVector parameters = new ParameterVector(config.build().layout(), Precision.FLOAT);
    parameters.initialize(5);
    Gpt2Exporter.write(config, parameters, characters, new LocalModelFolder(folder));
    ImportedModel back = read(folder);
    assertThat(back.config()).isEqualTo(config);
    assertThat(back.tokenizer()).isEqualTo(characters);
    assertThat(bits(back.parameters())).isEqualTo(bits(parameters));
  }

  @Test
  void bytePairsGoThereAndBackAsAllTheirFiles() throws IOException {
    PieceCounts counts = new PieceCounts(100);
    counts.add("the wheel of the mill, the größer 😀 mill\n");
    BpeTrainer trainer = new BpeTrainer(270, 1, List.of(ByteLevelBpe.END_OF_TEXT));
    counts.forEach(trainer::add);
    ByteLevelBpe pairs = trainer.train();
    export(new TransformerConfig(270, 7, 1, 1, 4, 0), pairs);
    assertThat(folder.resolve("tokenizer.json")).hasContent(BpeFiles.tokenizer(pairs));
    assertThat(folder.resolve("vocab.json")).hasContent(BpeFiles.vocabulary(pairs));
    assertThat(folder.resolve("merges.txt")).hasContent(BpeFiles.merges(pairs));
    assertThat(folder.resolve("tokenizer_config.json"))
        .content()
        .contains("\"eos_token\" : \"<|endoftext|>\"", "\"model_max_length\" : 7");
    assertThat(folder.resolve("config.json"))
        .content()
        .contains("\"eos_token_id\" : " + pairs.vocabulary().id(ByteLevelBpe.END_OF_TEXT));
    assertThat(read(folder).tokenizer()).isEqualTo(pairs);

    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, BpeFiles.tokenizer(pairs).replace("\"BPE\"", "\"WordPiece\""));
    refused(ExitCode.USAGE, () -> read(folder), "WordPiece", "--tokenizer");
    Files.delete(file);
    assertThat(read(folder).tokenizer()).as("vocab.json and merges.txt").isEqualTo(pairs);
    Files.delete(folder.resolve("merges.txt"));
    refused(ExitCode.USAGE, () -> read(folder), "there is no tokenizer.json", "--tokenizer");
  }

  private static int[] bits(ParameterVector vector) {
    return vector.layout().parameters().stream()
        .flatMapToInt(
            parameter -> {
              float[] values = vector.of(parameter).toFloats();
              return IntStream.range(0, values.length).map(i -> Float.floatToRawIntBits(values[i]));
            })
        .toArray();
  }

  @Test
  void anImportedModelIsACheckpointLikeAnyOther() {
    ImportedModel imported = read(golden("gpt2"));
    LocalCheckpointStore store = new LocalCheckpointStore(folder);
    new Checkpoints(store, notices::add).save(imported.snapshot());
    try (TrainedModel opened = TrainedModels.open(store, KernelChoice.REFERENCE, notices::add)) {
      assertThat(opened.config()).isEqualTo(imported.config());
      assertThat(bits(opened.parameters())).isEqualTo(bits(imported.parameters()));
    }
  }

  private static void refused(ExitCode code, Runnable reading, String... parts) {
    assertThatThrownBy(reading::run)
        .isInstanceOfSatisfying(
            WordmillException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(code);
              assertThat(e.line().lines()).hasSize(1);
            })
        .hasMessageContainingAll(parts);
  }

  @Test
  void whatTheLayoutCannotExpressIsRefused() {
    TransformerConfig gpt2 = new TransformerConfig(3, 4, 1, 1, 2, 0);
    Characters characters = Characters.fromText("ab");
    for (ModelConfig other :
        List.of(
            gpt2.withPositions(PositionKind.ROTARY),
            gpt2.withNorm(NormPlacement.POST),
            gpt2.withResidual(false))) {
      refused(ExitCode.USAGE, () -> export(other, characters), "GPT-2 cannot express");
    }
    refused(
        ExitCode.USAGE,
        () ->
            export(
                gpt2, new WhitespaceWords(new Vocabulary(List.of("a", "b", Vocabulary.UNKNOWN)))),
        "tokenizer");
    refused(
        ExitCode.USAGE,
        () -> export(new LstmConfig(3, 4, 2, 1, 2, 0, false, 0), characters),
        "lstm");
    assertThat(folder).isEmptyDirectory();
  }

  private void export(ModelConfig config, Tokenizer tokenizer) {
    ParameterVector parameters = new ParameterVector(config.build().layout(), Precision.FLOAT);
    Gpt2Exporter.write(config, parameters, tokenizer, new LocalModelFolder(folder));
  }

  private Path configured(String key, String value) throws IOException {
    Path copy = copy("gpt2");
    Path config = copy.resolve("config.json");
    String text = Files.readString(config);
    String changed = text.replaceFirst("\"" + key + "\": [^,}]+", "\"" + key + "\": " + value);
    Files.writeString(config, changed);
    return copy;
  }

  @Test
  void modelsOfAnotherFormulaAreRefused() throws IOException {
    String[][] changes = {
      {"model_type", "\"llama\""},
      {"activation_function", "\"relu\""},
      {"layer_norm_epsilon", "1e-6"},
      {"n_inner", "50"},
      {"n_head", "5"},
      {"n_head", "null"},
      {"resid_pdrop", "1.5"},
      {"attn_pdrop", "true"}
    };
    for (String[] change : changes) {
      Path copy = configured(change[0], change[1]);
      refused(ExitCode.CORRUPT, () -> read(copy), "config.json");
      deleteFiles(copy);
    }
  }

  @Test
  void aConfigurationThatAsksForMoreThanTheFilesHoldIsRefusedWithoutMemoryForIt()
      throws IOException {
    for (String key : new String[] {"n_layer", "n_positions", "n_embd"}) {
      Path copy = configured(key, "2147483646");
      refused(ExitCode.CORRUPT, () -> read(copy), folder.toString());
      deleteFiles(copy);
    }
    Path copy = configured("n_layer", "1");
    refused(ExitCode.CORRUPT, () -> read(copy), "12 tensors are not of the model");
    deleteFiles(copy);
    Path larger = configured("vocab_size", "2147483646");
    refused(ExitCode.CORRUPT, () -> read(larger), "vocabulary of 2147483646");
  }

  private static void deleteFiles(Path copy) throws IOException {
    try (Stream<Path> files = Files.list(copy)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(copy);
  }

  @Test
  void anotherRateOfDropoutIsTold() throws IOException {
    assertThat(read(configured("attn_pdrop", "0.2")).config().dropout()).isEqualTo(0.1);
    assertThat(notices).singleElement().asString().contains("attn_pdrop", "0.1");
  }

  @Test
  void parametersCutOffOrWithFlippedBitsInTheHeaderAreRefused() throws IOException {
    Path copy = copy("gpt2");
    Path weights = copy.resolve("model.safetensors");
    byte[] whole = Files.readAllBytes(weights);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 30; i++) {
      Files.write(weights, Arrays.copyOf(whole, random.nextInt(whole.length)));
      refused(ExitCode.CORRUPT, () -> read(copy), "model.safetensors");
    }
    int header = (whole[0] & 0xFF) | (whole[1] & 0xFF) << 8;
    int from = 8 + "{\"__metadata__\": {\"format\": \"pt\"}, ".length();
    int read = 0;
    for (int i = 0; i < 200; i++) {
      byte[] flipped = whole.clone();
      flipped[from + random.nextInt(header + 8 - from)] ^= (byte) (1 << random.nextInt(8));
      Files.write(weights, flipped);
      try {
        read(copy);
        read++;
      } catch (WordmillException e) {
        assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT);
        assertThat(e.line().lines()).hasSize(1);
      }
    }
    // Only a space that became another white space, or the other way round, changes nothing.
    assertThat(read).isLessThan(10);
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    refused(ExitCode.STORAGE, () -> read(folder), "there is no config.json");
    Path copy = copy("gpt2");
    Files.delete(copy.resolve("tokenizer.json"));
    refused(ExitCode.USAGE, () -> read(copy), "tokenizer.json", "--tokenizer");
    Files.copy(golden("gpt2").resolve("tokenizer.json"), copy.resolve("tokenizer.json"));
    Files.move(copy.resolve("model.safetensors"), copy.resolve("pytorch_model.bin"));
    refused(ExitCode.STORAGE, () -> read(copy), "model.safetensors", "safe_serialization");
    Path sharded = copy("gpt2-sharded");
    Files.delete(sharded.resolve("model-00002-of-00002.safetensors"));
    refused(ExitCode.STORAGE, () -> read(sharded), "model-00002-of-00002.safetensors");
  }

  @Test
  void aTokenizerOfAnotherSizeIsRefused() {
    refused(
        ExitCode.CORRUPT,
        () ->
            new Gpt2Importer(new LocalModelFolder(golden("gpt2")), notices::add)
                .read(Optional.of(Characters.fromText("ab"))),
        "vocabulary of",
        "one of 3");
  }

  @Test
  void aHeadOfItsOwnIsRefused() throws IOException {
    Path copy = copy("gpt2-sharded");
    Path shard = copy.resolve("model-00002-of-00002.safetensors");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length - 1] ^= 1; // the head's table is the last
    Files.write(shard, bytes);
    refused(ExitCode.CORRUPT, () -> read(copy), "lm_head.weight", "not tied");
  }
}
