package org.wordmill.kernel;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Kernels that compute nothing, on tensors without memory: what is left of a step is which tensors
 * it asks for and when, in no time and for any size of model. Every kernel is the same here, so
 * they are one proxy and not one method each.
 */
public final class DryKernels {
  private DryKernels() {}

  /** Stands in for {@code kernels}, which answer what they are asked about themselves. */
  public static Kernels like(Kernels kernels) {
    return (Kernels)
        Proxy.newProxyInstance(
            DryKernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, method, arguments) -> answer(kernels, method, arguments));
  }

  private static @Nullable Object answer(
      Kernels kernels, Method method, Object @Nullable [] arguments) throws Throwable {
    switch (method.getName()) {
      case "zeros" -> {
        int[] shape = (int[]) given(arguments)[0];
        return Tensor.over(new DryMemory(kernels.precision(), Tensor.size(shape)), shape);
      }
      case "reaches" -> {
        return ((Tensor) given(arguments)[0]).memory() instanceof DryMemory;
      }
      case "within" -> {
        Tensor tensor = (Tensor) given(arguments)[0];
        DryMemory memory = new DryMemory(kernels.precision(), tensor.size());
        return Tensor.over(memory, tensor.shape());
      }
      default -> {
        return computed(kernels, method, arguments);
      }
    }
  }

  private static @Nullable Object computed(
      Kernels kernels, Method method, Object @Nullable [] arguments) throws Throwable {
    boolean onTensors =
        arguments != null && Arrays.stream(arguments).anyMatch(Tensor.class::isInstance);
    if (onTensors) {
      return method.getReturnType() == double.class ? (Object) 0.0 : null;
    }
    try {
      return method.invoke(kernels, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static Object[] given(Object @Nullable [] arguments) {
    return Objects.requireNonNull(arguments);
  }
}
