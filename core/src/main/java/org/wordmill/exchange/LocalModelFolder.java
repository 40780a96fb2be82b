package org.wordmill.exchange;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalLong;

/** A model's folder on the local file system. */
public final class LocalModelFolder implements ModelFolder {
  private final Path root;

  /**
   * @param root made when the first file is written
   */
  public LocalModelFolder(Path root) {
    this.root = root;
  }

  @Override
  public String location() {
    return root.toString();
  }

  @Override
  public OptionalLong length(String name) throws IOException {
    Path file = root.resolve(name);
    return Files.isRegularFile(file) ? OptionalLong.of(Files.size(file)) : OptionalLong.empty();
  }

  @Override
  public InputStream open(String name) throws IOException {
    return new BufferedInputStream(Files.newInputStream(root.resolve(name)), 1 << 16);
  }

  @Override
  public void write(String name, Content content) throws IOException {
    Files.createDirectories(root);
    Path unfinished = root.resolve(name + ".unfinished");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished), 1 << 16)) {
      content.write(out);
    }
    Files.move(unfinished, root.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
