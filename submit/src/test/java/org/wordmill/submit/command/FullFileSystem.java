package org.wordmill.submit.command;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local disk under {@code full:}, on which there is room for some bytes more. */
public final class FullFileSystem extends RawLocalFileSystem {
  static final AtomicLong ROOM = new AtomicLong(Long.MAX_VALUE);

  @Override
  public String getScheme() {
    return "full";
  }

  @Override
  public URI getUri() {
    return URI.create("full:///");
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return limited(super.create(path, overwrite, bufferSize, replication, blockSize, progress));
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
    return limited(
        super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress));
  }

  private static FSDataOutputStream limited(OutputStream out) throws IOException {
    return new FSDataOutputStream(
        new FilterOutputStream(out) {
          @Override
          public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            if (ROOM.addAndGet(-length) < 0) {
              throw full();
            }
            out.write(bytes, from, length);
          }
        },
        null);
  }

  /** What Hadoop's local file system throws, which lets nobody else make one. */
  private static FSError full() {
    try {
      Constructor<FSError> made = FSError.class.getDeclaredConstructor(Throwable.class);
      made.setAccessible(true);
      return made.newInstance(new IOException("No space left on device"));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
