package org.wordmill.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.wordmill.error.ExitCode;
import org.wordmill.fuzz.Untrusted;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.train.LocalTrainer;
import org.wordmill.train.RecordedMetrics;
import org.wordmill.train.SmallRun;

/** A checkpoint of a real run whose manifest says whatever the fuzzer makes it say. */
class ManifestFuzzTest {
  private static final MemoryStore STORE = trained();

  private static MemoryStore trained() {
    MemoryStore store = new MemoryStore();
    LocalTrainer.train(
        SmallRun.withSteps(SmallRun.config(), 1),
        SmallRun.tokenizer(),
        SmallRun.training(),
        SmallRun.validation(),
        new Checkpoints(store, notice -> {}),
        false,
        new RecordedMetrics());
    return store;
  }

  /**
   * @param content the manifest up to its checksum
   */
  @FuzzTest
  @Timeout(60)
  void aModelThatIsOpenedHasTheSizeOfItsFile(byte[] content) {
    byte[] sealed = Manifest.sealed(Untrusted.text(content)).getBytes(StandardCharsets.UTF_8);
    for (byte[] manifest : List.of(content, sealed)) {
      STORE.put(Manifest.FILE, manifest);
      Checkpoints checkpoints = new Checkpoints(STORE, notice -> {});
      for (Manifest whole : checkpoints.list()) {
        Untrusted.read(
            Set.of(ExitCode.CORRUPT),
            () -> {
              SmallRun.config().requireResumable(whole.config(), "the checkpoint");
              whole.progress("tokens");
            });
      }
      Untrusted.read(
          Set.of(ExitCode.CORRUPT, ExitCode.USAGE),
          () -> {
            SavedModel saved = TrainedModels.load(STORE, notice -> {});
            assertThat(saved.manifest().file("parameters.f32").bytes())
                .isEqualTo(saved.parameters().flat().size() * Float.BYTES);
            saved.languageModel(KernelChoice.REFERENCE).close();
          });
    }
  }

  /** One checkpoint in memory, which keeps the files that are put there last. */
  private static final class MemoryStore implements CheckpointStore {
    private static final String DIRECTORY = "step-00000001.0";

    private final Map<String, byte[]> files = new TreeMap<>();

    void put(String file, byte[] bytes) {
      files.put(file, bytes);
    }

    @Override
    public String location() {
      return "memory";
    }

    @Override
    public List<String> directories() {
      return List.of(DIRECTORY);
    }

    @Override
    public OptionalLong length(String directory, String file) {
      byte[] bytes = files.get(file);
      return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.length);
    }

    @Override
    public OutputStream create(String directory, String file) {
      return new ByteArrayOutputStream() {
        @Override
        public void close() {
          put(file, toByteArray());
        }
      };
    }

    @Override
    public InputStream open(String directory, String file) throws IOException {
      byte[] bytes = files.get(file);
      if (bytes == null) {
        throw new FileNotFoundException(file);
      }
      return Untrusted.stream(bytes);
    }

    @Override
    public void deleteFile(String directory, String file) {
      files.remove(file);
    }

    @Override
    public void deleteDirectory(String directory) {
      files.clear();
    }
  }
}
