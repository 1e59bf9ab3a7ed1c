package dev.matriarch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The agent of one PostgreSQL instance, in the foreground: the process is the agent. */
@Command(
    name = "agent",
    description = "Run the agent of one PostgreSQL instance in the foreground.")
final class AgentCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "the instance's patroni.yml")
  private String file;

  @Override
  public Integer call() {
    throw new Refused(file + ": this build has no agent");
  }
}
