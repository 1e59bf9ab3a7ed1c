package dev.matriarch.cli;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A whole cluster on this machine, on loopback addresses. */
@Command(
    name = "demo",
    description = "Run a whole cluster on this machine, in the foreground, until Ctrl-C.",
    synopsisSubcommandLabel = "[stop|status]",
    subcommands = {DemoStopCommand.class, DemoStatusCommand.class})
final class DemoCommand implements Callable<Integer> {
  private static final int MOST_NODES = 9;

  private final Surroundings surroundings;
  @Spec private CommandSpec spec;
  @Mixin private RootOption root;

  @Option(names = "--nodes", paramLabel = "N", description = "how many nodes, 1 to 9 (default: 3)")
  private Integer nodes;

  @Option(names = "--detach", description = "return when all ports answer, and leave it running")
  private boolean detach;

  DemoCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (nodes != null && (nodes < 1 || nodes > MOST_NODES)) {
      throw new ParameterException(
          spec.commandLine(), "--nodes %d: must be 1 to %d".formatted(nodes, MOST_NODES));
    }
    Demo demo = new Demo(surroundings, root.folder(surroundings), new SecureRandom());
    demo.start(Optional.ofNullable(nodes));
    if (!detach) {
      demo.stay();
    }
    return ExitCode.DONE.number();
  }
}
