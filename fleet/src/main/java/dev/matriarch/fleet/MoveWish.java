package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

/** How an operator wants the leadership to move. */
public sealed interface MoveWish {

  /** The member to lead; empty where the best one is to be chosen. */
  String candidate();

  /** The path under which agents take it. */
  String path();

  /** Orderly, from a healthy leader. */
  record Switchover(String candidate) implements MoveWish {
    public Switchover {
      requireNonNull(candidate, "candidate is null");
    }

    @Override
    public String path() {
      return "/switchover";
    }
  }

  /** To this member, whether there is a leader or not. */
  record Failover(String candidate) implements MoveWish {
    public Failover {
      requireNonNull(candidate, "candidate is null");
      if (candidate.isEmpty()) {
        throw new IllegalArgumentException("a failover names its candidate");
      }
    }

    @Override
    public String path() {
      return "/failover";
    }
  }
}
