/**
 * The kernels for NVIDIA GPUs: tensors in device memory, matrix products by cuBLAS, everything else
 * by CUDA C sources in the resources of this package, compiled for the device when it is first
 * used. Only {@code CudaDevice} and what it is made of touch the CUDA presets, which are on the
 * class path only in builds for GPUs; all else computes sizes and arguments and is tested without a
 * GPU.
 */
@NullMarked
package org.wordmill.kernel.cuda;

import org.jspecify.annotations.NullMarked;
