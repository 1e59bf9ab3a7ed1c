package dev.matriarch.cli;

import dev.matriarch.fleet.MoveWish;
import java.time.Duration;
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

  @Option(
      names = "--wait-idle",
      paramLabel = "TIME",
      arity = "0..1",
      fallbackValue = "60s",
      defaultValue = "",
      description =
          "before anything is begun, wait until no transaction is open for longer than that pause;"
              + " so long at most, such as 90s or 10m (default: ${FALLBACK-VALUE})")
  private String waitIdle;

  @Option(
      names = "--require-zero-errors",
      description =
          "refuse when connections would break: those that come past the poolers, or that a pooler"
              + " cannot let wait; names them all")
  private boolean zeroErrors;

  SwitchoverCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Duration pause = TimeSpan.pause(longestPause);
    Duration idle = waitIdle.isEmpty() ? Duration.ZERO : TimeSpan.length("--wait-idle", waitIdle);
    return move.run(
        surroundings,
        new MoveWish.Switchover(candidate, pause),
        new HandoverCare(surroundings.err(), pause, idle, zeroErrors));
  }
}
