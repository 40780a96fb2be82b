package org.wordmill.trainer;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BufferedFSInputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** This machine's files as if they were on another: not to be mapped, and counted when read. */
public final class FarFileSystem extends FileSystem {
  static final String SCHEME = "far";
  private static final AtomicLong BYTES_READ = new AtomicLong();

  private final RawLocalFileSystem local = new RawLocalFileSystem();

  static void register(Configuration configuration) {
    configuration.set("fs." + SCHEME + ".impl", FarFileSystem.class.getName());
  }

  static void forget() {
    BYTES_READ.set(0);
  }

  static long bytesRead() {
    return BYTES_READ.get();
  }

  @Override
  public void initialize(URI name, Configuration configuration) throws IOException {
    super.initialize(name, configuration);
    local.initialize(URI.create("file:///"), configuration);
    setConf(configuration);
  }

  private static Path near(Path path) {
    return new Path("file", null, path.toUri().getPath());
  }

  private FileStatus far(FileStatus status) {
    return new FileStatus(
        status.getLen(),
        status.isDirectory(),
        1,
        1L << 20,
        status.getModificationTime(),
        new Path(SCHEME, "", status.getPath().toUri().getPath()));
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    FSDataInputStream in = local.open(near(path), bufferSize);
    return new FSDataInputStream(new BufferedFSInputStream(new Counting(in), 1));
  }

  private static final class Counting extends FSInputStream {
    private final FSDataInputStream in;

    Counting(FSDataInputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      BYTES_READ.incrementAndGet();
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = in.read(bytes, offset, length);
      BYTES_READ.addAndGet(Math.max(0, read));
      return read;
    }

    @Override
    public void seek(long position) throws IOException {
      in.seek(position);
    }

    @Override
    public long getPos() throws IOException {
      return in.getPos();
    }

    @Override
    public boolean seekToNewSource(long position) {
      return false;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return local.create(near(path), overwrite);
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress)
      throws IOException {
    return local.append(near(path), bufferSize, progress);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return local.rename(near(from), near(to));
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    return local.delete(near(path), recursive);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    FileStatus[] all = local.listStatus(near(path));
    for (int i = 0; i < all.length; i++) {
      all[i] = far(all[i]);
    }
    return all;
  }

  @Override
  public void setWorkingDirectory(Path directory) {}

  @Override
  public Path getWorkingDirectory() {
    return new Path(SCHEME + ":///");
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) throws IOException {
    return local.mkdirs(near(path));
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    return far(local.getFileStatus(near(path)));
  }
}
