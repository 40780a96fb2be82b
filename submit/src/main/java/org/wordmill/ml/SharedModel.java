package org.wordmill.ml;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkFiles;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wordmill.checkpoint.SavedModel;
import org.wordmill.counter.FileSystems;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.ngramtable.TableLayout;
import org.wordmill.format.ngramtable.TablePacker;
import org.wordmill.trainer.DataParallelTrainer;

/**
 * A language model that every task of a Spark application can score with. What is serialised is
 * where the model is; each process opens it once.
 */
final class SharedModel implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(SharedModel.class);

  /** How a process comes by the model. */
  private enum Source {
    /** A mapped file on a disk of the one machine that there is. */
    HERE,
    /** A mapped file that Spark hands to every executor as a file. */
    SENT,
    /** A mapped file on storage that every machine sees, which each process copies. */
    FETCHED,
    /** A training output on storage that every machine sees. */
    TRAINED
  }

  private final String path;
  private final String id;
  private final Source source;
  private final String place;
  private final SerializableConfiguration hadoop;

  private SharedModel(
      String path, String id, Source source, String place, SerializableConfiguration hadoop) {
    this.path = path;
    this.id = id;
    this.source = source;
    this.place = place;
    this.hadoop = hadoop;
  }

  /**
   * Makes a model known to all executors.
   *
   * @param path an ARPA file, a table of pack, a binary file of KenLM, the output of a training, or
   *     one of its checkpoints, on any file system that Hadoop knows
   * @throws WordmillException STORAGE when there is nothing, CORRUPT when it is no model
   */
  static SharedModel of(SparkSession spark, String path) {
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    boolean local = isLocal(spark);
    try {
      Path named = new Path(path);
      FileSystem files = FileSystems.of(named, configuration);
      FileStatus status = files.getFileStatus(named);
      Path place = status.getPath();
      String id = place + " of " + status.getModificationTime() + ", " + status.getLen();
      SerializableConfiguration hadoop = new SerializableConfiguration(configuration);
      if (status.isDirectory()) {
        return new SharedModel(path, id, Source.TRAINED, place.toString(), hadoop);
      }
      boolean here = files.getScheme().equals("file");
      if (!isMapped(files, place)) {
        String table = ModelFiles.packed(id, file -> pack(files, place, path, file)).toString();
        return table(spark, path, id, java.nio.file.Path.of(table), hadoop);
      }
      if (here) {
        return table(spark, path, id, java.nio.file.Path.of(place.toUri().getPath()), hadoop);
      }
      if (local) {
        LOG.info("{} is copied to this machine, where it can be mapped", path);
      }
      return new SharedModel(path, id, Source.FETCHED, place.toString(), hadoop);
    } catch (FileNotFoundException e) {
      throw new WordmillException(ExitCode.STORAGE, "there is no model", path, "check the path", e);
    } catch (IllegalArgumentException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "this is not a path: " + e.getMessage(), path, "name a file", e);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** Whether driver and executors are one process. */
  static boolean isLocal(SparkSession spark) {
    String master = spark.sparkContext().master();
    return master.equals("local") || master.startsWith("local[");
  }

  private static SharedModel table(
      SparkSession spark,
      String path,
      String id,
      java.nio.file.Path file,
      SerializableConfiguration hadoop)
      throws IOException {
    // Refused here, in one line, and not by every task.
    MappedModels.open(file).close();
    if (isLocal(spark)) {
      return new SharedModel(path, id, Source.HERE, file.toString(), hadoop);
    }
    String name =
        "wordmill-"
            + UUID.nameUUIDFromBytes(id.getBytes(java.nio.charset.StandardCharsets.UTF_8))
            + ".table";
    spark.sparkContext().addFile(ModelFiles.named(file, name).toString());
    return new SharedModel(path, id, Source.SENT, name, hadoop);
  }

  private static boolean isMapped(FileSystem files, Path place) throws IOException {
    try (InputStream in = files.open(place)) {
      return MappedModels.isMapped(in.readNBytes(MappedModels.BEGINNING));
    }
  }

  private static void pack(FileSystem files, Path arpa, String name, java.nio.file.Path table)
      throws IOException {
    try (InputStream in = new BufferedInputStream(files.open(arpa), 1 << 20)) {
      TablePacker.pack(in, name, table, TableLayout.PROBING, false, LOG::warn);
    }
  }

  private static WordmillException unreadable(String path, IOException cause) {
    return new WordmillException(
        ExitCode.STORAGE, "cannot read the model: " + cause.getMessage(), path, "", cause);
  }

  /** The path that the user gave. */
  String path() {
    return path;
  }

  /** Tells one model from others, and from what was at its path before. */
  String id() {
    return id;
  }

  /** Opens the model in this process; {@link OpenModels} does it once. */
  OpenModel open() {
    try {
      return switch (source) {
        case HERE -> OpenModel.of(MappedModels.open(java.nio.file.Path.of(place)));
        case SENT -> OpenModel.of(MappedModels.open(java.nio.file.Path.of(SparkFiles.get(place))));
        case FETCHED -> OpenModel.of(MappedModels.open(fetched()));
        case TRAINED -> OpenModel.of(load());
      };
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private java.nio.file.Path fetched() throws IOException {
    return ModelFiles.packed(
        id,
        file -> {
          Path stored = new Path(place);
          try (InputStream in = FileSystems.of(stored, hadoop.value()).open(stored)) {
            Files.copy(in, file);
          }
        });
  }

  private SavedModel load() {
    return DataParallelTrainer.load(place, hadoop.value(), LOG::warn);
  }

  /**
   * Writes the model so that {@link #of} opens the copy: a mapped file as it is, of a training its
   * best checkpoint alone.
   */
  void copyTo(Path target, Configuration configuration) throws IOException {
    if (source == Source.TRAINED) {
      ModelFiles.save(load(), target, configuration);
      return;
    }
    Path file =
        switch (source) {
          case HERE -> new Path(java.nio.file.Path.of(place).toUri());
          case SENT -> new Path(java.nio.file.Path.of(SparkFiles.get(place)).toUri());
          default -> new Path(place);
        };
    FileSystem files = FileSystems.of(target, configuration);
    try (InputStream in = FileSystems.of(file, configuration).open(file);
        java.io.OutputStream out = files.create(target, false)) {
      in.transferTo(out);
    }
  }

  @Override
  public String toString() {
    return path;
  }
}
