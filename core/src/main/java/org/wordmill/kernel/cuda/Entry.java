package org.wordmill.kernel.cuda;

import java.util.Locale;

/**
 * The entry points of the CUDA sources with their parameters: {@code r} a pointer to real numbers
 * of the device's precision, {@code d} to doubles, {@code i} to ints; {@code n} a count, {@code x}
 * a number. A test holds this table against the sources.
 */
enum Entry {
  FILL("rxn"),
  ADD("rrrn"),
  ACCUMULATE("rrn"),
  SCALE("rxn"),
  ADD_SCALED("rxrn"),
  ADD_ROW("rrnn"),
  ADD_POSITIONS("rrrnn"),
  ADD_POSITIONS_BACKWARD("rrnn"),
  ACTIVATION_FORWARD("nrrn"),
  ACTIVATION_BACKWARD("nrrrrnn"),
  DROPOUT("rnnnxrnn"),
  SOFTMAX_FORWARD("rrnn"),
  SOFTMAX_BACKWARD("rrrnnn"),
  CROSS_ENTROPY_FORWARD("rirdnn"),
  CROSS_ENTROPY_BACKWARD("rirrnnn"),
  NEGATIVE_LOG("ridnn"),
  NEGATIVE_LOG_BACKWARD("rirrnn"),
  SQUARES("rdn"),
  TOTAL("ddn"),
  LOSS("drn"),
  COLUMN_PARTIALS("rrnnn"),
  ADD_COLUMN_PARTIALS("rrnn"),
  LAYER_NORM_FORWARD("rrrxrrrnn"),
  LAYER_NORM_BACKWARD("rrrrrrnnn"),
  LAYER_NORM_PARTIALS("rrrrrrnnn"),
  EMBEDDING_FORWARD("rirnn"),
  EMBEDDING_BACKWARD("riiirn"),
  ROTARY("rrnnnnxn"),
  ADD_RELATIVE_BIAS("rrnnnnnn"),
  RELATIVE_BIAS_BACKWARD("rxrnnnnn"),
  CAUSAL_SOFTMAX("rnnnn"),
  APPEND_KEYS_VALUES("rrnnn"),
  CAUSAL_SOFTMAX_BACKWARD("rrnnnxxnn"),
  LSTM_FORWARD("rrrrrnn"),
  LSTM_BACKWARD("rrrrrnn"),
  GRU_FORWARD("rrrrnn"),
  GRU_BACKWARD("rrrrrnn"),
  UNFOLD("rirnn"),
  FOLD("rirnnn"),
  MAX_POOL_FORWARD("rirrnn"),
  MAX_POOL_BACKWARD("rirrnnn"),
  ADAMW("rrrrxxxxxxxxn"),
  ADAMW_MOMENTS("rrrxxxn"),
  ADAMW_STEP("rrrxxxxxn");

  private final String parameters;

  Entry(String parameters) {
    this.parameters = parameters;
  }

  /** One letter for each parameter. */
  String parameters() {
    return parameters;
  }

  /** The name in the sources. */
  String symbol() {
    return "wm_" + name().toLowerCase(Locale.ROOT);
  }
}
