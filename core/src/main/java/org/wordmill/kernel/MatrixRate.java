package org.wordmill.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How many floating point operations a second this machine does in large matrix products, in single
 * precision: the rate that training can approach and not exceed, because most of it is such
 * products.
 *
 * @param operationsPerSecond of all threads together
 * @param threads one for each processor, or one that keeps a device busy
 * @param kernels that computed
 */
public record MatrixRate(double operationsPerSecond, int threads, String kernels) {
  private static final int SIZE = 768;
  private static final double OPERATIONS = 2.0 * SIZE * SIZE * SIZE;
  private static final int WARM_UP = 3;

  /** Multiplies square matrices for about {@code time}, as training would use the machine. */
  public static MatrixRate measure(KernelChoice choice, Duration time) {
    Kernels kernels = choice.create(Precision.FLOAT);
    boolean onHost = kernels.zeros(1).memory() instanceof Nd4jMemory;
    int threads = onHost ? Runtime.getRuntime().availableProcessors() : 1;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Double>> rates = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        rates.add(pool.submit(() -> ofOneThread(choice.create(Precision.FLOAT), time)));
      }
      double sum = 0;
      for (Future<Double> rate : rates) {
        sum += rate.get();
      }
      return new MatrixRate(sum, threads, kernels.name());
    } catch (ExecutionException e) {
      throw new IllegalStateException("the matrix products failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring matrix products", e);
    } finally {
      pool.shutdownNow();
    }
  }

  /** Twice as many products as before until they take long enough. */
  private static double ofOneThread(Kernels kernels, Duration time) {
    Tensor x = kernels.zeros(SIZE, SIZE);
    Tensor weight = kernels.zeros(SIZE, SIZE);
    Tensor y = kernels.zeros(SIZE, SIZE);
    // Ordinary numbers: processors may treat zeros in another time.
    x.fill(0.5);
    weight.fill(0.25);
    long nanoseconds = products(kernels, x, weight, y, WARM_UP);
    int count = WARM_UP;
    while (nanoseconds < time.toNanos() / 2) {
      count *= 2;
      nanoseconds = products(kernels, x, weight, y, count);
    }
    return count * OPERATIONS / (nanoseconds / 1e9);
  }

  /** The nanoseconds that so many products take. */
  private static long products(Kernels kernels, Tensor x, Tensor weight, Tensor y, int count) {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      kernels.linearForward(x, weight, null, y);
    }
    // On a device the products are only queued until something is read.
    float one = y.view(0, 1).toFloats()[0];
    if (!Float.isFinite(one)) {
      throw new IllegalStateException("a product of finite matrices is " + one);
    }
    return System.nanoTime() - start;
  }
}
