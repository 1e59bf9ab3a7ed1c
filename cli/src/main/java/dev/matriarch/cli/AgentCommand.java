package dev.matriarch.cli;

import dev.matriarch.agent.config.AgentConfig;
import dev.matriarch.agent.config.ConfigResult;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The agent of one PostgreSQL instance, in the foreground: the process is the agent. */
@Command(
    name = AgentCommand.NAME,
    description = "Run the agent of one PostgreSQL instance in the foreground.")
final class AgentCommand implements Callable<Integer> {
  /** The verb. */
  static final String NAME = "agent";

  private final Surroundings surroundings;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = {
        "the instance's patroni.yml, or a folder of such files, of which the last by name counts;",
        "without it PATRONI_CONFIGURATION or the other PATRONI_* variables say it all"
      })
  private String file;

  @Option(
      names = "--validate-config",
      description = "say what is wrong with the configuration, and what is left aside of it")
  private boolean onlyValidate;

  AgentCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (onlyValidate) {
      return validate();
    }
    return file == null
        ? dev.matriarch.agent.AgentCommand.run(surroundings.environment())
        : run(surroundings, file);
  }

  private int validate() {
    ConfigResult result =
        file == null
            ? AgentConfig.load(surroundings.environment())
            : AgentConfig.load(surroundings.resolve(file), surroundings.environment());
    return switch (result) {
      case ConfigResult.Loaded loaded -> {
        loaded.warnings().forEach(warning -> surroundings.err().println("warning: " + warning));
        yield ExitCode.DONE.number();
      }
      case ConfigResult.Rejected rejected -> {
        rejected.problems().forEach(surroundings.err()::println);
        yield ExitCode.REFUSED.number();
      }
    };
  }

  /** Runs until the agent ends; its exit code. */
  static int run(Surroundings surroundings, String file) throws InterruptedException {
    return dev.matriarch.agent.AgentCommand.run(
        surroundings.resolve(file), surroundings.environment());
  }
}
