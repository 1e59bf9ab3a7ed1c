package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/** What an operator asked of one member. Each is answered once, by {@link Effect.Answer}. */
public sealed interface Wish {

  /** Ties the answer to the question; 0 when nobody waits for one. */
  long id();

  /**
   * Stop the server and start it as what it was.
   *
   * @param begunAt when the stop was ordered, or the wish taken while the server was down
   * @param since monotonic time at which it was asked for
   */
  record Restart(long id, RestartPlan plan, Optional<Instant> begunAt, Instant since)
      implements Wish {
    public Restart {
      requireNonNull(plan, "plan is null");
      requireNonNull(begunAt, "begunAt is null");
      requireNonNull(since, "since is null");
    }

    /** Not begun; the engine notes since when. */
    public static Restart asked(long id, RestartPlan plan) {
      return new Restart(id, plan, Optional.empty(), Instant.EPOCH);
    }
  }

  /**
   * Replace the data by a fresh copy of another member's.
   *
   * @param force whatever else is being done to the server is given up for it
   * @param since monotonic time at which it was asked for
   * @param fromLeader the leader's own data, taken from nobody else and by no program
   */
  record Reinitialize(long id, boolean force, Instant since, boolean fromLeader) implements Wish {
    public Reinitialize {
      requireNonNull(since, "since is null");
    }

    /** The engine notes since when. */
    public static Reinitialize asked(long id, boolean force, boolean fromLeader) {
      return new Reinitialize(id, force, Instant.EPOCH, fromLeader);
    }
  }
}
