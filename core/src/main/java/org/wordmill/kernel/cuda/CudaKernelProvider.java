package org.wordmill.kernel.cuda;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.Loader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.KernelProvider;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;

/** Finds out whether there is a GPU that can be used, and gives the kernels for it. */
public final class CudaKernelProvider implements KernelProvider {
  private static final Logger LOG = LoggerFactory.getLogger(CudaKernelProvider.class);
  private static final Map<Precision, String> OBSTACLES = new ConcurrentHashMap<>();

  /** For the service loader. */
  public CudaKernelProvider() {}

  @Override
  public KernelChoice choice() {
    return KernelChoice.CUDA;
  }

  /** What is in the way does not change while the process runs. */
  @Override
  public String obstacle(Precision precision) {
    return presetsArePresent()
        ? OBSTACLES.computeIfAbsent(precision, CudaKernelProvider::open)
        : "this build carries no CUDA presets, only one made with mvn -Pgpu does";
  }

  private static String open(Precision precision) {
    String obstacle;
    try {
      LOG.info("{} precision on {}", precision, CudaDevice.of(precision).hardware());
      return "";
    } catch (WordmillException | IllegalStateException e) {
      obstacle = String.valueOf(e.getMessage());
    } catch (LinkageError e) {
      obstacle = "the libraries of CUDA 13 or of the GPU's driver cannot be loaded: " + root(e);
    }
    LOG.warn("no kernels for GPUs, although this build has them: {}", obstacle);
    return obstacle;
  }

  @Override
  public Kernels create(Precision precision) {
    return new CudaKernels(CudaDevice.of(precision));
  }

  /** JavaCPP says first what it tried last; which library was missing is told at the end. */
  private static Throwable root(Throwable fault) {
    Throwable root = fault;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }

  /** Looks for the presets' native code, which no build has by chance; touches none of them. */
  private static boolean presetsArePresent() {
    String library =
        "org/bytedeco/cuda/" + Loader.getPlatform() + "/" + System.mapLibraryName("jnicudart");
    return CudaKernelProvider.class.getClassLoader().getResource(library) != null;
  }
}
