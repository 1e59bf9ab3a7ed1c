package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;

import java.time.Instant;
import java.util.SortedSet;

/** Rules 803 and 810: replication slots. */
final class SlotDuties {
  private SlotDuties() {}

  static Verdict keep(View view, Instant now) {
    boolean leads = Duties.isLeadingPrimary(view, now) || Standing.leads(view, now);
    // A server that is being stopped and started has no ear for slots.
    boolean calm = view.settings().slots().used() && view.work().isFree(Lane.SERVER);
    if (!calm || !(leads || follows(view))) {
      return PASS;
    }
    SlotPlan plan = leads ? SlotPlan.ofLeader(view, now) : SlotPlan.ofStandby(view, now);
    SlotWork work = plan.work();
    boolean putOff = !work.changesSlots() && Duties.wroteLately(view, Effect.KeepSlots.class, now);
    return work.isEmpty() || putOff
        ? PASS
        : Duties.ifFree(
            view,
            now,
            work.changesSlots() ? "its slots are not those of its place" : "its slots are behind",
            new Effect.KeepSlots(work, view.otherLeader().orElse("")));
  }

  /** A settled standby of a settled leader: what is seen of slots and members can be acted on. */
  private static boolean follows(View view) {
    return view.store().isCurrent()
        && view.otherLeader().isPresent()
        && view.state().initialization() instanceof Initialization.Done
        && view.server().isRunningStandby();
  }

  static Verdict copy(View view, Instant now) {
    boolean settled =
        view.settings().slots().used()
            && follows(view)
            && view.server().streaming()
            && !view.settings().paused()
            && view.state().leader().filter(Member::isPrimary).isPresent();
    if (!settled) {
      return PASS;
    }
    SortedSet<String> missing = SlotPlan.ofStandby(view, now).toCopy();
    return missing.isEmpty()
        ? PASS
        : Duties.ifFree(
            view,
            now,
            "logical slots are missing",
            new Effect.CopySlots(
                view.otherLeader().orElseThrow(), view.server().upstream(), missing));
  }
}
