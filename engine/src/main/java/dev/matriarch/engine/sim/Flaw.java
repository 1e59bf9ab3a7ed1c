package dev.matriarch.engine.sim;

/** What the world can be made to do wrong, for tests that show that it would be noticed. */
public enum Flaw {
  NONE,
  /** A voter tells its position while its WAL receiver still runs. */
  PROMISE_BEFORE_RECEIVER_ENDS
}
