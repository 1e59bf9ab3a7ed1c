package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What operators asked of this member and is not answered yet.
 *
 * @param restart to be done now
 * @param scheduled to be done later
 * @param reinitialize to be done now
 * @param startTimeout how long the start of a restart may take, until the server runs again
 */
public record Wishes(
    Optional<Wish.Restart> restart,
    Optional<Wish.Restart> scheduled,
    Optional<Wish.Reinitialize> reinitialize,
    Optional<Duration> startTimeout) {
  public static final Wishes NONE =
      new Wishes(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public Wishes {
    requireNonNull(restart, "restart is null");
    requireNonNull(scheduled, "scheduled is null");
    requireNonNull(reinitialize, "reinitialize is null");
    requireNonNull(startTimeout, "startTimeout is null");
  }

  /** The restart that is due at this wall time. */
  public Optional<Wish.Restart> restartDue(Instant wall) {
    return restart.or(
        () -> scheduled.filter(later -> !wall.isBefore(later.plan().at().orElse(wall))));
  }

  /** One more wish; a newer one of a kind replaces the older. */
  Wishes with(Wish wish, Server server, Instant now) {
    return switch (wish) {
      case Wish.Restart asked -> {
        boolean later = asked.plan().at().isPresent();
        boolean begun = !later && !server.hasProcesses();
        Wish.Restart taken =
            new Wish.Restart(
                asked.id(),
                asked.plan().of(server),
                begun ? Optional.of(now) : Optional.empty(),
                now);
        yield later
            ? new Wishes(restart, Optional.of(taken), reinitialize, startTimeout)
            : new Wishes(Optional.of(taken), scheduled, reinitialize, startTimeout);
      }
      case Wish.Reinitialize asked ->
          new Wishes(
              restart,
              scheduled,
              Optional.of(
                  new Wish.Reinitialize(asked.id(), asked.force(), now, asked.fromLeader())),
              startTimeout);
    };
  }

  /** A restart that an earlier life of this agent was given, as its member key still says. */
  Wishes remembering(RestartPlan plan) {
    return new Wishes(
        restart, Optional.of(Wish.Restart.asked(0, plan)), reinitialize, startTimeout);
  }

  /** The server is being stopped: the restart that is due has begun by it. */
  Wishes begun(Instant wall, Instant now) {
    Optional<Wish.Restart> due = restartDue(wall).filter(wish -> wish.begunAt().isEmpty());
    if (due.isEmpty()) {
      return this;
    }
    Wish.Restart running =
        new Wish.Restart(due.get().id(), due.get().plan(), Optional.of(now), due.get().since());
    return new Wishes(
        Optional.of(running),
        scheduled.filter(wish -> !wish.equals(due.get())),
        reinitialize,
        due.get().plan().timeout());
  }

  Wishes serverRuns() {
    return startTimeout.isEmpty()
        ? this
        : new Wishes(restart, scheduled, reinitialize, Optional.empty());
  }

  Wishes without(Wish wish) {
    return new Wishes(
        restart.filter(wish::equals).isPresent() ? Optional.empty() : restart,
        scheduled.filter(wish::equals).isPresent() ? Optional.empty() : scheduled,
        reinitialize.filter(wish::equals).isPresent() ? Optional.empty() : reinitialize,
        startTimeout);
  }
}
