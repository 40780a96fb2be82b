package org.wordmill.checkpoint;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Checkpoints in a folder of the local file system. */
public final class LocalCheckpointStore implements CheckpointStore {
  private final Path root;

  /**
   * @param root made when the first checkpoint is written
   */
  public LocalCheckpointStore(Path root) {
    this.root = root;
  }

  @Override
  public String location() {
    return root.toString();
  }

  @Override
  public List<String> directories() throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(root)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> String.valueOf(entry.getFileName()))
          .toList();
    }
  }

  @Override
  public OptionalLong length(String directory, String file) throws IOException {
    try {
      return OptionalLong.of(Files.size(root.resolve(directory).resolve(file)));
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public OutputStream create(String directory, String file) throws IOException {
    Path folder = root.resolve(directory);
    Files.createDirectories(folder);
    FileChannel channel =
        FileChannel.open(
            folder.resolve(file), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new SyncedStream(channel);
  }

  @Override
  public InputStream open(String directory, String file) throws IOException {
    return Files.newInputStream(root.resolve(directory).resolve(file));
  }

  @Override
  public void deleteFile(String directory, String file) throws IOException {
    Files.deleteIfExists(root.resolve(directory).resolve(file));
  }

  @Override
  public void deleteDirectory(String directory) throws IOException {
    Path folder = root.resolve(directory);
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> files = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      entries.forEach(files::add);
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(folder);
  }

  /** A file that is forced to the device before it is closed. */
  private static final class SyncedStream extends FilterOutputStream {
    private final FileChannel channel;

    SyncedStream(FileChannel channel) {
      super(Channels.newOutputStream(channel));
      this.channel = channel;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      try (FileChannel closing = channel) {
        if (closing.isOpen()) {
          closing.force(true);
        }
      }
    }
  }
}
