package org.wordmill.counter;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.api.java.JavaPairRDD;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.arpa.ArpaBuffer;

/**
 * One ARPA file in the making: the tasks write its entries as part files into a hidden directory
 * beside the target, the driver streams the parts together into a hidden file, and the last act is
 * to rename that file. Whatever fails before leaves no file that looks finished.
 */
final class ArpaFile implements ModelOutput {
  private static final int COPY_BYTES = 1 << 20;

  private final ArpaTarget target;
  private final Configuration configuration;
  private final FileSystem files;
  private final Path path;
  private final Path parts;
  private final Path unfinished;
  private final boolean compressed;

  private ArpaFile(ArpaTarget target, Configuration configuration) throws IOException {
    this.target = target;
    this.configuration = new Configuration(configuration);
    this.files = FileSystems.plain(new Path(target.path()), configuration);
    this.path = files.makeQualified(new Path(target.path()));
    String hidden = "." + path.getName() + "." + UUID.randomUUID();
    this.parts = new Path(path.getParent(), hidden + ".parts");
    this.unfinished = new Path(path.getParent(), hidden + ".unfinished");
    this.compressed = path.getName().endsWith(".gz");
    this.configuration.set(LineOutputFormat.SUFFIX, compressed ? ".gz" : "");
  }

  /**
   * Checks the target before any work is done.
   *
   * @throws WordmillException STORAGE when the target exists and may not be replaced, when its
   *     directory is missing or cannot be written
   */
  static ArpaFile begin(ArpaTarget target, Configuration configuration) {
    return SparkFaults.unwrapping(
        target.path(),
        () -> {
          ArpaFile file = new ArpaFile(target, configuration);
          file.check();
          return file;
        });
  }

  private void check() throws IOException {
    Outputs.requirePlainOrGzip(target.path());
    if (files.exists(path) && (!target.overwrite() || files.getFileStatus(path).isDirectory())) {
      throw Outputs.exists(path);
    }
    Path directory = path.getParent();
    if (directory == null || !files.exists(directory)) {
      throw new WordmillException(
          ExitCode.STORAGE, "the output's directory does not exist", path.toString(), "create it");
    }
    Outputs.probe(files, unfinished);
  }

  @Override
  public void writeParts(JavaPairRDD<Integer, byte[]> lines) {
    lines.saveAsNewAPIHadoopFile(
        parts.toString(), Integer.class, byte[].class, LineOutputFormat.class, configuration);
  }

  /** Puts the file together and gives it its name. */
  @Override
  public void finish(long[] counts, byte[] unigrams) throws IOException {
    if (files instanceof RawLocalFileSystem local) {
      files.create(unfinished, true).close();
      LocalConcatenation all = new LocalConcatenation(local.pathToFile(unfinished).toPath());
      forEachPiece(
          counts,
          unigrams,
          text -> all.add(stored(text)),
          part -> all.add(local.pathToFile(part).toPath()));
      all.write();
    } else {
      try (OutputStream out =
          new BufferedOutputStream(files.create(unfinished, true), COPY_BYTES)) {
        forEachPiece(counts, unigrams, text -> out.write(stored(text)), part -> append(out, part));
      }
    }
    if (files.exists(path)) {
      if (!target.overwrite()) {
        throw Outputs.exists(path);
      }
      files.delete(path, false);
    }
    if (!files.rename(unfinished, path)) {
      throw new IOException("cannot rename " + unfinished + " to " + path);
    }
  }

  /** Something to do with a piece of the file. */
  private interface Piece<T> {
    void accept(T piece) throws IOException;
  }

  private void forEachPiece(long[] counts, byte[] unigrams, Piece<byte[]> texts, Piece<Path> parts)
      throws IOException {
    ArpaBuffer text = new ArpaBuffer();
    texts.accept(text.header(counts).beginOrder(1).toByteArray());
    texts.accept(unigrams);
    for (int order = 2; order <= counts.length; order++) {
      text.clear();
      texts.accept(text.endOrder().beginOrder(order).toByteArray());
      Path directory = new Path(this.parts, LineOutputFormat.directory(order));
      if (files.exists(directory)) {
        FileStatus[] found = files.listStatus(directory);
        Arrays.sort(found, Comparator.comparing(FileStatus::getPath));
        for (FileStatus part : found) {
          parts.accept(part.getPath());
        }
      }
    }
    text.clear();
    texts.accept(text.endOrder().end().toByteArray());
  }

  /** A compressed file is a sequence of gzip members, which every reader takes as one. */
  private byte[] stored(byte[] text) throws IOException {
    if (!compressed) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream member = new GZIPOutputStream(bytes, 1 << 16)) {
      member.write(text);
    }
    return bytes.toByteArray();
  }

  private void append(OutputStream out, Path part) throws IOException {
    byte[] buffer = new byte[COPY_BYTES];
    try (InputStream in = files.open(part)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
    }
    files.delete(part, false);
  }

  @Override
  public void close() {
    SparkFaults.unwrapping(
        target.path(),
        () -> {
          files.delete(parts, true);
          return files.delete(unfinished, false);
        });
  }
}
