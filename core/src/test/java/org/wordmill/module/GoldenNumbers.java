package org.wordmill.module;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.wordmill.tape.Parameter;

/** Files of numbers that somebody else computed: a line for each array, its name first. */
public final class GoldenNumbers {
  private GoldenNumbers() {}

  /**
   * The arrays of a file, by name.
   *
   * @param test beside which the file lies
   */
  public static Map<String, double[]> read(Class<?> test, String file) {
    Map<String, double[]> golden = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(test.getResourceAsStream(file)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] fields = line.split(" ", -1);
        golden.put(
            fields[0], Arrays.stream(fields).skip(1).mapToDouble(Double::parseDouble).toArray());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return golden;
  }

  /**
   * The weights that golden_transformer.py gives a GPT-2.
   *
   * @param j the number of the parameter in its layout
   */
  public static double[] weights(Parameter parameter, int j) {
    boolean isGain = parameter.name().contains("ln_") && parameter.name().endsWith("weight");
    double[] weights = new double[Math.toIntExact(parameter.size())];
    Arrays.setAll(weights, i -> (isGain ? 1 : 0) + 0.4 * Math.sin(1.3 * i + 0.7 * j));
    return weights;
  }
}
