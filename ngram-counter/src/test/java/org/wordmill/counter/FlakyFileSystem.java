package org.wordmill.counter;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local file system under {@code flaky:}, whose next operations on data files fail. */
public final class FlakyFileSystem extends RawLocalFileSystem {
  static final AtomicInteger OPENS_TO_FAIL = new AtomicInteger();
  static final AtomicInteger PARTS_TO_FAIL = new AtomicInteger();

  @Override
  public String getScheme() {
    return "flaky";
  }

  @Override
  public URI getUri() {
    return URI.create("flaky:///");
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    if (path.getName().endsWith(".txt") && failOnce(OPENS_TO_FAIL)) {
      throw new IOException("this open fails on purpose");
    }
    return super.open(path, bufferSize);
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
    failPart(path);
    return super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
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
    failPart(path);
    return super.create(path, overwrite, bufferSize, replication, blockSize, progress);
  }

  private static void failPart(Path path) throws IOException {
    boolean part = path.getName().startsWith("part-");
    if (part) {
      FailingTasks.write();
    }
    if (part && failOnce(PARTS_TO_FAIL)) {
      throw new IOException("this write fails on purpose");
    }
  }

  private static boolean failOnce(AtomicInteger left) {
    return left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
  }
}
