package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.MoveRequest;
import java.time.Duration;

/** How an operator wants the leadership to move. */
public sealed interface MoveWish {

  /** The member to lead; empty where the best one is to be chosen. */
  String candidate();

  /** The path under which agents take it. */
  String path();

  /**
   * Orderly, from a healthy leader.
   *
   * @param longestPause how long pooled clients may be let wait for it
   */
  record Switchover(String candidate, Duration longestPause) implements MoveWish {
    public Switchover {
      requireNonNull(candidate, "candidate is null");
      requireNonNull(longestPause, "longestPause is null");
    }

    /** With the usual pause. */
    public Switchover(String candidate) {
      this(candidate, MoveRequest.PAUSE);
    }

    @Override
    public String path() {
      return "/switchover";
    }
  }

  /**
   * To this member, whether there is a leader or not.
   *
   * @param lost who led in a pause and runs no more, on the operator's word; empty where none is
   *     given
   */
  record Failover(String candidate, String lost) implements MoveWish {
    public Failover {
      requireNonNull(candidate, "candidate is null");
      requireNonNull(lost, "lost is null");
      if (candidate.isEmpty()) {
        throw new IllegalArgumentException("a failover names its candidate");
      }
    }

    /** Without that word. */
    public Failover(String candidate) {
      this(candidate, "");
    }

    @Override
    public String path() {
      return "/failover";
    }
  }
}
