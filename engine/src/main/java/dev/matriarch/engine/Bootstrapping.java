package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.waiting;
import static dev.matriarch.engine.Verdict.when;

import dev.matriarch.engine.Effect.FromSource.Way;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rules 600: how a cluster's first data comes to be. */
final class Bootstrapping {
  private static final int TRIES = 3;

  static final List<Clause> CLAUSES =
      List.of(
          new Clause(Rule.CLAIM_DATA, Bootstrapping::claimData),
          new Clause(Rule.CLAIM_CLUSTER, Bootstrapping::claimCluster),
          new Clause(Rule.BOOTSTRAP_FAILED, Bootstrapping::failed),
          new Clause(Rule.BOOTSTRAP, Bootstrapping::bootstrap),
          new Clause(Rule.RECORD_CLUSTER, Bootstrapping::record),
          new Clause(Rule.AWAIT_BOOTSTRAP, Bootstrapping::await),
          new Clause(Rule.AWAIT_STORE, Bootstrapping::awaitStore));

  private Bootstrapping() {}

  static boolean isUnclaimed(View view, Instant now) {
    return view.store().isCurrent()
        && view.state().initialization() instanceof Initialization.Absent
        && view.state().leadership().isVacant()
        && view.state().unreadable().isEmpty()
        && !view.leads(now);
  }

  private static Verdict claimData(View view, Instant now) {
    if (!isUnclaimed(view, now)) {
      return PASS;
    }
    boolean primary = view.server().isDown() && view.server().role() == Role.PRIMARY;
    String whose = primary ? "a primary's" : "copied from the server outside";
    return primary || isCopied(view)
        ? when(
            view, now, "etcd knows no cluster; this data was " + whose, new Effect.TakeInitialize())
        : PASS;
  }

  /** Who made a standby cluster's first copy may have died before that was recorded. */
  static boolean isCopied(View view) {
    return Standing.isStandbyCluster(view)
        && view.self().mayBootstrap()
        && view.self().tags().mayLead()
        && view.server().role() == Role.STANDBY
        && (view.server().isDown() || view.server().isRunning());
  }

  private static Verdict claimCluster(View view, Instant now) {
    boolean may = view.self().mayBootstrap() && view.self().tags().mayLead();
    return isUnclaimed(view, now) && view.server().isUseless() && may
        ? when(view, now, "etcd knows no cluster", new Effect.TakeInitialize())
        : PASS;
  }

  private static boolean isClaimant(View view, Instant now) {
    return view.leads(now) && !(view.state().initialization() instanceof Initialization.Done);
  }

  /**
   * Whether etcd may know a cluster though it is not seen to: its word cannot be read, or it was
   * asked to record one by this claim and the answer is not seen yet. Only a new claim tells.
   */
  static boolean mayBeRecorded(View view) {
    return view.state().unreadable().contains("initialize")
        || view.work().in(Lane.CLAIM).filter(Effect.FinishInitialize.class::isInstance).isPresent()
        || view.work().endedAfter(Effect.FinishInitialize.class, Effect.TakeInitialize.class);
  }

  private static Verdict failed(View view, Instant now) {
    Optional<Setback> setback =
        view.work()
            .setback(Effect.Bootstrap.class)
            .or(() -> view.work().setback(Effect.FromSource.class))
            .filter(failures -> failures.count() >= TRIES);
    if (!isClaimant(view, now) || setback.isEmpty()) {
      return PASS;
    }
    String reason = setback.get().reason();
    return when(
        view,
        now,
        "bootstrap failed " + TRIES + " times: " + reason,
        new Effect.Exit(1, "bootstrap failed: " + reason));
  }

  private static Verdict bootstrap(View view, Instant now) {
    if (!isClaimant(view, now)) {
      return PASS;
    }
    if (view.server().isUseless() && !view.store().isCurrent()) {
      return waiting("for etcd, to see whether the cluster was recorded already");
    }
    if (view.server().isUseless()) {
      return when(
          view,
          now,
          "the cluster is ours to make",
          view.settings()
              .source()
              .<Effect>map(source -> new Effect.FromSource(source, Way.CLONE))
              .orElseGet(Effect.Bootstrap::new));
    }
    if (view.server().isDown()) {
      return when(
          view,
          now,
          "the data is there",
          view.settings()
              .source()
              .<Effect>map(source -> new Effect.FromSource(source, Way.START))
              .orElseGet(Effect.StartPrimary::new));
    }
    return PASS;
  }

  private static Verdict record(View view, Instant now) {
    boolean unmarked = view.leads(now) && view.server().unrecorded();
    boolean runs =
        Standing.isStandbyCluster(view)
            ? view.server().isRunning()
            : view.server().isRunningPrimary();
    return (isClaimant(view, now) || unmarked) && runs
        ? when(
            view,
            now,
            "the first primary runs",
            new Effect.FinishInitialize(view.server().systemIdentifier()))
        : PASS;
  }

  private static Verdict await(View view, Instant now) {
    if (!view.store().isCurrent() || view.state().initialization() instanceof Initialization.Done) {
      return PASS;
    }
    if (view.server().isUseless()) {
      return waiting("for the cluster to be bootstrapped by the member declared primary");
    }
    return waiting("for the bootstrap to be recorded");
  }

  private static Verdict awaitStore(View view, Instant now) {
    return view.store().known()
        ? PASS
        : waiting(
            view.store().trouble().isEmpty()
                ? "for etcd's first answer"
                : "for etcd: " + view.store().trouble());
  }
}
