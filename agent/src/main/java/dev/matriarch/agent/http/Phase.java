package dev.matriarch.agent.http;

import java.time.Duration;

/** Whose turn it is on a connection; times are {@link System#nanoTime}. */
sealed interface Phase {

  /** The client's turn from now on; where it was already, it goes on for this much longer. */
  default Clients turnToClient(Duration atMost) {
    long now = System.nanoTime();
    long since = this instanceof Clients already ? already.since() : now;
    return new Clients(since, now + atMost.toNanos());
  }

  /** The client is to send, or to take in what was sent to it. */
  record Clients(long since, long until) implements Phase {

    boolean isOver(long now) {
      return until - now < 0;
    }
  }

  /** A request is being served, for as long as that takes. */
  record Ours() implements Phase {}
}
