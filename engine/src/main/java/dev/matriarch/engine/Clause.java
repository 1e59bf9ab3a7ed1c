package dev.matriarch.engine;

import java.time.Instant;

/** A rule and how it reads a view. */
record Clause(Rule rule, Reading reading) {

  /** Looks at a view; pure. */
  @FunctionalInterface
  interface Reading {
    Verdict of(View view, Instant now);
  }
}
