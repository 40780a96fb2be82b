package org.wordmill.trainer;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * Memory that several processes of one machine have: a file of Linux's file system in memory. It
 * loses its name while it holds no more than a key, so its room is free when its processes are
 * gone, whichever way they went.
 */
final class SharedMemory implements Closeable {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final String PREFIX = "wordmill-";
  private static final int PIECE = 1 << 20;

  private final Path file;
  private final FileChannel channel;

  private SharedMemory(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * What two processes have in common when, and only when, one kernel runs both; empty where that
   * is not Linux.
   */
  static String machine() throws IOException {
    return Files.isReadable(BOOT) ? Files.readString(BOOT).strip() : "";
  }

  /**
   * Of the key's size yet; its name is for the processes of the same user to {@link #open} it.
   *
   * @param folder in a file system in memory
   * @param key with which they make sure that it is this one
   */
  static SharedMemory create(Path folder, byte[] key) throws IOException {
    Path file = Files.createTempFile(folder, PREFIX, "");
    SharedMemory memory = new SharedMemory(file, channel(file));
    try {
      memory.write(ByteBuffer.wrap(key), 0);
      return memory;
    } catch (IOException e) {
      memory.forgetName();
      memory.close();
      throw e;
    }
  }

  /**
   * What another process has created.
   *
   * @throws IOException when it is not to be seen from here, as from another container
   */
  static SharedMemory open(Path folder, String name, byte[] key) throws IOException {
    if (!name.startsWith(PREFIX) || name.indexOf('/') >= 0) {
      throw new IOException(name + " is no memory of ours");
    }
    Path file = folder.resolve(name);
    SharedMemory memory = new SharedMemory(file, channel(file));
    try {
      if (!memory.beginsWith(key)) {
        throw new IOException(name + " is another one");
      }
      return memory;
    } catch (IOException e) {
      memory.close();
      throw e;
    }
  }

  private static FileChannel channel(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private boolean beginsWith(byte[] key) throws IOException {
    ByteBuffer found = ByteBuffer.allocate(key.length);
    while (found.hasRemaining() && channel.read(found, found.position()) > 0) {
      continue;
    }
    return MessageDigest.isEqual(found.array(), key);
  }

  /** By which others may open it. */
  String name() {
    return file.getFileName().toString();
  }

  /** After this nobody else can open it. */
  void forgetName() throws IOException {
    Files.deleteIfExists(file);
  }

  /**
   * Takes the memory, all of it: that there is none shows here, and not when it is used.
   *
   * @throws IOException when there is not so much
   */
  void allocate(long bytes) throws IOException {
    try {
      ByteBuffer zeros = ByteBuffer.allocateDirect(PIECE);
      for (long at = 0; at < bytes; at += PIECE) {
        write(zeros.duplicate().limit((int) Math.min(PIECE, bytes - at)), at);
      }
    } catch (IOException e) {
      channel.truncate(0);
      throw e;
    }
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    for (long next = at; bytes.hasRemaining(); ) {
      next += channel.write(bytes, next);
    }
  }

  /** A part of it, which stays when this is closed. */
  ByteBuffer map(long from, int bytes) throws IOException {
    return channel.map(FileChannel.MapMode.READ_WRITE, from, bytes);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
