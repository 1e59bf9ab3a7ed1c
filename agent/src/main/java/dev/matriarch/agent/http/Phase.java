package dev.matriarch.agent.http;

import java.time.Duration;

/** Whose turn it is on a connection; times are {@link System#nanoTime}. */
sealed interface Phase {

  /** The client is to send, or to take in what was sent to it. */
  record Clients(long since, long until) implements Phase {
    static Clients turn(Duration atMost) {
      long now = System.nanoTime();
      return new Clients(now, now + atMost.toNanos());
    }

    boolean isOver(long now) {
      return until - now < 0;
    }
  }

  /** A request is being served, for as long as that takes. */
  record Ours() implements Phase {}
}
