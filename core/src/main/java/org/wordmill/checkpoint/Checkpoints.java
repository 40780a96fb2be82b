package org.wordmill.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.Tensor;

/**
 * The checkpoints of one run: written so that a crash at any moment leaves the earlier ones whole,
 * read so that a damaged one is never taken.
 *
 * <p>Every checkpoint goes into a directory of its own, {@code step-00000420.<unique>}, and its
 * manifest, with the length and CRC32C of every file, is written last. A directory without a
 * manifest is not a checkpoint. Nothing is renamed or overwritten, so the same protocol is right on
 * a local disk, HDFS and object stores.
 */
public final class Checkpoints {
  /** The vector of parameters; its file is {@code parameters.f32}. */
  public static final String PARAMETERS = "parameters";

  /** The tokenizer's file. */
  public static final String TOKENIZER = "tokenizer.json";

  static final String SUFFIX = ".f32";
  private static final Pattern DIRECTORY = Pattern.compile("step-(\\d{8,18})\\.[0-9a-f]+");

  private final CheckpointStore store;
  private final Consumer<String> notices;

  /** Directories that the last restoring passed over; not complete whatever their lengths. */
  private final Set<String> damaged = new HashSet<>();

  /**
   * @param notices told, in a sentence, when a damaged checkpoint is passed over
   */
  public Checkpoints(CheckpointStore store, Consumer<String> notices) {
    this.store = store;
    this.notices = notices;
  }

  /** The place, for messages. */
  public String location() {
    return store.location();
  }

  /**
   * Writes a checkpoint.
   *
   * @return the name of its directory
   * @throws WordmillException STORAGE when it cannot be written; earlier checkpoints are untouched
   */
  public String save(Snapshot snapshot) {
    CheckpointDraft draft = new CheckpointDraft(store, snapshot);
    draft.decide(true);
    return draft.finish().orElseThrow();
  }

  /**
   * Begins to write a checkpoint while the caller goes on: it counts when the draft has been
   * decided to be good. Until the draft is done nobody may {@link #list}, {@link #retain} or begin
   * another.
   *
   * @param snapshot whose vectors stay as they are until {@link CheckpointDraft#awaitRead}
   */
  public CheckpointDraft begin(Snapshot snapshot) {
    CheckpointDraft draft = new CheckpointDraft(store, snapshot);
    if (snapshot.vectors().values().stream().allMatch(Tensor::isOnHost)) {
      draft.start();
    }
    return draft;
  }

  /**
   * The complete checkpoints, newest first: those whose manifest is whole and whose files have the
   * lengths it says, and that the last restoring did not find damaged. The others are passed over
   * with a notice.
   */
  public List<Manifest> list() {
    try {
      List<String> directories = new ArrayList<>(store.directories());
      directories.removeIf(name -> !DIRECTORY.matcher(name).matches() || damaged.contains(name));
      directories.sort(Comparator.comparingLong(Checkpoints::step).thenComparing(name -> name));
      List<Manifest> complete = new ArrayList<>();
      for (int i = directories.size() - 1; i >= 0; i--) {
        manifest(directories.get(i)).ifPresent(complete::add);
      }
      return complete;
    } catch (IOException e) {
      throw unreadable(store.location(), e);
    }
  }

  private static long step(String directory) {
    Matcher matcher = DIRECTORY.matcher(directory);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  private Optional<Manifest> manifest(String directory) throws IOException {
    if (store.length(directory, Manifest.FILE).isEmpty()) {
      notices.accept(where(directory) + " was never finished and is passed over");
      return Optional.empty();
    }
    try {
      Manifest manifest =
          Manifest.read(
              directory, readText(directory, Manifest.FILE), where(directory) + "/manifest.json");
      if (manifest.step() != step(directory)) {
        throw corrupt("the manifest is that of step " + manifest.step(), directory);
      }
      for (Manifest.Entry file : manifest.files()) {
        OptionalLong length = store.length(directory, file.name());
        if (length.isEmpty() || length.getAsLong() != file.bytes()) {
          throw corrupt(
              file.name()
                  + (length.isEmpty()
                      ? " is missing"
                      : " has " + length.getAsLong() + " bytes instead of " + file.bytes()),
              directory);
        }
      }
      return Optional.of(manifest);
    } catch (WordmillException e) {
      passOver(e);
      return Optional.empty();
    }
  }

  /** The complete checkpoint with the lowest validation loss; the newer of equal ones. */
  public Optional<Manifest> best() {
    return best(list());
  }

  static Optional<Manifest> best(List<Manifest> newestFirst) {
    return newestFirst.stream()
        .filter(manifest -> manifest.validationLoss().isPresent())
        .min(Comparator.comparingDouble(manifest -> manifest.validationLoss().getAsDouble()));
  }

  /**
   * Reads the newest checkpoint that is whole, contents and all, into {@code vectors}; a damaged
   * one is passed over, with a notice, for the one before.
   *
   * @return empty when there is no checkpoint at all
   * @throws WordmillException CORRUPT when there are checkpoints and none is whole
   */
  public Optional<Manifest> restoreNewest(Map<String, Tensor> vectors) {
    damaged.clear();
    return restoreFirst(list(), vectors);
  }

  /**
   * Reads the first of {@code candidates} that is whole into {@code vectors}.
   *
   * @return empty when there is no checkpoint at all
   * @throws WordmillException CORRUPT when there are checkpoints and none is whole
   */
  public Optional<Manifest> restoreFirst(List<Manifest> candidates, Map<String, Tensor> vectors) {
    for (Manifest manifest : candidates) {
      try {
        load(manifest, vectors);
        tokenizer(manifest);
        return Optional.of(manifest);
      } catch (WordmillException e) {
        if (e.exitCode() != ExitCode.CORRUPT) {
          throw e;
        }
        damaged.add(manifest.directory());
        passOver(e);
      }
    }
    if (hasAttempts()) {
      throw noneWhole();
    }
    return Optional.empty();
  }

  WordmillException noneWhole() {
    return new WordmillException(
        ExitCode.CORRUPT,
        "every checkpoint is damaged or unfinished",
        store.location(),
        "restore one from a backup, or train anew into another output");
  }

  /** Whether a checkpoint was ever finished here, whole or not. */
  boolean hasAttempts() {
    try {
      for (String directory : store.directories()) {
        if (DIRECTORY.matcher(directory).matches()
            && store.length(directory, Manifest.FILE).isPresent()) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw unreadable(store.location(), e);
    }
  }

  /**
   * Reads vectors of one checkpoint, and checks them.
   *
   * @throws WordmillException CORRUPT when a file is not what the manifest says; what {@code
   *     vectors} hold is arbitrary then
   */
  public void load(Manifest manifest, Map<String, Tensor> vectors) {
    for (Map.Entry<String, Tensor> vector : vectors.entrySet()) {
      Manifest.Entry file = requireLength(manifest, vector.getKey(), vector.getValue().size());
      CRC32C crc = new CRC32C();
      try (InputStream in = store.open(manifest.directory(), file.name())) {
        VectorFile.read(in, vector.getValue(), crc);
      } catch (EOFException e) {
        throw corrupt(file.name() + ": " + e.getMessage(), manifest.directory());
      } catch (IOException e) {
        throw unreadable(where(manifest.directory()) + "/" + file.name(), e);
      }
      requireCrc(crc, file, manifest.directory());
    }
  }

  /**
   * Checks how long the file of a vector is.
   *
   * @throws WordmillException CORRUPT when it has not as many elements
   */
  Manifest.Entry requireLength(Manifest manifest, String vector, long elements) {
    Manifest.Entry file = manifest.file(vector + SUFFIX);
    if (file.bytes() % Float.BYTES != 0 || file.bytes() / Float.BYTES != elements) {
      throw corrupt(
          file.name() + " has " + file.bytes() / Float.BYTES + " elements, the model " + elements,
          manifest.directory());
    }
    return file;
  }

  /**
   * The tokenizer's file of one checkpoint.
   *
   * @throws WordmillException CORRUPT when it is not what the manifest says
   */
  public String tokenizer(Manifest manifest) {
    try {
      String text = readText(manifest.directory(), TOKENIZER);
      CRC32C crc = new CRC32C();
      crc.update(text.getBytes(StandardCharsets.UTF_8));
      requireCrc(crc, manifest.file(TOKENIZER), manifest.directory());
      return text;
    } catch (IOException e) {
      throw unreadable(where(manifest.directory()) + "/" + TOKENIZER, e);
    }
  }

  /**
   * Deletes all but the {@code last} newest complete checkpoints and the best one. Unfinished and
   * damaged directories go when they are older than a complete one that stays.
   */
  public void retain(int last) {
    List<Manifest> complete = list();
    Set<String> kept = new HashSet<>();
    complete.stream().limit(last).forEach(manifest -> kept.add(manifest.directory()));
    best(complete).ifPresent(manifest -> kept.add(manifest.directory()));
    if (kept.isEmpty()) {
      return;
    }
    long newest = complete.get(0).step();
    try {
      for (String directory : store.directories()) {
        if (DIRECTORY.matcher(directory).matches()
            && !kept.contains(directory)
            && step(directory) < newest) {
          store.deleteFile(directory, Manifest.FILE);
          store.deleteDirectory(directory);
        }
      }
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "old checkpoints cannot be deleted: " + e,
          store.location(),
          "check the permissions",
          e);
    }
  }

  private String readText(String directory, String file) throws IOException {
    try (InputStream in = store.open(directory, file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void requireCrc(CRC32C crc, Manifest.Entry file, String directory) {
    if (!Manifest.crc(crc).equals(file.crc32c())) {
      throw corrupt(
          file.name() + " has CRC32C " + Manifest.crc(crc) + " instead of " + file.crc32c(),
          directory);
    }
  }

  void passOver(WordmillException damage) {
    notices.accept("passing over a damaged checkpoint: " + damage.getMessage());
  }

  private String where(String directory) {
    return store.location() + "/" + directory;
  }

  private WordmillException corrupt(String what, String directory) {
    return new WordmillException(ExitCode.CORRUPT, what, where(directory), "");
  }

  private static WordmillException unreadable(String where, IOException e) {
    return new WordmillException(
        ExitCode.STORAGE, "cannot be read: " + e, where, "check that it exists and is readable", e);
  }
}
