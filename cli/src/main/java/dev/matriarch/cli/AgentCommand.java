package dev.matriarch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The agent of one PostgreSQL instance, in the foreground: the process is the agent. */
@Command(
    name = AgentCommand.NAME,
    description = "Run the agent of one PostgreSQL instance in the foreground.")
final class AgentCommand implements Callable<Integer> {
  /** The verb. */
  static final String NAME = "agent";

  private final Surroundings surroundings;

  @Parameters(paramLabel = "FILE", description = "the instance's patroni.yml")
  private String file;

  AgentCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    return run(surroundings, file);
  }

  /** Runs until the agent ends; its exit code. */
  static int run(Surroundings surroundings, String file) throws InterruptedException {
    return dev.matriarch.agent.AgentCommand.run(
        surroundings.resolve(file), surroundings.environment());
  }
}
