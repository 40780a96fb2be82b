package org.wordmill.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.kernel.Window;
import org.wordmill.lecture.DepthByInput;
import org.wordmill.module.Add;
import org.wordmill.module.Concatenation;
import org.wordmill.module.CrossEntropy;
import org.wordmill.module.Dropout;
import org.wordmill.module.Embedding;
import org.wordmill.module.FeedForward;
import org.wordmill.module.Flatten;
import org.wordmill.module.Gelu;
import org.wordmill.module.LayerNorm;
import org.wordmill.module.LearnedPositionEmbedding;
import org.wordmill.module.Linear;
import org.wordmill.module.Relu;
import org.wordmill.module.SelectRows;
import org.wordmill.module.Sigmoid;
import org.wordmill.module.SinusoidalPositions;
import org.wordmill.module.Softmax;
import org.wordmill.module.SoftmaxCrossEntropy;
import org.wordmill.module.Tanh;
import org.wordmill.module.attention.CausalAttention;
import org.wordmill.module.attention.MultiHeadAttention;
import org.wordmill.module.attention.NormPlacement;
import org.wordmill.module.attention.PositionKind;
import org.wordmill.module.attention.TransformerBlock;
import org.wordmill.module.convolution.Conv1d;
import org.wordmill.module.convolution.Conv2d;
import org.wordmill.module.convolution.Conv3d;
import org.wordmill.module.convolution.MaxPool1d;
import org.wordmill.module.convolution.MaxPool2d;
import org.wordmill.module.convolution.MaxPool3d;
import org.wordmill.module.recurrent.BidirectionalRnn;
import org.wordmill.module.recurrent.Gru;
import org.wordmill.module.recurrent.Lstm;
import org.wordmill.module.recurrent.RecurrentLayer;
import org.wordmill.module.recurrent.Rnn;
import org.wordmill.module.recurrent.SequenceLengths;
import org.wordmill.tape.GradientCheck;
import org.wordmill.tape.GradientCheck.Case;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.Module;
import org.wordmill.tape.Parameter;
import org.wordmill.text.TaggedWords;

/**
 * The list of what a gradient check checks: every leaf module on small random inputs of odd sizes,
 * the modules made of them, and whole models with tied weights and dropout. A leaf module that is
 * missing here fails the build.
 */
public final class GradientChecks {
  /** Enough for every leaf case to be checked whole; models are sampled. */
  private static final int ELEMENTS_PER_CASE = 150;

  private static final Initializer ANY = new Initializer.Constant(0);

  private static final TransformerConfig VARIANT = new TransformerConfig(5, 4, 1, 2, 4, 0.2);

  private final SplittableRandom random;

  private GradientChecks(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Checks every case with the reference kernels. */
  public static List<GradientCheck.Report> all(long seed) {
    return all(seed, KernelChoice.REFERENCE);
  }

  /**
   * Checks every case; the inputs and the elements that are checked follow from the seed.
   *
   * @param kernels whose derivatives are checked; they must know double precision
   */
  public static List<GradientCheck.Report> all(long seed, KernelChoice kernels) {
    return check(cases(seed), seed, kernels, List.of(GradientCheck.Mode.TRAINING));
  }

  /** Checks some cases in each of some modes. */
  public static List<GradientCheck.Report> check(
      List<Case> cases, long seed, KernelChoice kernels, List<GradientCheck.Mode> modes) {
    GradientCheck check =
        new GradientCheck(seed, ELEMENTS_PER_CASE, kernels.create(Precision.DOUBLE));
    return modes.stream().flatMap(mode -> cases.stream().map(c -> check.check(c, mode))).toList();
  }

  /** The cases, leaf modules first. */
  public static List<Case> cases(long seed) {
    GradientChecks drawn = new GradientChecks(seed);
    List<Case> all = new ArrayList<>(drawn.leaves());
    all.addAll(drawn.recurrent());
    all.addAll(drawn.convolutional());
    all.addAll(drawn.composites());
    all.addAll(drawn.sharing());
    all.addAll(drawn.models());
    return all;
  }

  private List<Case> leaves() {
    Parameter weight = new Parameter("weight", ANY, 7, 5);
    return List.of(
        Case.leaf("Linear", new Linear("linear", 5, 7, ANY), normal(2, 3, 5)),
        Case.leaf("Linear, one row", new Linear("linear", 1, 3, ANY), normal(1, 1)),
        Case.leaf("Linear without bias", new Linear(weight, null), normal(3, 5)),
        Case.leaf("Sigmoid", new Sigmoid(), normal(3, 7)),
        Case.leaf("Tanh", new Tanh(), normal(3, 7)),
        Case.leaf("Relu", new Relu(), awayFromZero(3, 7)),
        Case.leaf("Gelu", new Gelu(), normal(3, 7)),
        Case.leaf("Softmax", new Softmax(), normal(3, 7)),
        Case.leaf("Softmax of one", new Softmax(), normal(3, 1)),
        Case.leaf("CrossEntropy", new CrossEntropy(), targets(5), probabilities(5, 7)),
        Case.leaf("SoftmaxCrossEntropy", new SoftmaxCrossEntropy(), targets(5), normal(5, 7)),
        Case.leaf(
            "SoftmaxCrossEntropy in place",
            new SoftmaxCrossEntropy(true),
            targets(5),
            normal(5, 7)),
        Case.leaf("Embedding", new Embedding("wte", 7, 5, ANY), ids(2, 4, 7)),
        Case.leaf(
            "LearnedPositionEmbedding",
            new LearnedPositionEmbedding("wpe", 6, 3, ANY),
            normal(2, 5, 3)),
        Case.leaf("LayerNorm", new LayerNorm("ln", 7), normal(2, 3, 7)),
        Case.leaf("LayerNorm, one row", new LayerNorm("ln", 3), normal(1, 3)),
        Case.leaf("Add", new Add(), normal(2, 3, 5), normal(2, 3, 5)),
        Case.leaf("Dropout", new Dropout(0.3), normal(5, 7)),
        Case.leaf("CausalAttention", new CausalAttention(2, 0), normal(2, 3, 3 * 4)),
        Case.leaf("CausalAttention, one token", new CausalAttention(1, 0), normal(1, 1, 3 * 5)),
        Case.leaf("CausalAttention, dropout", new CausalAttention(3, 0.4), normal(1, 5, 3 * 3)),
        Case.leaf("SinusoidalPositions", new SinusoidalPositions(), normal(2, 5, 3)),
        Case.leaf(
            "CausalAttention, rotary", CausalAttention.rotary(2, 0.4), normal(2, 5, 3 * 2 * 6)),
        Case.leaf(
            "CausalAttention, relative",
            CausalAttention.relative("attn.relative", 2, 6, 0.4, ANY),
            normal(2, 5, 3 * 2 * 3)));
  }

  /** Over several time steps, from a state of zeros and from a given one, in both directions. */
  private List<Case> recurrent() {
    RecurrentLayer layer = RecurrentLayer.of("rnn", 2, 3);
    BidirectionalRnn both = new BidirectionalRnn(Lstm::new, layer);
    return List.of(
        Case.leaf("Rnn", new Rnn(layer), normal(2, 4, 2)),
        Case.leaf("Rnn, given state", new Rnn(layer), normal(2, 2, 2), normal(2, 3)),
        Case.leaf("Rnn, backwards", new Rnn(layer.reversed()), normal(2, 2, 2)),
        Case.leaf("Lstm", new Lstm(layer), normal(2, 4, 2)),
        Case.leaf(
            "Lstm, given state", new Lstm(layer), normal(1, 2, 2), normal(1, 3), normal(1, 3)),
        Case.leaf("Gru", new Gru(layer), normal(2, 4, 2)),
        Case.leaf("Gru, given state", new Gru(layer), normal(1, 2, 2), normal(1, 3)),
        Case.leaf("Concatenation", new Concatenation(), normal(2, 3, 5), normal(2, 3, 5)),
        Case.leaf("SelectRows", new SelectRows(), ids(2, 3, 4), normal(2, 2, 5)),
        new Case(
            "BidirectionalRnn",
            both,
            null,
            List.of(normal(1, 3, 2)),
            (tape, inputs) -> both.forward(tape, inputs.get(0))),
        new Case(
            "BidirectionalRnn, lengths 3 and 1",
            both,
            null,
            List.of(normal(2, 3, 2)),
            (tape, inputs) ->
                both.forward(tape, inputs.get(0), new SequenceLengths(new int[] {3, 1}, 3))));
  }

  /** With stride, padding, dilation, and windows that leave positions over. */
  private List<Case> convolutional() {
    Window three = Window.of(3);
    Window wide = new Window(2, 2, 2, 2, 1);
    return List.of(
        Case.leaf("Conv1d", new Conv1d("conv", 2, 3, Window.same(3)), normal(2, 5, 2)),
        Case.leaf("Conv1d, stride", new Conv1d("conv", 2, 3, wide), normal(2, 6, 2)),
        Case.leaf("Conv1d, one number", new Conv1d("conv", 1, 1, Window.of(1)), normal(1, 1, 1)),
        Case.leaf("Conv2d", new Conv2d("conv", 2, 3, Window.same(2), three), normal(2, 3, 5, 2)),
        Case.leaf(
            "Conv2d, stride, no bias",
            new Conv2d("conv", 3, 2, wide, three.withPadding(1), false),
            normal(1, 4, 3, 3)),
        Case.leaf(
            "Conv3d", new Conv3d("conv", 2, 2, Window.same(3), wide, three), normal(1, 2, 3, 4, 2)),
        Case.leaf("MaxPool1d", new MaxPool1d(2), spaced(2, 5, 3)),
        Case.leaf(
            "MaxPool2d",
            new MaxPool2d(three.withStride(2).withPadding(1), Window.of(2)),
            spaced(2, 4, 5, 2)),
        Case.leaf("MaxPool3d", new MaxPool3d(2), spaced(1, 4, 3, 2, 3)),
        Case.leaf("Flatten", new Flatten(), normal(2, 3, 2, 2)));
  }

  private List<Case> composites() {
    FeedForward feedForward = new FeedForward("mlp", 5, ANY, ANY, 0.2);
    MultiHeadAttention attention = new MultiHeadAttention("attn", 6, 2, ANY, ANY, 0.2);
    TransformerBlock block = new TransformerBlock("h.0", 6, 3, ANY, ANY, 0.2);
    return List.of(
        new Case(
            "FeedForward",
            feedForward,
            null,
            List.of(normal(2, 3, 5)),
            (tape, inputs) -> feedForward.forward(tape, inputs.get(0))),
        new Case(
            "MultiHeadAttention",
            attention,
            null,
            List.of(normal(2, 3, 6)),
            (tape, inputs) -> attention.forward(tape, inputs.get(0))),
        new Case(
            "TransformerBlock",
            block,
            null,
            List.of(normal(2, 3, 6)),
            (tape, inputs) -> block.forward(tape, inputs.get(0))));
  }

  /** Modules that are applied several times on one tape, so that gradients have to add up. */
  private List<Case> sharing() {
    Linear linear = new Linear("linear", 4, 4, ANY);
    Embedding table = new Embedding("wte", 7, 5, ANY);
    Linear head = new Linear(table.table(), null);
    Module tied = new Tied(table, head);
    Ids ids = ids(2, 3, 7);
    List<Case> cases = new ArrayList<>();
    cases.add(
        new Case(
            "Linear, applied twice",
            linear,
            null,
            List.of(normal(3, 4)),
            (tape, inputs) -> tape.apply(linear, tape.apply(linear, inputs.get(0)))));
    cases.add(
        new Case(
            "Linear and Embedding, one table",
            tied,
            ids,
            List.of(),
            (tape, none) -> tape.apply(head, tape.apply(table, ids))));
    DepthByInput deep = new DepthByInput(3, 2, 6, ANY);
    for (long draw = 1; draw <= 3; draw++) {
      long seed = draw;
      cases.add(
          new Case(
              "DepthByInput, depth " + deep.depth(seed),
              deep,
              null,
              List.of(normal(2, 3)),
              (tape, inputs) -> deep.forward(tape, inputs.get(0), seed)));
    }
    return cases;
  }

  /** Modules under one roof, for their parameters. */
  private static final class Tied extends Module {
    private final List<Module> children;

    Tied(Module... children) {
      this.children = List.of(children);
    }

    @Override
    public List<Module> children() {
      return children;
    }
  }

  private List<Case> models() {
    return List.of(
        model("TransformerLm", new TransformerConfig(11, 6, 2, 2, 6, 0), 2, 5),
        model("TransformerLm, dropout", new TransformerConfig(11, 5, 2, 3, 6, 0.2), 3, 5),
        model("TransformerLm, one token", new TransformerConfig(5, 4, 1, 1, 4, 0), 1, 1),
        model("TransformerLm, sinusoidal", VARIANT.withPositions(PositionKind.SINUSOIDAL), 1, 4),
        model("TransformerLm, relative", VARIANT.withPositions(PositionKind.RELATIVE), 1, 4),
        model("TransformerLm, rotary", VARIANT.withPositions(PositionKind.ROTARY), 1, 4),
        model("TransformerLm, no positions", VARIANT.withPositions(PositionKind.NONE), 1, 4),
        model("TransformerLm, post-norm", VARIANT.withNorm(NormPlacement.POST), 1, 4),
        model("TransformerLm, no residuals", VARIANT.withResidual(false), 1, 4),
        model("RecurrentLm, rnn", new RnnConfig(7, 4, 3, 2, 4, 0, false, 0), 2, 4),
        model("RecurrentLm, lstm, dropout", new LstmConfig(7, 3, 3, 1, 4, 0.2, false, 0), 2, 3),
        model("RecurrentLm, gru, tied head", new GruConfig(7, 3, 4, 2, 4, 0, true, 0), 2, 3),
        tagger("Tagger, rnn", tagger(CellKind.RNN, false, 0)),
        tagger("Tagger, bidirectional lstm, dropout", tagger(CellKind.LSTM, true, 0.2)),
        tagger("Tagger, windows", new ConvolutionalTaggerConfig(7, 3, 4, 3, 2, 3, 3, 0.2, 1)));
  }

  private static TaggerConfig tagger(CellKind cell, boolean bidirectional, double dropout) {
    return new RecurrentTaggerConfig(7, 3, 4, 3, 2, 3, cell, bidirectional, dropout, 1);
  }

  /** Two sentences, the second of one word, and a word without a tag. */
  private Case tagger(String name, TaggerConfig config) {
    Tagger tagger = config.build();
    int end = TaggedWords.END;
    Ids words = new Ids(new int[] {2, 6, 3, 5, 4, end, end, end}, 2, 4);
    int none = Ids.IGNORED;
    Ids tags = new Ids(new int[] {0, 2, none, 1, 2, none, none, none}, 2, 4);
    return new Case(
        name, tagger, words, List.of(), (tape, nothing) -> tagger.loss(tape, words, tags));
  }

  private Case model(String name, ModelConfig config, int batch, int time) {
    TrainableModel model = config.build();
    Ids inputs = ids(batch, time, config.vocabularySize());
    Ids targets = ids(batch, time, config.vocabularySize());
    return new Case(
        name, (Module) model, inputs, List.of(), (tape, none) -> model.loss(tape, inputs, targets));
  }

  private Ids ids(int batch, int time, int limit) {
    return new Ids(random.ints((long) batch * time, 0, limit).toArray(), batch, time);
  }

  /** One target a row, the second of them ignored. */
  private Ids targets(int rows) {
    int[] values = random.ints(rows, 0, 7).toArray();
    values[1] = Ids.IGNORED;
    return new Ids(values, 1, rows);
  }

  private Tensor normal(int... shape) {
    Tensor tensor = Tensor.zeros(Precision.DOUBLE, shape);
    double[] values = new double[Math.toIntExact(tensor.size())];
    Arrays.setAll(values, i -> random.nextGaussian());
    tensor.copyFrom(values);
    return tensor;
  }

  /** Farther from the kink of a rectifier than a difference reaches. */
  private Tensor awayFromZero(int... shape) {
    Tensor tensor = normal(shape);
    double[] values = tensor.toDoubles();
    for (int i = 0; i < values.length; i++) {
      values[i] += Math.copySign(0.01, values[i]);
    }
    tensor.copyFrom(values);
    return tensor;
  }

  /** Numbers of which no two are as close as differences reach. */
  private Tensor spaced(int... shape) {
    Tensor tensor = Tensor.zeros(Precision.DOUBLE, shape);
    double[] values = new double[Math.toIntExact(tensor.size())];
    for (int i = 0; i < values.length; i++) {
      int j = random.nextInt(i + 1);
      values[i] = values[j];
      values[j] = 0.05 * i;
    }
    tensor.copyFrom(values);
    return tensor;
  }

  private Tensor probabilities(int rows, int columns) {
    return Tensor.of(random.doubles((long) rows * columns, 0.2, 1).toArray(), rows, columns);
  }
}
