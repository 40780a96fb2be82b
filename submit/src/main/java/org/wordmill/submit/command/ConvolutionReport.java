package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.Window;

/**
 * The sizes of the outputs of convolutions and poolings one after the other, and where channels are
 * given their parameters.
 *
 * <pre>
 * SIZE [channels C]: LAYER, LAYER, ..
 * SIZE    28x28, with one to three axes
 * LAYER   conv K [stride S] [padding P | same | causal] [dilation D] [channels C] [no bias]
 *         pool K [stride S] [padding P]      the stride is K unless given
 * </pre>
 *
 * K, S, P and D are one number, or one for each axis, such as 3x5.
 */
final class ConvolutionReport {
  private static final String EXAMPLE =
      "such as '28x28 channels 1: conv 5 same channels 8, pool 2'";

  /** One layer, or the input, with the sizes that come out of it. */
  record Layer(
      String layer, String formula, int[] output, @Nullable Integer channels, long parameters) {}

  private final List<Layer> layers = new ArrayList<>();

  ConvolutionReport(String description) {
    String[] parts = description.split(":", 2);
    if (parts.length < 2 || parts[1].isBlank()) {
      throw wrong("there are no layers in '" + description + "'");
    }
    Words input = new Words(parts[0]);
    String size = input.next("a size");
    int[] extents = numbers(size, 0);
    Integer channels = null;
    if (input.hasNext()) {
      input.expect("channels");
      channels = numbers(input.next("a number of channels"), 1)[0];
    }
    input.end();
    if (extents.length > 3 || Arrays.stream(extents).anyMatch(n -> n < 1)) {
      throw wrong("the size '" + size + "' has not one to three axes of at least 1");
    }
    layers.add(new Layer("input", "", extents, channels, 0));
    for (String layer : parts[1].split(",", -1)) {
      add(layer.strip());
    }
  }

  private void add(String text) {
    Layer before = layers.get(layers.size() - 1);
    int axes = before.output().length;
    Words words = new Words(text);
    String kind = words.next("conv or pool");
    boolean pool = kind.equals("pool");
    if (!pool && !kind.equals("conv")) {
      throw wrong("'" + kind + "' is no layer, expected conv or pool");
    }
    int[] size = numbers(words.next("the size of the window"), axes);
    int[] stride = pool ? size : numbers("1", axes);
    int[] dilation = numbers("1", axes);
    int[] padding = numbers("0", axes);
    String fitted = "";
    Integer channels = pool ? before.channels() : null;
    boolean biased = true;
    while (words.hasNext()) {
      String word = words.next("");
      switch (word) {
        case "stride" -> stride = numbers(words.next("a stride"), axes);
        case "padding" -> padding = numbers(words.next("a padding"), axes);
        case "dilation" -> dilation = numbers(words.next("a dilation"), axes);
        case "same", "causal" -> fitted = word;
        case "channels" -> channels = numbers(words.next("a number of channels"), 1)[0];
        case "no" -> {
          words.expect("bias");
          biased = false;
        }
        default -> throw wrong("'" + word + "' is nothing that a layer has, in '" + text + "'");
      }
    }
    if (pool && (words.had("dilation", "channels", "no") || !fitted.isEmpty())) {
      throw wrong("pooling has a size, a stride and a padding only, in '" + text + "'");
    }
    if (!fitted.isEmpty() && words.had("padding")) {
      throw wrong("there is a padding and '" + fitted + "' in '" + text + "'");
    }
    int[] output = new int[axes];
    List<String> formulas = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      try {
        Window window = window(fitted, size[axis], padding[axis], stride[axis], dilation[axis]);
        if (pool && padding[axis] > size[axis] / 2) {
          throw new IllegalArgumentException("the padding of pooling is at most half its window");
        }
        output[axis] = window.outputs(before.output()[axis]);
        formulas.add(formula(before.output()[axis], window));
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw wrong(e.getMessage() + ", in '" + text + "'");
      }
    }
    String formula = formulas.stream().distinct().collect(Collectors.joining(" x "));
    long parameters = pool ? 0 : parameters(before.channels(), channels, size, biased);
    layers.add(new Layer(text, formula, output, channels, parameters));
  }

  private static Window window(String fitted, int size, int padding, int stride, int dilation) {
    if (fitted.isEmpty()) {
      return new Window(size, stride, dilation, padding, padding);
    }
    Window.of(size).withDilation(dilation);
    int extent = Math.addExact(Math.multiplyExact(dilation, size - 1), 1);
    Window plain = fitted.equals("same") ? Window.same(extent) : Window.causal(extent);
    return new Window(size, stride, dilation, plain.before(), plain.after());
  }

  /** As in the lecture, with the numbers in their places. */
  private static String formula(int n, Window w) {
    String padded =
        w.before() == w.after()
            ? (w.before() == 0 ? "" : " + 2*" + w.before())
            : " + " + w.before() + " + " + w.after();
    String seen = w.dilation() == 1 ? "" + w.size() : w.dilation() + "*(" + w.size() + " - 1) - 1";
    return "floor((" + n + padded + " - " + seen + ") / " + w.stride() + ") + 1";
  }

  private static long parameters(
      @Nullable Integer inputs, @Nullable Integer outputs, int[] size, boolean biased) {
    if (inputs == null || outputs == null) {
      return 0;
    }
    long seen = Arrays.stream(size).asLongStream().reduce(inputs, Math::multiplyExact);
    return outputs * (seen + (biased ? 1 : 0));
  }

  List<Layer> layers() {
    return List.copyOf(layers);
  }

  /** For JSON. */
  Map<String, Object> values() {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("layers", layers);
    result.put("output", layers.get(layers.size() - 1).output());
    result.put("parameters", layers.stream().mapToLong(Layer::parameters).sum());
    return result;
  }

  String text() {
    boolean counted = layers.stream().anyMatch(layer -> layer.channels() != null);
    List<String> head = new ArrayList<>(List.of("layer", "formula", "output"));
    if (counted) {
      head.addAll(List.of("channels", "parameters"));
    }
    List<List<String>> rows = new ArrayList<>();
    for (Layer layer : layers) {
      List<String> row = new ArrayList<>(List.of(layer.layer(), layer.formula()));
      row.add(
          Arrays.stream(layer.output()).mapToObj(String::valueOf).collect(Collectors.joining("x")));
      if (counted) {
        row.add(layer.channels() == null ? "" : String.valueOf(layer.channels()));
        row.add(String.valueOf(layer.parameters()));
      }
      rows.add(row);
    }
    return Tables.table(head, rows);
  }

  /** One number, or one for each axis; {@code axes} 0 for any number of them. */
  private static int[] numbers(String text, int axes) {
    int[] numbers;
    try {
      numbers = Arrays.stream(text.split("x", -1)).mapToInt(Integer::parseInt).toArray();
    } catch (NumberFormatException e) {
      throw wrong("'" + text + "' is no number, nor numbers with x between them");
    }
    if (axes > 1 && numbers.length == 1) {
      int[] repeated = new int[axes];
      Arrays.fill(repeated, numbers[0]);
      return repeated;
    }
    if (axes > 0 && numbers.length != axes) {
      throw wrong("'" + text + "' has " + numbers.length + " numbers for " + axes + " axes");
    }
    return numbers;
  }

  private static WordmillException wrong(String what) {
    return new WordmillException(
        ExitCode.USAGE, what, "wordmill inspect --convolution", "describe layers " + EXAMPLE);
  }

  /** The words of a layer, one after the other. */
  private static final class Words {
    private final List<String> words;
    private int next;

    Words(String text) {
      this.words = text.isBlank() ? List.of() : List.of(text.strip().split("\\s+", -1));
    }

    boolean hasNext() {
      return next < words.size();
    }

    boolean had(String... any) {
      return words.stream().anyMatch(List.of(any)::contains);
    }

    String next(String wanted) {
      if (!hasNext()) {
        throw wrong("'" + String.join(" ", words) + "' lacks " + wanted);
      }
      return words.get(next++);
    }

    void expect(String word) {
      String found = next("'" + word + "'");
      if (!found.equals(word)) {
        throw wrong("'" + found + "' stands where '" + word + "' was expected");
      }
    }

    void end() {
      if (hasNext()) {
        throw wrong("'" + words.get(next) + "' is too much in '" + String.join(" ", words) + "'");
      }
    }
  }
}
