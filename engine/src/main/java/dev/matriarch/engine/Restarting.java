package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.waiting;
import static dev.matriarch.engine.Verdict.when;

import dev.matriarch.engine.Effect.StopMode;
import dev.matriarch.engine.Server.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Rules 210 and 220: restarts and fresh copies that operators ask for. A restart stops the server;
 * the rules that start one that is down do the rest.
 */
final class Restarting {
  private static final int START_TRIES = 3;
  private static final int CLONE_TRIES = 3;

  /** An action whose time passed longer ago than this while nobody could do it is dropped. */
  static final Duration LATEST = Duration.ofSeconds(60);

  static final List<Clause> CLAUSES =
      List.of(
          new Clause(Rule.RESTART_REFUSED, Restarting::refused),
          new Clause(Rule.RESTART_DONE, Restarting::done),
          new Clause(Rule.RESTART_FAILED, Restarting::failed),
          new Clause(Rule.STOP_TO_RESTART, Restarting::stop),
          new Clause(Rule.REINIT_DONE, Restarting::reinitDone),
          new Clause(Rule.REINIT_REFUSED, Restarting::reinitRefused),
          new Clause(Rule.REINITIALIZE, Restarting::reinitialize));

  private Restarting() {}

  static Optional<Wish.Restart> due(View view, Instant now) {
    return view.wishes().restartDue(view.wall(now));
  }

  private static Optional<Wish.Restart> waitingToBegin(View view, Instant now) {
    return due(view, now).filter(wish -> wish.begunAt().isEmpty());
  }

  /** Nothing had to be stopped for it: only its start is ahead. */
  private static Optional<Wish.Restart> begunWhileDown(View view, Instant now) {
    return begun(view, now)
        .filter(wish -> wish.plan().startedBefore().isEmpty() && view.server().isDown());
  }

  /** This primary is about to be stopped for a restart. */
  static boolean isAboutToBegin(View view, Instant now) {
    return view.leads(now)
        && view.server().isRunningPrimary()
        && waitingToBegin(view, now)
            .filter(wish -> objection(view, wish.plan(), now).isEmpty())
            .isPresent();
  }

  private static Optional<Wish.Restart> begun(View view, Instant now) {
    return due(view, now).filter(wish -> wish.begunAt().isPresent());
  }

  private static Verdict answer(View view, Instant now, Wish wish, boolean done, String sentence) {
    return when(view, now, sentence, new Effect.Answer(wish, done, sentence));
  }

  private static Verdict refused(View view, Instant now) {
    Optional<Wish.Restart> wish = waitingToBegin(view, now).or(() -> begunWhileDown(view, now));
    return wish.flatMap(asked -> objection(view, asked.plan(), now))
        .map(
            why ->
                answer(
                    view, now, wish.get(), false, "restart conditions are not satisfied: " + why))
        .orElse(PASS);
  }

  private static Optional<String> objection(View view, RestartPlan plan, Instant now) {
    if (view.server().isUseless()) {
      return Optional.of("there is no server");
    }
    if (plan.at().isPresent()) {
      if (view.settings().paused()) {
        return Optional.of("nothing scheduled is done while the cluster is paused");
      }
      if (view.wall(now).isAfter(plan.at().get().plus(LATEST))) {
        return Optional.of("its time " + plan.at().get() + " has passed");
      }
      boolean another =
          view.server().startedAt().isPresent()
              && !view.server().startedAt().equals(plan.startedBefore());
      if (another) {
        return Optional.of("the server was restarted since it was scheduled");
      }
    }
    return plan.only().objection(view, SelfPortrait.of(view, now).role());
  }

  private static boolean isRestarted(View view, Wish.Restart wish) {
    return view.server().isRunning()
        && view.server().startedAt().isPresent()
        && !view.server().startedAt().equals(wish.plan().startedBefore());
  }

  private static Verdict done(View view, Instant now) {
    return begun(view, now)
        .filter(wish -> isRestarted(view, wish))
        .map(wish -> answer(view, now, wish, true, "restarted successfully"))
        .orElse(PASS);
  }

  private static Verdict failed(View view, Instant now) {
    Optional<Wish.Restart> wish = begun(view, now);
    if (wish.isEmpty()) {
      return PASS;
    }
    if (overdue(wish.get(), now)) {
      return answer(view, now, wish.get(), false, "postgres is still starting");
    }
    boolean idle = view.work().isFree(Lane.SERVER);
    return idle
        ? setback(view)
            .map(why -> answer(view, now, wish.get(), false, "restart failed: " + why))
            .orElse(PASS)
        : PASS;
  }

  private static boolean overdue(Wish.Restart wish, Instant now) {
    Duration since = Duration.between(wish.begunAt().orElse(now), now);
    return wish.plan().timeout().filter(most -> since.compareTo(most) > 0).isPresent();
  }

  private static Optional<String> setback(View view) {
    if (view.server().isRunning()) {
      return view.work().setback(Effect.StopServer.class).map(Setback::reason);
    }
    return view.work()
        .setback(Effect.StartPrimary.class)
        .or(() -> view.work().setback(Effect.StartStandby.class))
        .filter(last -> last.count() >= START_TRIES)
        .map(Setback::reason);
  }

  private static Verdict stop(View view, Instant now) {
    Optional<Wish.Restart> wish = waitingToBegin(view, now);
    if (wish.isEmpty() || view.server().condition() == Condition.UNKNOWN) {
      return PASS;
    }
    if (Resigning.until(view, now).isPresent()) {
      return waiting("for the leader to wait for others than this standby");
    }
    StopMode mode =
        view.server().condition() == Condition.HUNG ? StopMode.IMMEDIATE : StopMode.FAST;
    return when(view, now, "a restart was asked for", new Effect.StopServer(mode, "to restart it"));
  }

  private static Verdict reinitDone(View view, Instant now) {
    return view.wishes()
        .reinitialize()
        .filter(wish -> view.work().succeededSince(Effect.CloneFrom.class, wish.since()))
        .map(wish -> answer(view, now, wish, true, "reinitialized"))
        .orElse(PASS);
  }

  private static Verdict reinitRefused(View view, Instant now) {
    Optional<Wish.Reinitialize> wish = view.wishes().reinitialize();
    if (wish.isEmpty()) {
      return PASS;
    }
    boolean ours = view.leads(now) || view.state().leadership().isHeldBy(view.name());
    if (ours) {
      return answer(view, now, wish.get(), false, "I am the leader, can not reinitialize");
    }
    if (view.otherLeader().isEmpty()) {
      return answer(view, now, wish.get(), false, "Cluster has no leader, can not reinitialize");
    }
    boolean inVain =
        view.server().isRunning()
            && view.work().isFree(Lane.SERVER)
            && view.work().failures(Effect.CloneFrom.class) >= CLONE_TRIES;
    return inVain
        ? answer(
            view,
            now,
            wish.get(),
            false,
            "reinitialize failed: "
                + view.work().setback(Effect.CloneFrom.class).orElseThrow().reason())
        : PASS;
  }

  private static Verdict reinitialize(View view, Instant now) {
    Optional<Wish.Reinitialize> wish = view.wishes().reinitialize();
    if (wish.isEmpty()) {
      return PASS;
    }
    String leader = view.otherLeader().orElseThrow();
    boolean fromLeader = wish.get().fromLeader();
    Effect copy =
        fromLeader
            ? new Effect.CloneFrom(leader, true)
            : new Effect.CloneFrom(Following.donor(view, leader));
    Optional<Effect> other =
        view.work()
            .in(Lane.SERVER)
            .filter(
                effect ->
                    fromLeader ? !effect.equals(copy) : !(effect instanceof Effect.CloneFrom));
    if (!Following.leaderIsRecorded(view)) {
      return waiting("for " + leader + " to serve as primary, to be cloned");
    }
    Verdict listing = Losing.list(view, now);
    if (!(listing instanceof Verdict.Pass) && !wish.get().force()) {
      return listing;
    }
    return other.isPresent() && wish.get().force()
        ? Verdict.act("whatever else is being done gives way to a fresh copy", copy)
        : when(view, now, "a fresh copy was asked for", copy);
  }
}
