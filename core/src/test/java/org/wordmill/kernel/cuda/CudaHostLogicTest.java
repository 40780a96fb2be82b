package org.wordmill.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.Activation;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.kernel.cuda.Arguments.Region;
import org.wordmill.kernel.cuda.Product.ColumnMajor;
import org.wordmill.kernel.cuda.Product.Matrix;

/** What is computed on the host before a GPU is asked for anything. */
final class CudaHostLogicTest {

  @Test
  void theTableOfEntryPointsIsThatOfTheSources() {
    Map<String, String> table =
        Arrays.stream(Entry.values()).collect(Collectors.toMap(Entry::symbol, Entry::parameters));
    Map<String, String> sources =
        KernelSource.all().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, kernel -> kernel.getValue().parameters()));
    assertThat(sources).isEqualTo(table);
  }

  @Test
  void everyKernelInTheSourcesIsFound() {
    long written =
        Sources.FILES.stream()
            .flatMap(file -> Sources.read(file).lines())
            .filter(line -> line.startsWith("KERNEL "))
            .count();
    assertThat(KernelSource.all()).hasSize((int) written);
  }

  @ParameterizedTest
  @EnumSource
  void functionsHaveTheNumbersOfTheSources(Activation f) {
    assertThat(Sources.read("elementwise.cu"))
        .contains("#define " + f.name() + " " + CudaKernels.code(f) + "\n");
  }

  @Test
  void nothingInTheSourcesAddsInAnOrderLeftToChance() {
    assertThat(Sources.program()).doesNotContain("atomicAdd(");
  }

  @ParameterizedTest
  @CsvSource({"1", "255", "256", "257", "100000", "16777216", "16777217", "9000000000"})
  void everyElementHasAThread(long count) {
    Grid grid = Grid.elements(count);
    long threads = (long) grid.blocksX() * grid.threadsX();
    // Beyond the largest grid, a thread takes several elements.
    assertThat(threads).isGreaterThanOrEqualTo(Math.min(count, 1 << 24));
    assertThat(threads - count).isLessThan(Grid.THREADS);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,50257", "7,1024", "8,1024", "9,65", "16384,50257", "4096,384"})
  void everyRowHasAWarpOrABlock(int rows, int columns) {
    Grid grid = Grid.rows(rows, columns);
    assertThat(grid.threadsX() * grid.threadsY()).isEqualTo(Grid.THREADS);
    assertThat(grid.threadsY() == 1 || grid.threadsX() == 32).isTrue();
    assertThat((long) grid.blocksX() * grid.threadsY())
        .isBetween((long) rows, rows + grid.threadsY() - 1L);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "64,3", "65,33", "4096,1536", "16384,768", "1000003,7"})
  void chunksOfRowsCoverAllOfThemAndNoneIsEmpty(int rows, int columns) {
    ColumnChunks chunks = ColumnChunks.of(rows);
    Grid grid = Grid.columns(columns, chunks.chunks());
    assertThat((long) chunks.chunks() * chunks.rowsPerChunk()).isGreaterThanOrEqualTo(rows);
    assertThat((chunks.chunks() - 1L) * chunks.rowsPerChunk()).isLessThan(rows);
    assertThat(grid.blocksX() * 32).isBetween(columns, columns + 31);
    assertThat(grid.blocksY()).isEqualTo(chunks.chunks()).isLessThanOrEqualTo(65535);
  }

  @Test
  void sumsHaveAsManyBlocksOnEveryGpu() {
    assertThat(Grid.sum(1).blocksX()).isEqualTo(1);
    assertThat(Grid.sum(4097).blocksX()).isEqualTo(2);
    assertThat(Grid.sum(1L << 32).blocksX()).isEqualTo(1024);
  }

  @Test
  void occurrencesAreListedInTheOrderOfTheText() {
    Occurrences found = Occurrences.of(new Ids(new int[] {7, 2, 7, 0, 2, 7}, 2, 3));
    assertThat(found.rows()).containsExactly(0, 2, 7);
    assertThat(found.starts()).containsExactly(0, 1, 3, 6);
    assertThat(found.order()).containsExactly(3, 1, 4, 0, 2, 5);
    assertThat(found.joined()).containsExactly(0, 2, 7, 0, 1, 3, 6, 3, 1, 4, 0, 2, 5);
    assertThat(found.distinct()).isEqualTo(3);
  }

  @Test
  void argumentsAreEightBytesEachOfTheKindThatTheEntryTakes() {
    Region x = new Region('r', 0x7f0000001000L);
    assertThat(Arguments.pack(Entry.FILL, x, -0.5, 3_000_000_000L))
        .containsExactly(0x7f0000001000L, Double.doubleToRawLongBits(-0.5), 3_000_000_000L);
    assertThat(Arguments.pack(Entry.SOFTMAX_BACKWARD, x, x, x, true, 7, 5)).endsWith(1, 7, 5);
    assertThatThrownBy(() -> Arguments.pack(Entry.FILL, x, 1, 3)).hasMessageContaining("kind x");
    assertThatThrownBy(() -> Arguments.pack(Entry.FILL, x, 1.0)).hasMessageContaining("3");
    assertThatThrownBy(() -> Arguments.pack(Entry.FILL, new Region('d', 8), 1.0, 3))
        .hasMessageContaining("kind r");
    Tensor near = Tensor.zeros(Precision.FLOAT, 3);
    assertThatThrownBy(() -> Arguments.pack(Entry.FILL, near, 1.0, 3))
        .hasMessageContaining("memory of a GPU");
  }

  @Test
  void noEntryHasMoreParametersThanALaunchCanPass() {
    assertThat(Entry.values())
        .allMatch(entry -> entry.parameters().length() <= CudaDriver.MOST_PARAMETERS);
  }

  /** Row-major matrices in an array, multiplied as column-major ones, batch by batch. */
  @Test
  void rowMajorProductsAreColumnMajorOnesWithTheFactorsExchanged() {
    SplittableRandom random = new SplittableRandom(1979);
    for (int trial = 0; trial < 200; trial++) {
      int m = 1 + random.nextInt(5);
      int n = 1 + random.nextInt(5);
      int k = 1 + random.nextInt(5);
      int batch = 1 + random.nextInt(3);
      boolean ta = random.nextBoolean();
      boolean tb = random.nextBoolean();
      double[] memory = random.doubles(600, -1, 1).toArray();
      Matrix a = new Matrix(0, (ta ? m : k) + random.nextInt(3), 60);
      Matrix b = new Matrix(200, (tb ? k : n) + random.nextInt(3), 60);
      Matrix c = new Matrix(400, n + random.nextInt(3), 60);
      Product product = new Product(m, n, k, 0.5, a, ta, b, tb, trial % 2, c, batch);

      double[] expected = memory.clone();
      for (int i = 0; i < batch; i++) {
        for (int row = 0; row < m; row++) {
          for (int column = 0; column < n; column++) {
            double sum = 0;
            for (int l = 0; l < k; l++) {
              double left = memory[at(a, i) + (ta ? l * a.leading() + row : row * a.leading() + l)];
              double right =
                  memory[at(b, i) + (tb ? column * b.leading() + l : l * b.leading() + column)];
              sum += left * right;
            }
            int place = at(c, i) + row * c.leading() + column;
            expected[place] = 0.5 * sum + product.beta() * memory[place];
          }
        }
      }
      columnMajor(product, memory);
      assertThat(memory).isEqualTo(expected);
    }
  }

  /** What BLAS does, on an array instead of memory. */
  private static void columnMajor(Product product, double[] memory) {
    ColumnMajor p = product.columnMajor();
    for (int batch = 0; batch < product.batch(); batch++) {
      int a = at(p.first(), batch);
      int b = at(p.second(), batch);
      for (int j = 0; j < p.columns(); j++) {
        for (int i = 0; i < p.rows(); i++) {
          double sum = 0;
          for (int l = 0; l < p.inner(); l++) {
            int la = p.first().leading();
            int lb = p.second().leading();
            sum +=
                memory[a + (p.transposeFirst() ? l + i * la : i + l * la)]
                    * memory[b + (p.transposeSecond() ? j + l * lb : l + j * lb)];
          }
          int place = at(p.result(), batch) + i + j * p.result().leading();
          memory[place] = product.alpha() * sum + product.beta() * memory[place];
        }
      }
    }
  }

  private static int at(Matrix matrix, int batch) {
    return (int) (matrix.address() + batch * matrix.stride());
  }

  @Test
  void machineCodeIsMadeForGpusThatTheCompilerKnowsAndPtxForNewerOnes() {
    int[] known = {75, 80, 86, 89, 90, 100, 103, 110, 120, 121};
    assertThat(Target.of(90, known).option()).isEqualTo("--gpu-architecture=sm_90");
    assertThat(Target.of(90, known).machineCode()).isTrue();
    assertThat(Target.of(87, known).option()).isEqualTo("--gpu-architecture=compute_86");
    assertThat(Target.of(130, known).option()).isEqualTo("--gpu-architecture=compute_121");
    assertThat(Target.of(130, known).machineCode()).isFalse();
    assertThatThrownBy(() -> Target.of(70, known))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("7.0");
  }

  @Test
  void theProgramNamesItsFiles() {
    List<String> lines =
        Sources.program().lines().filter(line -> line.startsWith("#line")).toList();
    assertThat(lines)
        .containsExactlyElementsOf(
            IntStream.range(0, Sources.FILES.size())
                .mapToObj(i -> "#line 1 \"" + Sources.FILES.get(i) + "\"")
                .toList());
  }
}
