package org.wordmill.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.Module;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterLayout;

/** What holds of checkpoints wherever they are kept; one subclass for each kind of store. */
public abstract class CheckpointsContractTest {
  private static final JsonNode CONFIG = Json.parse("{\"seed\":7}", "test");
  private static final String TOKENIZER = "{\"tokens\":[\"ä\"]}\n";

  private final ParameterLayout layout =
      new ParameterLayout(
          new Module() {
            @Override
            public List<Parameter> parameters() {
              return List.of(
                  new Parameter("wte.weight", new Initializer.Normal(1), 5, 3),
                  new Parameter("bias", new Initializer.Constant(0), 3));
            }
          });
  private final List<String> notices = new ArrayList<>();
  private CheckpointStore store;
  private Checkpoints checkpoints;

  /** A store over a place where nothing has been written yet. */
  protected abstract CheckpointStore emptyStore() throws IOException;

  @BeforeEach
  void open() throws IOException {
    store = emptyStore();
    checkpoints = new Checkpoints(store, notices::add);
  }

  @Test
  void whatWasSavedComesBackBitForBit() {
    checkpoints.save(snapshot(420, OptionalDouble.of(1.75)));
    Map<String, Tensor> restored = zeros();
    Manifest manifest = checkpoints.restoreNewest(restored).orElseThrow();

    assertThat(manifest.step()).isEqualTo(420);
    assertThat(manifest.directory()).startsWith("step-00000420.");
    assertThat(manifest.validationLoss()).hasValue(1.75);
    assertThat(manifest.progress("updates")).isEqualTo(419);
    assertThat(manifest.config()).isEqualTo(CONFIG);
    assertThat(manifest.parameters().get(1).path("name").asText()).isEqualTo("bias");
    assertThat(manifest.parameters().get(1).path("offset").asInt()).isEqualTo(16);
    assertThat(checkpoints.tokenizer(manifest)).isEqualTo(TOKENIZER);
    assertThat(floats(restored)).isEqualTo(floats(vectors(420)));
    assertThat(notices).isEmpty();
  }

  @Test
  void anEmptyPlaceHasNoCheckpoint() {
    assertThat(checkpoints.restoreNewest(zeros())).isEmpty();
    assertThat(checkpoints.list()).isEmpty();
    assertThat(checkpoints.best()).isEmpty();
    checkpoints.retain(1);
  }

  @Test
  void theNewestIsTakenWhateverTheOrderOfWriting() {
    checkpoints.save(snapshot(100_000_000, OptionalDouble.empty()));
    checkpoints.save(snapshot(9, OptionalDouble.empty()));
    assertThat(checkpoints.restoreNewest(zeros()).orElseThrow().step()).isEqualTo(100_000_000);
  }

  @Test
  void aDirectoryWithoutManifestIsNoCheckpoint() throws IOException {
    checkpoints.save(snapshot(10, OptionalDouble.empty()));
    String unfinished = checkpoints.save(snapshot(20, OptionalDouble.empty()));
    store.deleteFile(unfinished, Manifest.FILE);

    assertThat(checkpoints.restoreNewest(zeros()).orElseThrow().step()).isEqualTo(10);
    assertThat(notices).singleElement().asString().contains(unfinished, "never finished");
  }

  @Test
  void aFileCutAtAnyPlaceMakesTheOneBeforeBeTaken() throws IOException {
    checkpoints.save(snapshot(10, OptionalDouble.empty()));
    String newest = checkpoints.save(snapshot(20, OptionalDouble.empty()));
    SplittableRandom random = new SplittableRandom(3);
    for (String file : List.of("parameters.f32", "moment1.f32", "tokenizer.json", Manifest.FILE)) {
      byte[] whole = read(newest, file);
      for (int i = 0; i < 50; i++) {
        rewrite(newest, file, Arrays.copyOf(whole, random.nextInt(whole.length)));
        notices.clear();
        assertThat(checkpoints.restoreNewest(zeros()).orElseThrow().step()).isEqualTo(10);
        assertThat(notices).singleElement().asString().contains(newest);
      }
      rewrite(newest, file, whole);
    }
    assertThat(checkpoints.restoreNewest(zeros()).orElseThrow().step()).isEqualTo(20);
  }

  @Test
  void aFlippedBitAnywhereMakesTheOneBeforeBeTaken() throws IOException {
    checkpoints.save(snapshot(10, OptionalDouble.empty()));
    String newest = checkpoints.save(snapshot(20, OptionalDouble.empty()));
    SplittableRandom random = new SplittableRandom(4);
    for (String file : List.of("parameters.f32", "moment1.f32", "tokenizer.json", Manifest.FILE)) {
      byte[] whole = read(newest, file);
      for (int i = 0; i < 50; i++) {
        byte[] flipped = whole.clone();
        int bit = random.nextInt(whole.length * 8);
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        rewrite(newest, file, flipped);
        notices.clear();
        assertThat(checkpoints.restoreNewest(zeros()).orElseThrow().step()).isEqualTo(10);
        assertThat(notices).singleElement().asString().contains(newest);
        assertThat(checkpoints.list()).extracting(Manifest::directory).doesNotContain(newest);
      }
      rewrite(newest, file, whole);
    }
  }

  @Test
  void aFlippedBitInTheTokenizerIsRefused() throws IOException {
    String only = checkpoints.save(snapshot(10, OptionalDouble.empty()));
    byte[] flipped = read(only, Checkpoints.TOKENIZER);
    flipped[2] ^= 1;
    rewrite(only, Checkpoints.TOKENIZER, flipped);
    Manifest manifest = checkpoints.list().get(0);
    assertThatThrownBy(() -> checkpoints.tokenizer(manifest))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT))
        .hasMessageContaining("tokenizer.json");
  }

  @Test
  void whenNoneIsWholeTheRunIsRefusedWithTheExitCodeOfCorruption() throws IOException {
    String only = checkpoints.save(snapshot(10, OptionalDouble.empty()));
    byte[] bytes = read(only, "parameters.f32");
    bytes[5] ^= 1;
    rewrite(only, "parameters.f32", bytes);
    assertThatThrownBy(() -> checkpoints.restoreNewest(zeros()))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT))
        .hasMessageContaining(store.location());
  }

  @Test
  void vectorsOfAnotherLengthAreRefused() {
    checkpoints.save(snapshot(10, OptionalDouble.empty()));
    Manifest manifest = checkpoints.list().get(0);
    Map<String, Tensor> longer = Map.of("parameters", Tensor.zeros(Precision.FLOAT, 48));
    assertThatThrownBy(() -> checkpoints.load(manifest, longer))
        .hasMessageContaining("32 elements, the model 48");
  }

  @Test
  void theLastKAndTheBestAreKept() {
    checkpoints.save(snapshot(10, OptionalDouble.of(3)));
    checkpoints.save(snapshot(20, OptionalDouble.of(1)));
    checkpoints.save(snapshot(30, OptionalDouble.of(2)));
    checkpoints.save(snapshot(40, OptionalDouble.empty()));
    checkpoints.save(snapshot(50, OptionalDouble.of(1)));
    checkpoints.retain(2);
    assertThat(checkpoints.list()).extracting(Manifest::step).containsExactly(50L, 40L);
    assertThat(checkpoints.best().orElseThrow().step()).isEqualTo(50);

    checkpoints.save(snapshot(60, OptionalDouble.of(9)));
    checkpoints.save(snapshot(70, OptionalDouble.empty()));
    checkpoints.retain(1);
    assertThat(checkpoints.list()).extracting(Manifest::step).containsExactly(70L, 50L);
  }

  @Test
  void olderUnfinishedAndDamagedOnesGoAndNewerOnesStay() throws IOException {
    String unfinished = checkpoints.save(snapshot(10, OptionalDouble.empty()));
    store.deleteFile(unfinished, Manifest.FILE);
    checkpoints.save(snapshot(20, OptionalDouble.empty()));
    String newer = checkpoints.save(snapshot(30, OptionalDouble.empty()));
    store.deleteFile(newer, Manifest.FILE);
    checkpoints.retain(1);
    assertThat(store.directories()).hasSize(2).contains(newer).doesNotContain(unfinished);
  }

  @Test
  void aDraftIsACheckpointWhenItIsGoodAndElseNothingIsLeftOfIt() throws IOException {
    CheckpointDraft good = checkpoints.begin(snapshot(10, OptionalDouble.empty()));
    good.awaitRead();
    assertThat(checkpoints.list()).isEmpty();
    good.decide(true);
    String directory = good.finish().orElseThrow();
    CheckpointDraft bad = checkpoints.begin(snapshot(20, OptionalDouble.empty()));
    bad.awaitRead();
    bad.decide(false);
    assertThat(bad.finish()).isEmpty();
    assertThat(store.directories()).containsExactly(directory);
    assertThat(checkpoints.list().get(0).files())
        .extracting(Manifest.Entry::name)
        .containsExactly("parameters.f32", "moment1.f32", Checkpoints.TOKENIZER);
    Map<String, Tensor> restored = zeros();
    assertThat(checkpoints.restoreNewest(restored)).isPresent();
    assertThat(floats(restored)).isEqualTo(floats(vectors(10)));
  }

  @Test
  void theStoreNeverOverwrites() throws IOException {
    try (OutputStream out = store.create("d", "f")) {
      out.write(1);
    }
    assertThatThrownBy(() -> store.create("d", "f").close()).isInstanceOf(IOException.class);
    assertThat(read("d", "f")).containsExactly(1);
    assertThat(store.length("d", "f")).hasValue(1);
    assertThat(store.length("d", "g")).isEmpty();
    assertThat(store.length("e", "f")).isEmpty();
    store.deleteFile("d", "g");
    store.deleteDirectory("e");
    store.deleteDirectory("d");
    assertThat(store.directories()).isEmpty();
  }

  private Snapshot snapshot(long step, OptionalDouble loss) {
    return new Snapshot(
        step, CONFIG, "fused", TOKENIZER, layout, vectors(step), Map.of("updates", step - 1), loss);
  }

  private Map<String, Tensor> vectors(long step) {
    Map<String, Tensor> vectors = zeros();
    SplittableRandom random = new SplittableRandom(step);
    vectors.values().forEach(v -> v.copyFrom(random.doubles(v.size()).map(x -> x - 0.5).toArray()));
    return vectors;
  }

  private Map<String, Tensor> zeros() {
    Map<String, Tensor> vectors = new LinkedHashMap<>();
    vectors.put(Checkpoints.PARAMETERS, Tensor.zeroVector(Precision.FLOAT, layout.size()));
    vectors.put("moment1", Tensor.zeroVector(Precision.FLOAT, layout.size()));
    return vectors;
  }

  private static Map<String, List<Float>> floats(Map<String, Tensor> vectors) {
    Map<String, List<Float>> floats = new LinkedHashMap<>();
    vectors.forEach(
        (name, vector) -> {
          List<Float> values = new ArrayList<>();
          for (float value : vector.toFloats()) {
            values.add(value);
          }
          floats.put(name, values);
        });
    return floats;
  }

  private byte[] read(String directory, String file) throws IOException {
    try (InputStream in = store.open(directory, file)) {
      return in.readAllBytes();
    }
  }

  private void rewrite(String directory, String file, byte[] bytes) throws IOException {
    store.deleteFile(directory, file);
    try (OutputStream out = store.create(directory, file)) {
      out.write(bytes);
    }
  }
}
