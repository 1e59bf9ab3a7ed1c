package dev.matriarch.cli;

import dev.matriarch.fleet.MoveWish;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves the leadership in good order. */
@Command(name = "switchover", description = "Move the leadership to a standby, in good order.")
final class SwitchoverCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private MoveVerb move;

  @Option(
      names = "--candidate",
      paramLabel = "MEMBER",
      defaultValue = "",
      description = "who leads next (default: the best standby)")
  private String candidate;

  @Option(
      names = "--max-pause",
      paramLabel = "TIME",
      defaultValue = "3s",
      description =
          "how long pooled clients may wait for it, such as 500ms or 3s (default: ${DEFAULT-VALUE});"
              + " a transaction that lasts longer makes it be given up")
  private String longestPause;

  SwitchoverCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return move.run(surroundings, new MoveWish.Switchover(candidate, TimeSpan.pause(longestPause)));
  }
}
