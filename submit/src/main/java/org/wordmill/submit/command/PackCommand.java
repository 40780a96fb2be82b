package org.wordmill.submit.command;

import java.util.concurrent.Callable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** ARPA to the memory-mapped table: its name is reserved until the format is there. */
@Command(
    name = "pack",
    header = "ARPA file to a memory-mapped table: in a later version.",
    description =
        "Will turn an ARPA file into a memory-mapped table. The table format comes in a later"
            + " version; until then this command refuses, and every command reads ARPA files.")
final class PackCommand implements Callable<Integer> {
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(names = "--arpa", paramLabel = "FILE", hidden = true)
  private String arpa = "";

  @Option(names = "--model", paramLabel = "FILE", hidden = true)
  private String model = "";

  @Override
  public Integer call() {
    throw new WordmillException(
        ExitCode.USAGE,
        "pack is not there yet: the table format comes in a later version",
        arpa,
        "use the ARPA file itself, plain or gzip: score, generate and compare read it");
  }
}
