package org.wordmill.kernel;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** Which implementation of {@link Kernels} computes. */
public enum KernelChoice {
  /** The fastest that this process can run. */
  AUTO,
  /** Formulas over ND4J's operations: any backend, both precisions. */
  REFERENCE,
  /** For CPUs, in single precision, with the module jdk.incubator.vector. */
  FUSED,
  /**
   * As FUSED, with the factors of linear layers' products rounded to bfloat16, sums and parameters
   * in single precision: faster on processors with AVX512_BF16, and the others refuse it.
   */
  BF16,
  /** For NVIDIA GPUs, in both precisions, in builds that carry the CUDA presets. */
  CUDA;

  private static final String VECTOR_MODULE = "jdk.incubator.vector";
  private static final Logger LOG = LoggerFactory.getLogger(KernelChoice.class);

  // What was said once is not said again by every task of a process.
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  /**
   * @param name in any case, as in configuration files
   * @throws WordmillException USAGE for an unknown name
   */
  public static KernelChoice parse(String name) {
    for (KernelChoice choice : values()) {
      if (choice.name().equalsIgnoreCase(name)) {
        return choice;
      }
    }
    throw new WordmillException(
        ExitCode.USAGE,
        "unknown kernels '" + name + "'",
        "",
        "choose one of " + Arrays.toString(values()).toLowerCase(Locale.ROOT));
  }

  /**
   * Kernels for the calling thread.
   *
   * @throws WordmillException USAGE if particular kernels were asked for and cannot run here
   */
  public Kernels create(Precision precision) {
    NativeRuntime.prepare();
    Optional<Kernels> provided =
        this == CUDA || this == AUTO ? ProvidedKernels.create(this, precision) : Optional.empty();
    Kernels kernels = provided.orElseGet(() -> throughNd4j(precision));
    if (SAID.add(kernels.name() + precision)) {
      LOG.info("{} kernels in {} precision", kernels.name(), precision);
    }
    return kernels;
  }

  /**
   * Begins to load native libraries, on a thread of its own, for a process that will need them
   * soon. Who creates kernels meanwhile waits for that; what goes wrong shows there, and not here.
   */
  public void loadAhead() {
    Thread thread =
        new Thread(
            () -> {
              try {
                create(Precision.FLOAT);
              } catch (RuntimeException | LinkageError e) {
                LOG.debug("the kernels cannot be had ahead", e);
              }
            },
            "wordmill-natives");
    thread.setDaemon(true);
    thread.start();
  }

  private Kernels throughNd4j(Precision precision) {
    String obstacle = obstacle(precision);
    if ((this == FUSED || this == BF16) && !obstacle.isEmpty()) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the " + name().toLowerCase(Locale.ROOT) + " kernels cannot run: " + obstacle,
          "",
          "choose the kernels auto or reference");
    }
    boolean fused = this != REFERENCE && obstacle.isEmpty();
    if (this == AUTO && precision == Precision.FLOAT && !fused && SAID.add(obstacle)) {
      LOG.warn("computing with the slower reference kernels: {}", obstacle);
    }
    if (fused) {
      InlineAdvice.giveOnce();
    }
    if (!fused) {
      return new ReferenceKernels(precision);
    }
    Blas blas = Blas.best();
    if (SAID.add(blas.library())) {
      LOG.info("matrix products by {}", blas.library());
    }
    return this == BF16 ? new FusedKernels(blas, new Bfloat16Products()) : new FusedKernels(blas);
  }

  /** Why fused kernels cannot run; empty if they can. */
  private String obstacle(Precision precision) {
    if (precision != Precision.FLOAT) {
      return "they compute in single precision only";
    }
    if (NativeRuntime.onAccelerator()) {
      return "ND4J's arrays are not on the CPU";
    }
    if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
      return "java was started without --add-modules=" + VECTOR_MODULE;
    }
    return this == BF16 ? OneDnn.bfloat16Obstacle() : "";
  }
}
