package org.wordmill.format.ngramtable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.wordmill.format.mapped.MappedBytes;

/**
 * A table that is being written, beside its place and under another name, {@code .NAME.incomplete};
 * it takes its name when it is whole. Until then its header says that it is not complete.
 *
 * <p>Each section is filled with zeros through the file system before it is mapped, so that a full
 * disk is an {@link IOException} and not a fault of the virtual machine.
 */
final class TableFile implements AutoCloseable {
  private static final int ALIGNMENT = 64;

  /** What may be read behind a section: packed bits are read eight bytes at a time. */
  private static final int PADDING = 8;

  private final Path target;
  private final Path incomplete;
  private final FileChannel channel;
  private final List<Section> sections = new ArrayList<>();
  private final List<MappedBytes> mapped = new ArrayList<>();
  private boolean finished;

  TableFile(Path target) throws IOException {
    this.target = target;
    incomplete = beside(target, "incomplete");
    channel = open(incomplete);
    channel.write(ByteBuffer.wrap(TableHeader.incomplete()));
  }

  /** A file for the time of writing, which is gone when it is closed. */
  FileChannel temporary(String name) throws IOException {
    return FileChannel.open(
        beside(target, name),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  /** A hidden file beside a table, for the time of writing it. */
  static Path beside(Path target, String name) {
    return target.resolveSibling("." + target.getFileName() + "." + name);
  }

  private static FileChannel open(Path path) throws IOException {
    return FileChannel.open(
        path,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  /** Makes room for a section, all zeros, to be filled. */
  MappedBytes allocate(int id, long length) throws IOException {
    long offset = (channel.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    zeros(channel, offset + length + PADDING);
    MappedBytes bytes =
        MappedBytes.map(channel, FileChannel.MapMode.READ_WRITE, offset, length + PADDING);
    sections.add(new Section(id, offset, length, 0));
    mapped.add(bytes);
    return bytes;
  }

  private static void zeros(FileChannel channel, long end) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 16);
    while (channel.position() < end) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), end - channel.position()));
      while (zeros.hasRemaining()) {
        channel.write(zeros);
      }
    }
  }

  /** Completes the file and gives it its name, in the place of one that may be there. */
  void finish(TableLayout layout, boolean suffixClosed, boolean quantized, List<Long> counts)
      throws IOException {
    List<Section> summed = new ArrayList<>();
    for (int i = 0; i < sections.size(); i++) {
      Section section = sections.get(i);
      mapped.get(i).force();
      int checksum = mapped.get(i).checksum(0, section.length());
      summed.add(new Section(section.id(), section.offset(), section.length(), checksum));
    }
    channel.force(true);
    TableHeader header =
        new TableHeader(layout, suffixClosed, quantized, channel.size(), counts, summed);
    ByteBuffer bytes = ByteBuffer.wrap(header.encode());
    while (bytes.hasRemaining()) {
      channel.write(bytes, bytes.position());
    }
    channel.force(true);
    Files.move(
        incomplete, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    finished = true;
  }

  /** Removes what is not finished. */
  @Override
  public void close() throws IOException {
    channel.close();
    if (!finished) {
      Files.deleteIfExists(incomplete);
    }
  }
}
