package dev.matriarch.engine;

import java.util.List;

/** Rules 430: what a member that could lead waits for before it does. */
final class Awaiting {
  static final List<Clause> CLAUSES =
      List.of(
          new Clause(Rule.KEEP_POLICY, TwoNodes::keepPolicy),
          new Clause(Rule.AWAIT_LAST, ColdStart::await));

  private Awaiting() {}
}
