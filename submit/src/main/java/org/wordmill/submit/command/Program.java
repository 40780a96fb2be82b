package org.wordmill.submit.command;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wordmill.counter.CountOptions;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.ngramtable.TableLayout;
import org.wordmill.ml.ScoreOptions;
import org.wordmill.text.TextPolicy;
import org.wordmill.trainer.Separator;
import org.wordmill.trainer.TextFormat;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The whole command line as a function of its arguments: it prints, and returns the exit code of
 * {@link ExitCode}, 0 when done, 1 for a bug. It does not end the virtual machine.
 */
public final class Program {
  private static final int BUG = 1;
  private static final int WIDTH = 100;

  private Program() {}

  /** Runs one command. */
  public static int run(Console console, String... arguments) {
    boolean stackTrace = Arrays.asList(arguments).contains(CommonOptions.STACK_TRACE);
    CommandLine commands = commandLine(console, stackTrace);
    return commands.execute(arguments);
  }

  /** Whether there is such a command with such options; nothing is run. */
  static boolean understands(List<String> arguments) {
    Console nowhere =
        new Console(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
            false);
    try {
      commandLine(nowhere, false).parseArgs(arguments.toArray(String[]::new));
      return true;
    } catch (CommandLine.ParameterException e) {
      return false;
    }
  }

  private static CommandLine commandLine(Console console, boolean stackTrace) {
    CommandLine commands = new CommandLine(new Root());
    for (Object command : commands(console)) {
      commands.addSubcommand(command);
    }
    commands.addSubcommand(tokenizer(console));
    commands.getSubcommands().values().forEach(Program::layOut);
    return commands
        .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
        .setUsageHelpWidth(WIDTH)
        .setExpandAtFiles(false)
        .registerConverter(TextPolicy.Malformed.class, constant(TextPolicy.Malformed.class))
        .registerConverter(TextPolicy.Reserved.class, constant(TextPolicy.Reserved.class))
        .registerConverter(TextPolicy.LongLines.class, constant(TextPolicy.LongLines.class))
        .registerConverter(TextPolicy.Corrupt.class, constant(TextPolicy.Corrupt.class))
        .registerConverter(TextPolicy.Bombs.class, constant(TextPolicy.Bombs.class))
        .registerConverter(TableLayout.class, constant(TableLayout.class))
        .registerConverter(CountOptions.Format.class, constant(CountOptions.Format.class))
        .registerConverter(CountCommand.Compress.class, constant(CountCommand.Compress.class))
        .registerConverter(
            TokenizerTrainCommand.Kind.class, constant(TokenizerTrainCommand.Kind.class))
        .registerConverter(ScoreCommand.Form.class, constant(ScoreCommand.Form.class))
        .registerConverter(ScoreOptions.Format.class, constant(ScoreOptions.Format.class))
        .registerConverter(SynthesizeCommand.Kind.class, constant(SynthesizeCommand.Kind.class))
        .registerConverter(TextFormat.class, constant(TextFormat.class))
        .registerConverter(Separator.class, constant(Separator.class))
        .registerConverter(TagCommand.Format.class, constant(TagCommand.Format.class))
        .setParameterExceptionHandler(
            (wrong, args) -> {
              WordmillException fault = Faults.usage(wrong);
              writeReport(console, reportOf(args), fault.exitCode().code(), fault);
              return report(console, Optional.of(fault), wrong, stackTrace);
            })
        .setExecutionStrategy(Program::execute)
        .setExecutionExceptionHandler(
            (failure, command, result) -> {
              Throwable thrown = failure instanceof Failed failed ? failed.error : failure;
              OptionSpec option = command.getCommandSpec().findOption(CommonOptions.REPORT);
              Optional<WordmillException> fault = Faults.find(thrown, outputs(command));
              Throwable told = fault.isPresent() ? fault.get() : thrown;
              int code = report(console, fault, thrown, stackTrace);
              writeReport(console, option == null ? null : option.getValue(), code, told);
              return code;
            });
  }

  private static CommandLine tokenizer(Console console) {
    return new CommandLine(new TokenizerCommand())
        .addSubcommand(new TokenizerTrainCommand(console))
        .addSubcommand(new TokenizerEncodeCommand(console))
        .addSubcommand(new TokenizerDecodeCommand(console));
  }

  private static void layOut(CommandLine command) {
    command
        .getCommandSpec()
        .usageMessage()
        .descriptionHeading("%n")
        .optionListHeading("%nOptions:%n")
        .commandListHeading("%nCommands:%n")
        .abbreviateSynopsis(true)
        .footer(
            Arrays.stream(command.getCommandSpec().usageMessage().footer())
                .flatMap(Program::pasteable)
                .toArray(String[]::new));
    command.getSubcommands().values().forEach(Program::layOut);
  }

  /** An example in lines that fit, which a shell puts together again. */
  private static Stream<String> pasteable(String example) {
    List<String> lines = new ArrayList<>();
    String rest = example;
    while (rest.length() > WIDTH - 1 && rest.lastIndexOf(" --", WIDTH - 3) > 0) {
      int end = rest.lastIndexOf(" --", WIDTH - 3);
      lines.add(rest.substring(0, end) + " \\");
      rest = "     " + rest.substring(end);
    }
    lines.add(rest);
    return lines.stream();
  }

  private static List<Object> commands(Console console) {
    return List.of(
        new QuickstartCommand(console),
        new CountCommand(console),
        new EstimateCommand(console),
        new PruneCommand(console),
        new MixCommand(console),
        new PackCommand(console),
        new PrepareCommand(console),
        new TrainCommand(console),
        new ScoreCommand(console),
        new GenerateCommand(console),
        new CompareCommand(console),
        new ServeCommand(console),
        new TagCommand(console),
        new ExplainCommand(console),
        new GradCheckCommand(console),
        new InspectCommand(console),
        new ExportCommand(console),
        new ImportCommand(console),
        new SynthesizeCommand(console),
        new ContextCostCommand(console),
        new ProfileCommand(console),
        new ScalingCommand(console),
        new BoundDistanceCommand(console),
        new GlyphsCommand(console));
  }

  /** An error of the virtual machine, or of Hadoop's local file system, in the hands of picocli. */
  private static final class Failed extends CommandLine.ExecutionException {
    private static final long serialVersionUID = 1L;

    private final Error error;

    Failed(CommandLine command, Error error) {
      super(command, String.valueOf(error.getMessage()), error);
      this.error = error;
    }
  }

  /** Runs the command that was named last; its errors reach the handler as its exceptions do. */
  private static int execute(CommandLine.ParseResult parsed) {
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (Error e) {
      List<CommandLine> named = parsed.asCommandLineList();
      throw new Failed(named.get(named.size() - 1), e);
    }
  }

  /** Where a command writes, for messages. */
  private static String outputs(CommandLine command) {
    OptionSpec output = command.getCommandSpec().findOption("--output");
    return (output == null ? Stream.of("--arpa", "--parquet") : Stream.of("--output"))
        .map(name -> command.getCommandSpec().findOption(name))
        .filter(option -> option != null && option.getValue() instanceof String)
        .map(option -> option.<String>getValue())
        .collect(Collectors.joining(" or "));
  }

  private static int report(
      Console console, Optional<WordmillException> known, Throwable thrown, boolean stackTrace) {
    return known
        .map(fault -> report(console, fault, thrown, stackTrace))
        .orElseGet(
            () -> {
              console.note(
                  "error[1]: "
                      + firstLine(thrown)
                      + ", this is a bug, please report it with what follows");
              thrown.printStackTrace(console.err());
              return BUG;
            });
  }

  private static int report(
      Console console, WordmillException fault, Throwable thrown, boolean stackTrace) {
    console.note(fault.line());
    if (stackTrace) {
      thrown.printStackTrace(console.err());
    }
    return fault.exitCode().code();
  }

  /** The error where {@code --report} asks for it; one that cannot be written is told, no more. */
  private static void writeReport(
      Console console, @Nullable String file, int code, Throwable thrown) {
    if (file == null) {
      return;
    }
    Optional<WordmillException> fault = Faults.find(thrown);
    String error = fault.map(WordmillException::getMessage).orElse(firstLine(thrown));
    try {
      Console.report(file, code, Map.of("error", String.valueOf(error)));
    } catch (WordmillException unwritten) {
      // When that is what went wrong, it has been told.
      if (fault.isEmpty() || !fault.get().line().equals(unwritten.line())) {
        console.note(unwritten.line());
      }
    }
  }

  /** The report that a command line asks for which cannot be understood as a whole. */
  private static @Nullable String reportOf(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].startsWith(CommonOptions.REPORT + "=")) {
        return arguments[i].substring(CommonOptions.REPORT.length() + 1);
      }
      if (arguments[i].equals(CommonOptions.REPORT) && i + 1 < arguments.length) {
        return arguments[i + 1];
      }
    }
    return null;
  }

  private static String firstLine(Throwable thrown) {
    return thrown.toString().lines().findFirst().orElse("");
  }

  /** The constants of an enum in kebab-case. */
  private static <E extends Enum<E>> ITypeConverter<E> constant(Class<E> type) {
    return text -> {
      for (E constant : type.getEnumConstants()) {
        if (kebab(constant).equals(text)) {
          return constant;
        }
      }
      throw new TypeConversionException(
          "expected one of "
              + String.join(
                  ", ", Arrays.stream(type.getEnumConstants()).map(Program::kebab).toList())
              + " but found '"
              + text
              + "'");
    };
  }

  private static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Command(
      name = "wordmill",
      description = "Grinds text into language models on Apache Spark.",
      versionProvider = Version.class,
      synopsisSubcommandLabel = "COMMAND",
      commandListHeading = "%nCommands:%n",
      optionListHeading = "%nOptions:%n",
      footer = {
        "",
        "wordmill COMMAND --help tells the options of a command, with examples.",
        "",
        "Exit codes: 0 done; 1 a bug; 2 usage or configuration; 3 bad input data; 4 storage"
            + " (missing,",
        "permission, full, exists); 5 training diverged; 6 corrupt or incompatible file; 7 a check"
            + " failed."
      })
  private static final class Root implements Runnable {
    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Show this help and end.")
    private boolean help;

    @Option(
        names = {"-V", "--version"},
        versionHelp = true,
        description = "Show the versions and end.")
    private boolean version;

    @Option(names = CommonOptions.STACK_TRACE, hidden = true)
    private boolean stackTrace;

    @Override
    public void run() {
      throw new WordmillException(
          ExitCode.USAGE, "no command was given", "", "wordmill --help lists the commands");
    }
  }

  private static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return Versions.all().entrySet().stream()
          .map(entry -> entry.getKey() + " " + entry.getValue())
          .toArray(String[]::new);
    }
  }
}
