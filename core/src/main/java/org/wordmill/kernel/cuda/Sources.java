package org.wordmill.kernel.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The CUDA C sources of the kernels, which are resources beside this class. */
final class Sources {
  /** In the order in which they are compiled, as one program. */
  static final List<String> FILES =
      List.of(
          "prelude.cu",
          "elementwise.cu",
          "rows.cu",
          "reductions.cu",
          "norm.cu",
          "tables.cu",
          "attention.cu",
          "cells.cu",
          "convolution.cu",
          "optimizer.cu");

  private Sources() {}

  /** The program; messages of a compiler name the file and line they are about. */
  static String program() {
    StringBuilder program = new StringBuilder();
    for (String file : FILES) {
      program.append("#line 1 \"").append(file).append("\"\n").append(read(file));
    }
    return program.toString();
  }

  static String read(String file) {
    try (InputStream in = Sources.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + file + " is missing from this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource " + file, e);
    }
  }
}
