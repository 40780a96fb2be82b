package org.wordmill.model;

import java.util.List;
import java.util.Optional;
import org.wordmill.module.attention.NormPlacement;
import org.wordmill.module.attention.PositionKind;

/**
 * The published sizes of GPT, GPT-2 and GPT-3, as their papers print them, and the models that they
 * are here.
 *
 * <p>The printed number of parameters is not always that of the printed sizes:
 *
 * <ul>
 *   <li>GPT-2's four figures are those of the formula with GPT's vocabulary of 40,478 tokens; the
 *       models that were released have 50,257.
 *   <li>GPT-3 Medium is 350M in table 2.1, and 356M, as by the formula, in table D.1.
 *   <li>GPT-3 XL has 24 heads of width 128 in table 2.1, more than fit into a width of 2048.
 *   <li>GPT-3 13B has a width of 5140 in table 2.1, which 40 heads of 128 do not fill; its 12,850M
 *       of table D.1 are those of 5120.
 * </ul>
 *
 * <p>Sources: Radford et al., Improving language understanding by generative pre-training, 2018,
 * section 4.1; Radford et al., Language models are unsupervised multitask learners, 2019, table 2;
 * Brown et al., Language models are few-shot learners, 2020, table 2.1.
 */
public final class GptSizes {
  private static final int GPT_VOCABULARY = 40_478;
  private static final int GPT2_VOCABULARY = 50_257;
  private static final double MILLION = 1e6;
  private static final double BILLION = 1e9;

  private static final String GPT2_NOTE =
      "the figure is that of GPT's vocabulary of 40,478 tokens; the released model has 50,257";

  /**
   * One row of a table.
   *
   * @param preset the name of its settings here
   * @param name what the paper calls it
   * @param layers, width, heads and headWidth as printed
   * @param context and vocabulary in tokens
   * @param figure the printed number of parameters, for example {@code 117M}
   * @param parameters the same as a number
   * @param note where the row contradicts itself or the formula, or nothing
   */
  public record Size(
      String preset,
      String name,
      int layers,
      int width,
      int heads,
      int headWidth,
      int context,
      int vocabulary,
      String figure,
      double parameters,
      String note) {

    /** The inner states of the feed-forward part, four times the states in all three papers. */
    public int innerWidth() {
      return 4 * width;
    }

    /** Half of the last digit that is printed. */
    public double rounding() {
      double unit = figure.endsWith("B") ? BILLION : MILLION;
      return figure.contains(".") ? unit / 20 : unit / 2;
    }

    /** Whether a number of parameters rounds to the printed figure. */
    public boolean agreesWith(long count) {
      return Math.abs(count - parameters) <= rounding();
    }
  }

  /** In the order of the papers, smallest first. */
  public static final List<Size> ALL =
      List.of(
          new Size("gpt", "GPT", 12, 768, 12, 64, 512, GPT_VOCABULARY, "117M", 117 * MILLION, ""),
          gpt2("gpt2-small", "GPT-2 117M", 12, 768, 117),
          gpt2("gpt2-medium", "GPT-2 345M", 24, 1024, 345),
          gpt2("gpt2-large", "GPT-2 762M", 36, 1280, 762),
          gpt2("gpt2-xl", "GPT-2 1542M", 48, 1600, 1542),
          gpt3("gpt3-small", "GPT-3 Small", 12, 768, 12, 64, "125M", 125 * MILLION, ""),
          gpt3(
              "gpt3-medium",
              "GPT-3 Medium",
              24,
              1024,
              16,
              64,
              "350M",
              350 * MILLION,
              "table D.1 of the same paper has 356M"),
          gpt3("gpt3-large", "GPT-3 Large", 24, 1536, 16, 96, "760M", 760 * MILLION, ""),
          gpt3(
              "gpt3-xl",
              "GPT-3 XL",
              24,
              2048,
              24,
              128,
              "1.3B",
              1.3 * BILLION,
              "24 heads of width 128 do not fit into 2048 states; the preset has 16"),
          gpt3("gpt3-2.7b", "GPT-3 2.7B", 32, 2560, 32, 80, "2.7B", 2.7 * BILLION, ""),
          gpt3("gpt3-6.7b", "GPT-3 6.7B", 32, 4096, 32, 128, "6.7B", 6.7 * BILLION, ""),
          gpt3(
              "gpt3-13b",
              "GPT-3 13B",
              40,
              5140,
              40,
              128,
              "13B",
              13 * BILLION,
              "40 heads of width 128 make 5120 states, not 5140; the preset has 5120"),
          gpt3("gpt3-175b", "GPT-3 175B", 96, 12288, 96, 128, "175B", 175 * BILLION, ""));

  private GptSizes() {}

  private static Size gpt2(String preset, String name, int layers, int width, int millions) {
    return new Size(
        preset,
        name,
        layers,
        width,
        width / 64,
        64,
        1024,
        GPT2_VOCABULARY,
        millions + "M",
        millions * MILLION,
        GPT2_NOTE);
  }

  private static Size gpt3(
      String preset,
      String name,
      int layers,
      int width,
      int heads,
      int headWidth,
      String figure,
      double parameters,
      String note) {
    return new Size(
        preset,
        name,
        layers,
        width,
        heads,
        headWidth,
        2048,
        GPT2_VOCABULARY,
        figure,
        parameters,
        note);
  }

  /** The row of a preset. */
  public static Optional<Size> find(String preset) {
    return ALL.stream().filter(size -> size.preset().equals(preset)).findFirst();
  }

  /**
   * How many parameters a decoder of learned positions and a tied head has: V C + T C for the two
   * tables, 12 C^2 + 13 C for each layer (attention 4 C^2 + 4 C, feed-forward 8 C^2 + 5 C, two
   * norms 4 C), and 2 C for the last norm of a pre-norm model.
   */
  public static long count(TransformerConfig config) {
    if (config.positions() != PositionKind.LEARNED) {
      throw new IllegalArgumentException("the formula is that of learned positions");
    }
    long c = config.width();
    long tables = (config.vocabularySize() + config.contextLength()) * c;
    long norm = config.norm() == NormPlacement.PRE ? 2 * c : 0;
    return tables + config.layers() * (12 * c * c + 13 * c) + norm;
  }
}
