package org.wordmill.kernel;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Kernels whose tensors lie in {@link HeapMemory}, as those of a device lie elsewhere: every call
 * copies its tensors to ND4J, lets the reference kernels compute, and copies them back. Whatever
 * touches ND4J's memory behind the back of the kernels fails on them.
 */
public final class RemoteKernels {
  private RemoteKernels() {}

  public static Kernels of(Precision precision) {
    Kernels near = new ReferenceKernels(precision);
    return (Kernels)
        Proxy.newProxyInstance(
            RemoteKernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "name" -> "remote";
                  case "precision" -> precision;
                  case "zeros" -> zeros(precision, (int[]) arguments[0]);
                  case "reaches" -> ((Tensor) arguments[0]).memory() instanceof HeapMemory;
                  case "within" -> moved((Tensor) arguments[0], precision);
                  default -> compute(near, method, arguments);
                });
  }

  private static Tensor zeros(Precision precision, int[] shape) {
    return Tensor.over(new HeapMemory(precision, Tensor.size(shape)), shape);
  }

  private static Tensor moved(Tensor tensor, Precision precision) {
    Tensor copy = zeros(precision, tensor.shape());
    copy.copyFrom(tensor);
    return copy;
  }

  private static Object compute(Kernels near, Method method, Object[] arguments) throws Throwable {
    Map<Tensor, Tensor> copies = new IdentityHashMap<>();
    Object[] replaced = arguments.clone();
    for (int i = 0; i < replaced.length; i++) {
      if (replaced[i] instanceof Tensor tensor) {
        if (!(tensor.memory() instanceof HeapMemory)) {
          throw new AssertionError(method.getName() + " was given a tensor of another kind");
        }
        replaced[i] =
            copies.computeIfAbsent(
                tensor,
                far -> {
                  Tensor copy = Tensor.zeros(far.precision(), far.shape());
                  copy.copyFrom(far);
                  return copy;
                });
      }
    }
    try {
      return method.invoke(near, replaced);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    } finally {
      copies.forEach((far, copy) -> far.copyFrom(copy));
    }
  }
}
