package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.waiting;
import static dev.matriarch.engine.Verdict.when;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Rules 551 and 552: a member that can neither follow nor lead, as nobody leads and there is no
 * data, or as etcd does not know the cluster that its data is of. Both wait a {@code ttl} for
 * whoever comes: a restore takes hours, and a primary may start a little later.
 */
final class Stranded {
  static final List<Clause> CLAUSES =
      List.of(
          new Clause(Rule.RESTORE, Stranded::restore),
          new Clause(Rule.UNKNOWN_CLUSTER, Stranded::unknownCluster));

  private Stranded() {}

  private static Verdict restore(View view, Instant now) {
    boolean without =
        view.store().isCurrent()
            && view.state().initialization() instanceof Initialization.Done
            && view.state().leadership().isVacant()
            && view.server().isUseless()
            && !(view.server().halfRewound() && !view.settings().undoing().discards());
    if (!without || !view.self().restoresAlone()) {
      return PASS;
    }
    Optional<String> other = servingMember(view);
    if (other.isPresent()) {
      return waiting("for a leader, while " + other.get() + " has data");
    }
    return isLong(view, now)
        ? when(view, now, "nobody leads and nobody has data", new Effect.Restore())
        : waiting("for a leader, before the data is made without one");
  }

  private static Optional<String> servingMember(View view) {
    return view.state().members().values().stream()
        .filter(member -> !member.name().equals(view.name()) && member.state().isServing())
        .map(Member::name)
        .findFirst();
  }

  private static Verdict unknownCluster(View view, Instant now) {
    boolean unknown =
        Bootstrapping.isUnclaimed(view, now)
            && !Bootstrapping.isCopied(view)
            && view.server().role() == Role.STANDBY
            && (view.server().isDown() || view.server().isRunning());
    if (!unknown) {
      return PASS;
    }
    String why = "etcd knows no cluster, and this data is a standby's";
    return isLong(view, now)
        ? when(
            view,
            now,
            why,
            new Effect.Exit(
                1,
                why
                    + " of system "
                    + view.server().systemIdentifier()
                    + "; nothing was touched. Start the agent of its primary first, or name the"
                    + " right scope and namespace"))
        : waiting("for its primary: " + why);
  }

  private static boolean isLong(View view, Instant now) {
    Duration ttl = view.settings().ttl();
    return view.store().vacantSince().filter(since -> !now.isBefore(since.plus(ttl))).isPresent();
  }
}
