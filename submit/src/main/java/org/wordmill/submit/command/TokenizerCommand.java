package org.wordmill.submit.command;

import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The commands that are about tokenizers. */
@Command(
    name = "tokenizer",
    header = "Train or apply a tokenizer of byte pairs.",
    description =
        "A byte-level byte pair encoding, as GPT-2 has it: every text has ids, and frequent words"
            + " have one. Its files are those of the Hugging Face libraries: tokenizer.json, vocab.json"
            + " and merges.txt.",
    synopsisSubcommandLabel = "train|encode|decode",
    footer = {
      "",
      "Examples:",
      "  wordmill tokenizer train --input train.txt --vocabulary-size 8000 --output tok",
      "  wordmill tokenizer encode --tokenizer tok --input test.txt",
      "  wordmill train --config gpt-tiny --tokenizer tok --input train.txt --validation valid.txt"
          + " --output run"
    })
final class TokenizerCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public void run() {
    throw new WordmillException(
        ExitCode.USAGE,
        "nothing was said to do with a tokenizer",
        "wordmill tokenizer",
        "say train, encode or decode" + (common.json() ? ", then --json" : ""));
  }
}
