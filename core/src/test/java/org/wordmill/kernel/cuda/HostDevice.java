package org.wordmill.kernel.cuda;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.cuda.Product.ColumnMajor;
import org.wordmill.kernel.cuda.Product.Matrix;

/**
 * The kernels' own sources on the host: compiled as C++ by the machine's compiler and run thread by
 * thread, with matrix products by loops over column-major matrices. New memory is full of NaN, and
 * products outside of it are refused.
 */
final class HostDevice implements Device {
  private static final int LONGEST_LAUNCH = 16;

  private final Precision precision;
  private final Function run;
  private final TreeMap<Long, Long> pieces = new TreeMap<>();
  private long allocations;

  /**
   * @param folder for the compiled library
   */
  HostDevice(Precision precision, Path folder) throws IOException, InterruptedException {
    this.precision = precision;
    String real = precision.name().toLowerCase(Locale.ROOT);
    Path source = folder.resolve(real + ".cpp");
    Path library = folder.resolve("lib" + real + ".so");
    Files.writeString(source, program());
    Process compiler =
        new ProcessBuilder(
                "g++",
                "-std=c++17",
                "-O1",
                "-U_FORTIFY_SOURCE",
                "-w",
                "-shared",
                "-fPIC",
                // The libraries of both precisions have the same names in them.
                "-Wl,-Bsymbolic",
                "-fno-gnu-unique",
                "-DREAL=" + real,
                "-o",
                library.toString(),
                source.toString())
            .inheritIO()
            .start();
    if (compiler.waitFor() != 0) {
      throw new AssertionError("the sources are no C++: " + source);
    }
    this.run = NativeLibrary.getInstance(library.toString()).getFunction("run");
  }

  /** Whether this machine has the compiler. */
  static boolean available() {
    try {
      return new ProcessBuilder("g++", "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The sources with a function that runs one entry point by its number. */
  private static String program() throws IOException {
    String host;
    try (var in = Objects.requireNonNull(HostDevice.class.getResourceAsStream("host.h"))) {
      host = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    StringBuilder program = new StringBuilder(host).append(Sources.program());
    StringBuilder cases = new StringBuilder();
    Map<String, KernelSource> sources = KernelSource.all();
    for (Entry entry : Entry.values()) {
      program
          .append("static void call_")
          .append(entry.symbol())
          .append("(const long long* a) { ")
          .append(entry.symbol())
          .append("(");
      for (int i = 0; i < entry.parameters().length(); i++) {
        String type =
            switch (entry.parameters().charAt(i)) {
              case 'r' -> "REAL*";
              case 'd' -> "double*";
              case 'i' -> "int*";
              case 'n' -> "Count";
              default -> "Number";
            };
        program.append(i == 0 ? "" : ", ").append("argument<" + type + ">(a, " + i + ")");
      }
      program.append("); }\n");
      cases.append(
          "case %d: run_grid(call_%s, %b, grid, arguments); break;%n"
              .formatted(
                  entry.ordinal(),
                  entry.symbol(),
                  Objects.requireNonNull(sources.get(entry.symbol())).synchronizes()));
    }
    return program
        .append("extern \"C\" void run(int entry, const unsigned* grid, ")
        .append("const long long* arguments) { switch (entry) {\n")
        .append(cases)
        .append("} }\n")
        .toString();
  }

  /** How often memory was asked for. */
  long allocations() {
    return allocations;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public String hardware() {
    return "the host";
  }

  @Override
  public synchronized long allocate(long bytes) {
    allocations++;
    long address = Native.malloc(bytes);
    new Pointer(address).setMemory(0, bytes, (byte) 0xff);
    pieces.put(address, bytes);
    return address;
  }

  @Override
  public synchronized void free(long address) {
    if (pieces.remove(address) == null) {
      throw new AssertionError("freed twice, or never allocated");
    }
    Native.free(address);
  }

  @Override
  public synchronized void read(long address, float[] into) {
    bytes(address, (long) into.length * Float.BYTES).asFloatBuffer().get(into);
  }

  @Override
  public synchronized void read(long address, double[] into) {
    bytes(address, (long) into.length * Double.BYTES).asDoubleBuffer().get(into);
  }

  @Override
  public synchronized void write(long address, float[] from) {
    bytes(address, (long) from.length * Float.BYTES).asFloatBuffer().put(from);
  }

  @Override
  public synchronized void write(long address, double[] from) {
    bytes(address, (long) from.length * Double.BYTES).asDoubleBuffer().put(from);
  }

  @Override
  public synchronized void write(long address, int[] from) {
    bytes(address, (long) from.length * Integer.BYTES).asIntBuffer().put(from);
  }

  @Override
  public synchronized void copy(long to, long from, long bytes) {
    bytes(to, bytes).put(bytes(from, bytes));
  }

  @Override
  public synchronized void launch(Entry entry, Grid grid, long[] arguments) {
    Memory slots = new Memory(LONGEST_LAUNCH * Long.BYTES);
    slots.write(0, arguments, 0, arguments.length);
    Memory extents = new Memory(4 * Integer.BYTES);
    int[] shape = {grid.blocksX(), grid.blocksY(), grid.threadsX(), grid.threadsY()};
    extents.write(0, shape, 0, shape.length);
    run.invokeVoid(new Object[] {entry.ordinal(), extents, slots});
  }

  /** As BLAS defines it: element (i, j) of a column-major matrix lies at i + j * leading. */
  @Override
  public synchronized void multiply(Product product) {
    ColumnMajor p = product.columnMajor();
    int width = precision.bytes();
    for (int batch = 0; batch < product.batch(); batch++) {
      ByteBuffer a =
          p.transposeFirst()
              ? columns(p.first(), batch, p.inner(), p.rows())
              : columns(p.first(), batch, p.rows(), p.inner());
      ByteBuffer b =
          p.transposeSecond()
              ? columns(p.second(), batch, p.columns(), p.inner())
              : columns(p.second(), batch, p.inner(), p.columns());
      ByteBuffer c = columns(p.result(), batch, p.rows(), p.columns());
      for (int j = 0; j < p.columns(); j++) {
        for (int i = 0; i < p.rows(); i++) {
          double sum = 0;
          for (int l = 0; l < p.inner(); l++) {
            int ia = p.transposeFirst() ? l + i * p.first().leading() : i + l * p.first().leading();
            int ib =
                p.transposeSecond() ? j + l * p.second().leading() : l + j * p.second().leading();
            sum += get(a, ia * width) * get(b, ib * width);
          }
          int at = (i + j * p.result().leading()) * width;
          double before = product.beta() == 0 ? 0 : product.beta() * get(c, at);
          put(c, at, product.alpha() * sum + before);
        }
      }
    }
  }

  private ByteBuffer columns(Matrix matrix, int batch, int rows, int columns) {
    if (matrix.leading() < rows) {
      throw new AssertionError(matrix + " has columns of " + rows);
    }
    long elements = (columns - 1L) * matrix.leading() + rows;
    long start = matrix.address() + batch * matrix.stride() * precision.bytes();
    return bytes(start, elements * precision.bytes());
  }

  private double get(ByteBuffer buffer, int at) {
    return precision == Precision.FLOAT ? buffer.getFloat(at) : buffer.getDouble(at);
  }

  private void put(ByteBuffer buffer, int at, double value) {
    if (precision == Precision.FLOAT) {
      buffer.putFloat(at, (float) value);
    } else {
      buffer.putDouble(at, value);
    }
  }

  private ByteBuffer bytes(long address, long length) {
    Map.Entry<Long, Long> piece = pieces.floorEntry(address);
    if (piece == null || address + length > piece.getKey() + piece.getValue()) {
      throw new AssertionError(length + " bytes at " + address + " are not in one allocation");
    }
    return new Pointer(address).getByteBuffer(0, length).order(ByteOrder.nativeOrder());
  }
}
