package org.wordmill.trainer;

import java.io.IOException;

/** Lines of text as documents; those of nothing but white space are left out. */
final class LineDocuments implements TextPieces {
  private final TextLines lines;
  private long blank;

  LineDocuments(TextLines lines) {
    this.lines = lines;
  }

  @Override
  public String next() throws IOException {
    while (lines.advance()) {
      String line = lines.line();
      if (!line.isBlank()) {
        return line;
      }
      blank++;
    }
    return "";
  }

  @Override
  public long malformedParts() {
    return lines.malformedParts();
  }

  @Override
  public long longLines() {
    return lines.longLines();
  }

  @Override
  public long bombs() {
    return lines.bombs();
  }

  @Override
  public long blankDocuments() {
    return blank;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
