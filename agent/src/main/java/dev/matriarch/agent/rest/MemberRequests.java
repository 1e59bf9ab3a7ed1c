package dev.matriarch.agent.rest;

import dev.matriarch.engine.RestartPlan;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What may be asked of this member itself. Called by many threads. */
public interface MemberRequests {

  /**
   * What became of a wish.
   *
   * @param done it was fulfilled; otherwise the sentence says why not
   */
  record Reply(boolean done, String sentence) {}

  /** Restarts the server now; the reply comes when it is known. */
  CompletableFuture<Reply> restart(RestartPlan plan);

  /** Restarts the server at the plan's time; replaces an earlier schedule. */
  void schedule(RestartPlan plan);

  /** Takes the schedule back. */
  void withdrawRestart();

  /**
   * Replaces the data by a fresh copy of another member's; goes on behind the answer.
   *
   * @param fromLeader of the leader's, taken from nobody else and by no program
   */
  void reinitialize(boolean force, boolean fromLeader);

  /** Lets pooled clients of that leader wait, for so long at most; returns at once. */
  void hold(String leader, Duration longest);

  /** Reads the agent's file again; returns at once. */
  void reload();

  /**
   * What PostgreSQL has against the parameters of a dynamic configuration, in its own words; empty
   * when it would take them.
   */
  Optional<String> objection(String config) throws InterruptedException;
}
