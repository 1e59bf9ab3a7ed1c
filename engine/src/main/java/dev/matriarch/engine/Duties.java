package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.act;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rules 700 and 800: what is kept true beside a member's course. They never wait. */
final class Duties {
  static final List<Clause> CLAUSES =
      List.of(
          new Clause(Rule.RECORD_HISTORY, Duties::recordHistory),
          new Clause(Rule.SYNC_STEP, Duties::synchrony),
          new Clause(Rule.CHECKPOINT_PROMOTED, Duties::checkpoint),
          new Clause(Rule.ANSWER_FAILSAFE, Surviving::answer),
          new Clause(Rule.ASK_FAILSAFE, Surviving::ask),
          new Clause(Rule.RECORD_FAILSAFE, Surviving::record),
          new Clause(Rule.PUBLISH, Duties::publish),
          new Clause(Rule.RECORD_STATUS, Duties::recordStatus),
          new Clause(Rule.KEEP_SLOTS, SlotDuties::keep),
          new Clause(Rule.ROUTE, Duties::route),
          new Clause(Rule.POOL, Pooling::tend),
          new Clause(Rule.COPY_SLOTS, SlotDuties::copy),
          new Clause(Rule.PROVE_COMMIT, Durability::proveCommit),
          new Clause(Rule.KEEP_RESERVE, Durability::keepReserve),
          new Clause(Rule.MEND_KEYS, Mending::mend));

  private Duties() {}

  static Verdict ifFree(View view, Instant now, String reason, Effect effect) {
    return view.work().isFree(effect.lane()) && !view.work().isResting(effect.getClass(), now)
        ? act(reason, effect)
        : PASS;
  }

  static boolean isLeadingPrimary(View view, Instant now) {
    return view.leads(now)
        && view.server().isRunningPrimary()
        && view.state().initialization() instanceof Initialization.Done;
  }

  private static Verdict synchrony(View view, Instant now) {
    // One step at a time: the next is computed from what the last one was seen to bring about.
    boolean busy = !view.work().isFree(Lane.SETTINGS) || !view.work().isFree(Lane.NOTES);
    if (busy || !isLeadingPrimary(view, now) || !view.store().isCurrent()) {
      return PASS;
    }
    return SyncPlan.next(view)
        .map(effect -> ifFree(view, now, "the standbys have changed", effect))
        .orElse(PASS);
  }

  /** Clients that wait come first: its writes would compete with the key that sends them there. */
  private static Verdict checkpoint(View view, Instant now) {
    boolean published = view.state().member(view.name()).filter(Member::isPrimary).isPresent();
    return isLeadingPrimary(view, now) && view.server().unsettled() && published
        ? ifFree(view, now, "nobody can be rewound to it yet", new Effect.Checkpoint())
        : PASS;
  }

  private static Verdict publish(View view, Instant now) {
    if (view.server().condition() == Server.Condition.UNKNOWN || !view.store().isCurrent()) {
      return PASS;
    }
    Member mine = SelfPortrait.of(view, now);
    Optional<Member> stored = view.state().member(view.name());
    boolean sameButPositions =
        stored.filter(m -> m.withoutPositions().equals(mine.withoutPositions())).isPresent();
    boolean mayWait =
        sameButPositions
            || stored.filter(before -> Pooling.mayWait(view, before, mine, now)).isPresent();
    if (stored.filter(mine::equals).isPresent()
        || (mayWait && wroteLately(view, Effect.PublishMember.class, now))) {
      return PASS;
    }
    return ifFree(view, now, "its key is out of date", new Effect.PublishMember(mine));
  }

  static boolean wroteLately(View view, Class<? extends Effect> kind, Instant now) {
    return view.work().succeededSince(kind, now.minus(view.settings().loopWait()));
  }

  private static Verdict recordStatus(View view, Instant now) {
    if (!(isLeadingPrimary(view, now) || Standing.leads(view, now))) {
      return PASS;
    }
    StatusRecord before = view.state().status();
    StatusRecord slots =
        view.settings().slots().used() ? SlotPlan.ofLeader(view, now).status() : before;
    boolean onRecord = view.server().timeline() <= view.state().newestRecorded();
    StatusRecord next =
        slots
            .at(view.server().written())
            .ledInPauseBy(view.settings().paused() ? view.name() : "")
            .by(onRecord ? view.name() : before.leader())
            .givingUp(Standing.givenUp(view, now))
            .following(Standing.followed(view, now));
    boolean onlyMoved =
        before.pausedLeader().equals(next.pausedLeader())
            && before.leader().equals(next.leader())
            && before.givenUp() == next.givenUp()
            && before.followed() == next.followed();
    return next.equals(before) || (onlyMoved && wroteLately(view, Effect.WriteStatus.class, now))
        ? PASS
        : ifFree(view, now, "the WAL has grown or slots have moved", new Effect.WriteStatus(next));
  }

  private static Verdict recordHistory(View view, Instant now) {
    int timeline = view.server().timeline();
    boolean recorded =
        timeline <= 1
            || (!view.state().history().isEmpty()
                && view.state().history().getLast().timeline() >= timeline - 1);
    boolean unseen = view.work().succeededSince(Effect.WriteHistory.class, now.minusMillis(500));
    return recorded || unseen || !isLeadingPrimary(view, now)
        ? PASS
        : ifFree(view, now, "a timeline began", new Effect.WriteHistory(timeline));
  }

  private static Verdict route(View view, Instant now) {
    Routing wanted = SelfPortrait.routing(view, now);
    return !view.store().known() || wanted.equals(view.routed())
        ? PASS
        : ifFree(view, now, "the cluster's shape has changed", new Effect.Route(wanted));
  }
}
