package org.wordmill.exchange;

import java.util.ArrayList;
import java.util.List;
import org.wordmill.format.huggingface.Gpt2Names;
import org.wordmill.tape.Parameter;

/** How a parameter of ours lies in a file of GPT-2: the matrices of linear maps transposed. */
final class Gpt2Layout {
  private Gpt2Layout() {}

  static List<Long> shapeInFile(Parameter parameter) {
    List<Long> shape = new ArrayList<>();
    for (int extent : parameter.shape()) {
      shape.add(Gpt2Names.isTransposed(parameter.name()) ? 0 : shape.size(), (long) extent);
    }
    return shape;
  }

  static float[] toFile(Parameter parameter, float[] values) {
    int[] shape = parameter.shape();
    return Gpt2Names.isTransposed(parameter.name())
        ? transposed(values, shape[0], shape[1])
        : values;
  }

  static float[] fromFile(Parameter parameter, float[] values) {
    int[] shape = parameter.shape();
    return Gpt2Names.isTransposed(parameter.name())
        ? transposed(values, shape[1], shape[0])
        : values;
  }

  /** The [columns, rows] transpose of a [rows, columns] matrix. */
  private static float[] transposed(float[] matrix, int rows, int columns) {
    float[] transpose = new float[matrix.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        transpose[j * rows + i] = matrix[i * columns + j];
      }
    }
    return transpose;
  }
}
