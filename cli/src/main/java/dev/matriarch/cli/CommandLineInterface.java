package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Arguments in, one call, answer out, exit code back. */
public final class CommandLineInterface {
  private final Surroundings surroundings;

  /** An interface whose verbs see these surroundings. */
  public CommandLineInterface(Surroundings surroundings) {
    this.surroundings = requireNonNull(surroundings, "surroundings");
  }

  /** Runs one command line and returns the exit code; never throws for a user's mistake. */
  public int run(String... args) {
    CommandLine line = commandLine();
    try {
      return line.execute(args.length == 0 ? new String[] {"--help"} : args);
    } finally {
      line.getOut().flush();
      line.getErr().flush();
      surroundings.out().flush();
    }
  }

  /** The whole tree of verbs, for completion and for tests. */
  CommandLine commandLine() {
    CommandLine line = new CommandLine(new MatriarchCommand(), factory());
    addHelp(line);
    line.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(surroundings.terminal() ? Ansi.ON : Ansi.OFF));
    line.setExecutionExceptionHandler((error, failed, parsed) -> refuse(failed, error));
    return line;
  }

  private int refuse(CommandLine failed, Exception error) {
    String verb = failed.getCommandSpec().qualifiedName(" ");
    if (error instanceof Refused refused) {
      refused.reasons().forEach(reason -> surroundings.err().println(verb + ": " + reason));
      return refused.code().number();
    } else {
      surroundings.err().println(verb + ": " + sentence(error));
      if (surroundings.environment().containsKey("MATRIARCH_TRACE")) {
        error.printStackTrace(surroundings.err());
      }
    }
    return ExitCode.REFUSED.number();
  }

  /** An error nobody foresaw still names itself in one line. */
  private static String sentence(Throwable error) {
    String message = Optional.ofNullable(error.getMessage()).orElse("no further word");
    return "%s: %s (set MATRIARCH_TRACE=1 for the place)"
        .formatted(error.getClass().getSimpleName(), message);
  }

  private static void addHelp(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("show this help and exit")
            .build());
    line.getSubcommands().values().forEach(CommandLineInterface::addHelp);
  }

  private IFactory factory() {
    return new IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        Optional<Constructor<?>> wanting =
            Arrays.stream(type.getDeclaredConstructors())
                .filter(c -> c.getParameterCount() == 1)
                .filter(c -> c.getParameterTypes()[0] == Surroundings.class)
                .findFirst();
        return wanting.isPresent()
            ? type.cast(wanting.get().newInstance(surroundings))
            : CommandLine.defaultFactory().create(type);
      }
    };
  }
}
