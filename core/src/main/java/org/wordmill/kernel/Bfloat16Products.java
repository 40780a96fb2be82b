package org.wordmill.kernel;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.const_dnnl_op_desc_t;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_matmul_desc_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products whose factors are rounded to {@link Bfloat16} and whose sums are taken in single
 * precision, by oneDNN's matmul. The factors and results in memory are single precision as
 * everywhere; rounded copies of the factors live for one product in memory that grows to the
 * largest one.
 *
 * <p>A compiled product is kept for each shape that was asked for, of which a model has a few
 * dozen.
 */
final class Bfloat16Products extends Blas {
  /** What a compiled product is for. */
  private record Shape(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      int stride,
      boolean add,
      boolean bias) {}

  /** A compiled product and the memory objects that it runs on. */
  private record Compiled(
      dnnl_primitive primitive,
      dnnl_exec_arg_t arguments,
      dnnl_memory a,
      dnnl_memory b,
      dnnl_memory c,
      dnnl_memory bias) {}

  private final dnnl_engine engine = new dnnl_engine();
  private final dnnl_stream stream = new dnnl_stream();
  private final Map<Shape, Compiled> compiled = new HashMap<>();
  private final Rounded left = new Rounded();
  private final Rounded right = new Rounded();
  private final Operand result = new Operand();
  private final Operand row = new Operand();
  private boolean held;

  Bfloat16Products() {
    OneDnn.useOneThread();
    OneDnn.check(dnnl.dnnl_engine_create(engine, dnnl.dnnl_cpu, 0));
    OneDnn.check(dnnl.dnnl_stream_create(stream, engine, dnnl.dnnl_stream_default_flags));
  }

  @Override
  void product(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float factor,
      Matrix a,
      Matrix b,
      float beta,
      Matrix c) {
    if (factor != 1 || (beta != 0 && beta != 1)) {
      throw new IllegalArgumentException("factor " + factor + ", beta " + beta);
    }
    run(new Shape(transposeA, transposeB, m, n, k, c.stride(), beta == 1, false), a, b, c, null);
  }

  @Override
  boolean affine(int m, int n, int k, Matrix x, Matrix weight, Tensor bias, Matrix y) {
    run(new Shape(false, true, m, n, k, y.stride(), false, true), x, weight, y, bias);
    return true;
  }

  @Override
  void holdLeft() {
    held = true;
  }

  @Override
  void release() {
    held = false;
    left.forget();
  }

  private void run(Shape s, Matrix a, Matrix b, Matrix c, @Nullable Tensor bias) {
    Compiled product = compiled.get(s);
    if (product == null) {
      product = compile(s);
      compiled.put(s, product);
    }
    left.set(a, s.transposeA ? s.k : s.m, s.transposeA ? s.m : s.k);
    right.set(b, s.transposeB ? s.n : s.k, s.transposeB ? s.k : s.n);
    OneDnn.check(dnnl.dnnl_memory_set_data_handle(product.a, left.memory));
    OneDnn.check(dnnl.dnnl_memory_set_data_handle(product.b, right.memory));
    OneDnn.check(dnnl.dnnl_memory_set_data_handle(product.c, result.at(c.address())));
    if (bias != null) {
      OneDnn.check(dnnl.dnnl_memory_set_data_handle(product.bias, row.at(bias.address())));
    }
    OneDnn.check(
        dnnl.dnnl_primitive_execute(
            product.primitive, stream, bias == null ? 3 : 4, product.arguments));
    if (!held) {
      left.forget();
    }
    right.forget();
    Reference.reachabilityFence(a);
    Reference.reachabilityFence(b);
    Reference.reachabilityFence(c);
    Reference.reachabilityFence(bias);
  }

  private Compiled compile(Shape s) {
    dnnl_memory_desc_t a =
        matrix(dnnl.dnnl_bf16, s.m, s.k, s.transposeA ? 1 : s.k, s.transposeA ? s.m : 1);
    dnnl_memory_desc_t b =
        matrix(dnnl.dnnl_bf16, s.k, s.n, s.transposeB ? 1 : s.n, s.transposeB ? s.k : 1);
    dnnl_memory_desc_t c = matrix(dnnl.dnnl_f32, s.m, s.n, s.stride, 1);
    dnnl_memory_desc_t bias = matrix(dnnl.dnnl_f32, 1, s.n, s.n, 1);
    dnnl_matmul_desc_t operation = new dnnl_matmul_desc_t();
    OneDnn.check(dnnl.dnnl_matmul_desc_init(operation, a, b, s.bias ? bias : null, c));
    dnnl_primitive_attr attributes = new dnnl_primitive_attr();
    OneDnn.check(dnnl.dnnl_primitive_attr_create(attributes));
    if (s.add) {
      dnnl_post_ops after = new dnnl_post_ops();
      OneDnn.check(dnnl.dnnl_post_ops_create(after));
      OneDnn.check(dnnl.dnnl_post_ops_append_sum(after, 1));
      OneDnn.check(dnnl.dnnl_primitive_attr_set_post_ops(attributes, after));
      OneDnn.check(dnnl.dnnl_post_ops_destroy(after));
    }
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl.dnnl_primitive_desc_create(
            description, new const_dnnl_op_desc_t(operation), attributes, engine, null));
    dnnl_primitive primitive = new dnnl_primitive();
    OneDnn.check(dnnl.dnnl_primitive_create(primitive, description));
    OneDnn.check(dnnl.dnnl_primitive_desc_destroy(description));
    OneDnn.check(dnnl.dnnl_primitive_attr_destroy(attributes));
    dnnl_memory aMemory = memory(a);
    dnnl_memory bMemory = memory(b);
    dnnl_memory cMemory = memory(c);
    dnnl_memory biasMemory = memory(bias);
    dnnl_exec_arg_t arguments = new dnnl_exec_arg_t(4);
    arguments.position(0).arg(dnnl.DNNL_ARG_SRC).memory(aMemory);
    arguments.position(1).arg(dnnl.DNNL_ARG_WEIGHTS).memory(bMemory);
    arguments.position(2).arg(dnnl.DNNL_ARG_DST).memory(cMemory);
    arguments.position(3).arg(dnnl.DNNL_ARG_BIAS).memory(biasMemory);
    arguments.position(0);
    return new Compiled(primitive, arguments, aMemory, bMemory, cMemory, biasMemory);
  }

  private static dnnl_memory_desc_t matrix(int type, int rows, int columns, long down, long right) {
    dnnl_memory_desc_t description = new dnnl_memory_desc_t();
    OneDnn.check(
        dnnl.dnnl_memory_desc_init_by_strides(
            description, 2, new long[] {rows, columns}, type, new long[] {down, right}));
    return description;
  }

  /** Without numbers yet: they are where the operands of a product happen to be. */
  private dnnl_memory memory(dnnl_memory_desc_t description) {
    dnnl_memory memory = new dnnl_memory();
    OneDnn.check(dnnl.dnnl_memory_create(memory, description, engine, new Pointer()));
    return memory;
  }

  /** A matrix in bfloat16, row after row without gaps. */
  private static final class Rounded {
    private BytePointer memory = new BytePointer(0L);
    private ByteBuffer bytes = memory.asBuffer();
    private @Nullable Matrix content;

    void forget() {
      content = null;
    }

    void set(Matrix matrix, int rows, int columns) {
      if (matrix.equals(content)) {
        return;
      }
      int size = Math.multiplyExact(Math.multiplyExact(rows, columns), Bfloat16.BYTES);
      if (memory.capacity() < size) {
        memory.close();
        memory = new BytePointer(size);
        bytes = memory.asBuffer().order(Lanes.ORDER);
      }
      ByteBuffer from = matrix.tensor().bytes();
      int first = Math.toIntExact(matrix.offset());
      if (matrix.stride() == columns) {
        Bfloat16.round(from, first, bytes, 0, rows * columns);
      } else {
        for (int row = 0; row < rows; row++) {
          Bfloat16.round(from, first + row * matrix.stride(), bytes, row * columns, columns);
        }
      }
      content = matrix;
    }
  }
}
