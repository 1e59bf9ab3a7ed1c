package dev.matriarch.engine;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which replication slots a server should have, and how far they should be (drop-in contract,
 * section 11).
 *
 * <p>The leader has one for each other member, for members that are gone a while, and the permanent
 * ones. Whoever could lead next has the same, so that nobody's WAL is missing after a failover: the
 * idle ones follow the positions that the leader notes in {@code status}. One that may not lead has
 * only the slots of those who stream from it.
 */
final class SlotPlan {
  /** What is wanted of one slot. */
  private record Wanted(SlotKind kind, boolean used, Lsn floor) {}

  private final View view;
  private final Instant now;
  private final boolean leading;
  private final SlotRules rules;
  private final String own;
  private final SortedMap<String, Wanted> wanted = new TreeMap<>();

  private SlotPlan(View view, Instant now, boolean leading) {
    this.view = view;
    this.now = now;
    this.leading = leading;
    this.rules = view.settings().slots();
    this.own = SlotNames.of(view.name());
    wantMembers();
    if (leading || view.self().tags().mayLead()) {
      wantVanished();
      wantPermanent();
    }
    wanted.remove(own);
  }

  static SlotPlan ofLeader(View view, Instant now) {
    return new SlotPlan(view, now, true);
  }

  static SlotPlan ofStandby(View view, Instant now) {
    return new SlotPlan(view, now, false);
  }

  private void wantMembers() {
    for (Member member : view.state().members().values()) {
      if (member.name().equals(view.name()) || member.tags().nostream()) {
        continue;
      }
      boolean fromHere = view.name().equals(upstream(member));
      if (fromHere || leading || view.self().tags().mayLead()) {
        String slot = SlotNames.of(member.name());
        // The leader does not see how far one is that streams from another.
        Lsn seen = isCascading(member) ? member.position() : Lsn.ZERO;
        Lsn floor = leading ? seen : seen.orLater(noted(slot));
        wanted.put(slot, new Wanted(SlotKind.PHYSICAL, fromHere, floor));
      }
    }
  }

  private void wantVanished() {
    for (String slot : leading ? vanished() : view.state().status().retainedSlots()) {
      wanted.putIfAbsent(slot, new Wanted(SlotKind.PHYSICAL, false, noted(slot)));
    }
  }

  private SortedSet<String> vanished() {
    SortedSet<String> kept = new TreeSet<>();
    view.vanishedSlots()
        .since()
        .forEach(
            (slot, since) -> {
              if (now.isBefore(since.plus(rules.memberTtl()))) {
                kept.add(slot);
              }
            });
    return kept;
  }

  /** A member's slot wins over a permanent one of the same name. */
  private void wantPermanent() {
    rules
        .permanent()
        .forEach(
            (slot, kind) -> {
              boolean physical = kind instanceof SlotKind.Physical;
              // Nobody in a standby cluster could decode: such slots are dropped there.
              boolean decodes = !Standing.isStandbyCluster(view) && (leading || streamsToLeader());
              boolean here = physical || decodes;
              if (here) {
                wanted.putIfAbsent(slot, new Wanted(kind, leading, noted(slot)));
              }
            });
  }

  /** Without a stream all the way the leader does not hear what must not be removed. */
  private boolean streamsToLeader() {
    Optional<Member> at = view.state().member(view.name());
    boolean streams = !view.self().tags().nostream();
    for (int hops = 0; streams && at.isPresent() && hops < view.state().members().size(); hops++) {
      streams = !at.get().tags().nostream();
      at = view.state().leadership().isHeldBy(at.get().name()) ? Optional.empty() : next(at.get());
    }
    return streams;
  }

  private Optional<Member> next(Member member) {
    return view.state().member(upstream(member));
  }

  private Lsn noted(String slot) {
    return view.state().status().slots().getOrDefault(slot, Lsn.ZERO);
  }

  private boolean isCascading(Member member) {
    return !view.state().leadership().isHeldBy(upstream(member));
  }

  /** Whom a member streams from: whom it names, if there is such a member, else the leader. */
  private String upstream(Member member) {
    String named = member.tags().replicatefrom();
    if (!named.equals(member.name()) && view.state().member(named).isPresent()) {
      return named;
    }
    return view.state().leadership() instanceof Leadership.Held held ? held.name() : "";
  }

  /** What is to be done to make it so; logical slots of a standby are {@link #toCopy}'s. */
  SlotWork work() {
    SortedSet<String> drop = new TreeSet<>();
    SortedMap<String, SlotKind> create = new TreeMap<>();
    SortedMap<String, Lsn> advance = new TreeMap<>();
    SortedSet<String> prove = new TreeSet<>();
    SortedMap<String, ReplicationSlot> there = view.server().slots();
    there.forEach(
        (name, slot) -> {
          Wanted wish = wanted.get(name);
          if (mustGo(name, slot, wish)) {
            drop.add(name);
          } else if (wish != null && !slot.active()) {
            target(slot, wish).ifPresent(to -> advance.put(name, to));
          }
          if (!leading && slot.unproven()) {
            prove.add(name);
          }
        });
    wanted.forEach(
        (name, wish) -> {
          boolean makeable = leading || wish.kind() instanceof SlotKind.Physical;
          if (makeable && (!there.containsKey(name) || drop.contains(name))) {
            create.put(name, wish.kind());
          }
        });
    prove.removeAll(drop);
    return new SlotWork(drop, create, advance, prove);
  }

  private boolean mustGo(String name, ReplicationSlot slot, Wanted wish) {
    if (slot.active() || view.settings().paused()) {
      return false;
    }
    if (wish == null || !wish.kind().equals(slot.kind())) {
      return !rules.ignores(name, slot.kind());
    }
    // One that nobody uses here must not hold back the removal of rows for ever, and one that
    // has lost its WAL is of no use.
    boolean physical = !slot.isLogical();
    return physical && ((!wish.used() && slot.holdsXmin()) || !slot.position().isKnown());
  }

  private Optional<Lsn> target(ReplicationSlot slot, Wanted wish) {
    Lsn end = leading ? view.server().written() : view.server().replayed();
    Lsn to = wish.floor().isBeyond(end) ? end : wish.floor();
    boolean follows = !leading || (!wish.used() && !slot.isLogical());
    return follows && to.isBeyond(slot.position()) ? Optional.of(to) : Optional.empty();
  }

  /** Permanent logical slots that the leader has and this standby lacks. */
  SortedSet<String> toCopy() {
    SortedSet<String> missing = new TreeSet<>();
    wanted.forEach(
        (name, wish) -> {
          boolean logical = wish.kind() instanceof SlotKind.Logical;
          if (logical && noted(name).isKnown() && !view.server().slots().containsKey(name)) {
            missing.add(name);
          }
        });
    return leading ? Collections.emptySortedSet() : missing;
  }

  /** What the leader notes for the others. */
  StatusRecord status() {
    SortedMap<String, Lsn> positions = new TreeMap<>();
    wanted.forEach(
        (name, wish) -> {
          ReplicationSlot slot = view.server().slots().get(name);
          if (slot != null && slot.position().isKnown()) {
            positions.put(name, slot.position());
          }
        });
    positions.put(own, view.server().written());
    return new StatusRecord(view.server().written(), positions, retained());
  }

  private List<String> retained() {
    SortedSet<String> names = vanished();
    for (Member member : view.state().members().values()) {
      if (!member.tags().nostream()) {
        names.add(SlotNames.of(member.name()));
      }
    }
    names.remove(own);
    names.removeAll(rules.permanent().keySet());
    return List.copyOf(names);
  }
}
