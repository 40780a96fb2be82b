package org.wordmill.exchange;

/** The names of the files of a Hugging Face folder. */
final class Gpt2Files {
  static final String CONFIG = "config.json";
  static final String WEIGHTS = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";
  static final String PICKLE = "pytorch_model.bin";
  static final String TOKENIZER = "tokenizer.json";
  static final String VOCABULARY = "vocab.json";
  static final String MERGES = "merges.txt";
  static final String TOKENIZER_SETTINGS = "tokenizer_config.json";

  private Gpt2Files() {}
}
