package dev.matriarch.engine.sim;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Rule;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.SlotKind;
import dev.matriarch.engine.SlotRules;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.Tags;
import dev.matriarch.engine.TwoNodePolicy;
import dev.matriarch.engine.Undoing;
import dev.matriarch.engine.sim.Fault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Draws a cluster and what happens to it. Each draw takes only some kinds of trouble (swarm). */
final class Drawing {
  private static final int MOST_MEMBERS = 7;

  /** So slow that what was written in a few seconds takes longer to replay than a failover. */
  private static final long SLOW_RECOVERY = 10_000;

  /** Without the kernel's guard two writers would be no fault of the rules. */
  private static final Set<Kind> NEED_GUARD =
      EnumSet.of(Kind.AGENT_CRASH, Kind.AGENT_FREEZE, Kind.NODE_FREEZE);

  /** What came later: drawn after all else, so that schedules stay what they were. */
  private static final List<Kind> LATER =
      List.of(
          Kind.LATE_REQUESTS,
          Kind.REPEATED_REQUESTS,
          Kind.CLOCK_JUMP,
          Kind.DATA_LOST,
          Kind.FOREIGN_DATA,
          Kind.SCHEDULED_SWITCHOVER,
          Kind.SCHEDULED_RESTART,
          Kind.CHANGE_SETTING,
          Kind.CHANGE_TAGS,
          Kind.SWAP_SITES);

  private static final List<Kind> OF_STANDBY_CLUSTERS =
      List.of(Kind.CUT_OUTSIDE, Kind.OUTSIDE_DOWN, Kind.SWITCHOVER, Kind.SWAP_SITES);

  private static final Set<Kind> FIRST = EnumSet.range(Kind.AGENT_CRASH, Kind.LEAVE);

  /** What leaves little else to happen. */
  private static final Set<Kind> RARE = EnumSet.of(Kind.TOTAL_OUTAGE, Kind.STORE_MAJORITY_LOST);

  private static final List<Rule> WORTH_AN_AMBUSH =
      List.of(
          Rule.HAND_OVER,
          Rule.RELEASE_TO_CANDIDATE,
          Rule.ADOPT,
          Rule.PREPARE_SYNC,
          Rule.PROMOTE,
          Rule.RESTART,
          Rule.EXPIRE,
          Rule.ACQUIRE,
          Rule.CATCH_UP,
          Rule.CLONE,
          Rule.REJOIN,
          Rule.START_STANDBY,
          Rule.START_LEADERLESS,
          Rule.RECORD_CLUSTER,
          Rule.REVOKE,
          Rule.PROMISE,
          Rule.AWAIT_PROMISES,
          Rule.TAKE_OVER,
          Rule.SYNC_STEP,
          Rule.COPY_SLOTS,
          Rule.RECORD_HISTORY);

  private final RandomGenerator random;
  private final Setup.Limits limits;
  private final Duration trouble;

  Drawing(RandomGenerator random, Setup.Limits limits, Duration trouble) {
    this.random = requireNonNull(random, "random is null");
    this.limits = requireNonNull(limits, "limits is null");
    this.trouble = requireNonNull(trouble, "trouble is null");
  }

  Setup drawn() {
    int drawn = 1 + Math.min(random.nextInt(MOST_MEMBERS), random.nextInt(MOST_MEMBERS + 2));
    int members = limits.members() > 0 ? limits.members() : drawn;
    List<Tags> tags = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      tags.add(i == 0 ? Tags.NONE : tags(i));
    }
    Settings settings = settings().toBuilder().failsafe(random.nextInt(3) > 0).build();
    boolean guarded = random.nextInt(5) > 0;
    Weather weather = Weather.drawn(random);
    List<Fault> faults = faults(members, guarded, settings.ttl());
    faults.addAll(wishes(members));
    faults.addAll(disks(members));
    if (random.nextBoolean()) {
      faults.addAll(some(LATER, members));
    }
    if (random.nextInt(12) == 0) {
      settings = settings.toBuilder().source(Optional.of(Outside.SOURCE)).build();
      faults.addAll(some(OF_STANDBY_CLUSTERS, members));
    }
    if (random.nextInt(12) == 0) {
      settings =
          settings.toBuilder().undoing(new Undoing(false, false, random.nextBoolean())).build();
    }
    if (settings.source().isPresent() && random.nextInt(3) == 0) {
      boolean whole = faults.stream().noneMatch(fault -> fault.kind() == Kind.NODE_LOST);
      faults.addAll(trials(members, members > 1 && whole));
    }
    if (random.nextInt(25) == 0) {
      faults.addAll(junk());
    }
    faults.sort(Comparator.comparing(Fault::at));
    return new Setup(tags, settings, guarded, weather, faults, trouble, random.nextBoolean());
  }

  /** A few, of three kinds at most. */
  private List<Fault> some(List<Kind> among, int members) {
    List<Kind> kinds = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Kind kind = among.get(random.nextInt(among.size()));
      kinds.add(kind == Kind.DATA_LOST && members == 1 ? Kind.CLOCK_JUMP : kind);
    }
    List<Fault> faults = new ArrayList<>();
    int count = random.nextInt(1, 9);
    for (int i = 0; i < count; i++) {
      Kind kind = kinds.get(random.nextInt(kinds.size()));
      faults.add(
          new Fault(
              Duration.ofMillis(random.nextLong(trouble.toMillis())),
              kind,
              random.nextBoolean() && kind.strikesMember() ? Fault.LEADER : random.nextInt(members),
              kind.isChoice() ? random.nextInt(100) : random.nextInt(members),
              Duration.ofMillis(random.nextLong(500, 40_000)),
              ambush()));
    }
    return faults;
  }

  /** A standby cluster leads itself once or twice for a while; a host may be lost around that. */
  private List<Fault> trials(int members, boolean mayLose) {
    List<Fault> faults = new ArrayList<>();
    int count = random.nextInt(1, 3);
    for (int i = 0; i < count; i++) {
      Duration lasts = Duration.ofMillis(random.nextLong(500, 40_000));
      faults.add(new Fault(sometime(), Kind.TRY_OUT, 0, -1, lasts, ambush()));
    }
    if (mayLose && random.nextBoolean()) {
      int who = random.nextBoolean() ? Fault.LEADER : random.nextInt(members);
      faults.add(new Fault(sometime(), Kind.NODE_LOST, who, -1, Duration.ofSeconds(1), ambush()));
    }
    return faults;
  }

  private List<Fault> junk() {
    List<Fault> faults = new ArrayList<>();
    int count = random.nextInt(1, 4);
    for (int i = 0; i < count; i++) {
      int which = random.nextInt(100);
      faults.add(new Fault(sometime(), Kind.JUNK_KEY, 0, which, Duration.ofSeconds(1)));
    }
    return faults;
  }

  private Duration sometime() {
    return Duration.ofMillis(random.nextLong(trouble.toMillis()));
  }

  private Tags tags(int member) {
    return switch (random.nextInt(14)) {
      case 0 -> Tags.NONE.toBuilder().nofailover(true).build();
      case 1 -> Tags.NONE.toBuilder().failoverPriority(0).build();
      case 2 -> Tags.NONE.toBuilder().failoverPriority(5).build();
      case 3 -> Tags.NONE.toBuilder().nosync(true).build();
      case 4 -> Tags.NONE.toBuilder().replicatefrom("m" + (1 + random.nextInt(member))).build();
      default -> Tags.NONE;
    };
  }

  private Settings settings() {
    int rto = Choices.TTLS.get(random.nextInt(Choices.TTLS.size()));
    Duration ttl = Duration.ofSeconds(rto);
    Synchrony.Mode drawn = List.of(Synchrony.Mode.values()).get(random.nextInt(3));
    Synchrony synchrony =
        new Synchrony(
            limits.mode().orElse(drawn),
            random.nextBoolean(),
            1 + random.nextInt(2),
            random.nextInt(4) == 0 ? 1_048_576 : -1);
    return Choices.timed(Settings.DEFAULT.toBuilder(), rto)
        .primaryStartTimeout(random.nextInt(6) == 0 ? Duration.ZERO : ttl.dividedBy(3))
        .primaryStopTimeout(Duration.ofSeconds(30))
        .maximumLagOnFailover(1_048_576)
        .synchrony(synchrony)
        .paused(false)
        .slots(slots(rto % 2 == 1 && synchrony.acknowledgements() == 1))
        .twoNodePolicy(List.of(TwoNodePolicy.values()).get(rto % 3))
        .recoveryRate(rto % 10 == 5 ? SLOW_RECOVERY : Settings.DEFAULT.recoveryRate())
        .build();
  }

  private static SlotRules slots(boolean some) {
    SortedMap<String, SlotKind> permanent = new TreeMap<>();
    if (some) {
      permanent.put("archive", SlotKind.PHYSICAL);
      permanent.put("feed", new SlotKind.Logical("app", "pgoutput"));
    }
    return new SlotRules(true, permanent, List.of(), Duration.ofSeconds(20));
  }

  private Optional<Rule> ambush() {
    return random.nextInt(3) == 0
        ? Optional.of(WORTH_AN_AMBUSH.get(random.nextInt(WORTH_AN_AMBUSH.size())))
        : Optional.empty();
  }

  private List<Kind> kinds(int members, boolean guarded) {
    List<Kind> kinds = new ArrayList<>();
    for (Kind kind : FIRST) {
      // A paused cluster's agent leaves its primary running when it ends.
      boolean needsGuard =
          NEED_GUARD.contains(kind) || (kind == Kind.LEAVE && kinds.contains(Kind.PAUSE));
      boolean possible =
          (guarded || !needsGuard)
              && (members > 1 || kind != Kind.NODE_LOST)
              && (limits.mode().isEmpty() || kind != Kind.CHANGE_SYNC);
      if (random.nextInt(RARE.contains(kind) ? 14 : 6) < 2 && possible) {
        kinds.add(kind);
      }
    }
    return kinds;
  }

  private List<Fault> faults(int members, boolean guarded, Duration ttl) {
    List<Kind> kinds = kinds(members, guarded);
    List<Fault> faults = new ArrayList<>();
    int count = kinds.isEmpty() ? 0 : random.nextInt(random.nextInt(4) == 0 ? 60 : 25);
    long longest = ttl.toMillis() * (random.nextBoolean() ? 1 : 4);
    int lost = 0;
    for (int i = 0; i < count; i++) {
      Kind kind = kinds.get(random.nextInt(kinds.size()));
      boolean aimed = kind.strikesMember() && random.nextInt(3) == 0;
      int member = aimed ? Fault.LEADER : random.nextInt(members);
      Fault fault =
          new Fault(
              Duration.ofMillis(random.nextLong(trouble.toMillis())),
              kind,
              member,
              other(kind, member, members),
              Duration.ofMillis(random.nextLong(50, longest)),
              ambush());
      lost += kind == Kind.NODE_LOST ? 1 : 0;
      if (kind != Kind.NODE_LOST || lost <= Math.max(1, (members - 1) / 2)) {
        faults.add(fault);
      }
    }
    faults.sort(Comparator.comparing(Fault::at));
    return faults;
  }

  private int other(Kind kind, int member, int members) {
    if (kind.needsTwo()) {
      return members == 1 ? -1 : Math.floorMod(member + 1 + random.nextInt(members - 1), members);
    }
    if (kind == Kind.PARTITION) {
      return 1 + random.nextInt((1 << members) - 1);
    }
    if (kind.isChoice()) {
      return random.nextInt(100);
    }
    return random.nextBoolean() ? -1 : random.nextInt(members);
  }

  /** Now and then: they are no faults, and most schedules are to be full of those. */
  private List<Fault> wishes(int members) {
    List<Fault> wishes = new ArrayList<>();
    int count = random.nextInt(3) == 0 ? random.nextInt(1, 8) : 0;
    for (int i = 0; i < count; i++) {
      wishes.add(
          new Fault(
              Duration.ofMillis(random.nextLong(trouble.toMillis())),
              random.nextInt(4) == 0 ? Kind.REINITIALIZE : Kind.RESTART,
              random.nextInt(members),
              random.nextInt(-1, members),
              Duration.ofSeconds(1)));
    }
    return wishes;
  }

  /** Drawn after all else, so that schedules stay what they were. */
  private List<Fault> disks(int members) {
    List<Fault> ills = new ArrayList<>();
    int count = random.nextInt(4) == 0 ? random.nextInt(1, 5) : 0;
    for (int i = 0; i < count; i++) {
      ills.add(
          new Fault(
              Duration.ofMillis(random.nextLong(trouble.toMillis())),
              random.nextInt(3) == 0 ? Kind.DISK_FULL : Kind.DISK_HANG,
              random.nextBoolean() ? Fault.LEADER : random.nextInt(members),
              -1,
              Duration.ofMillis(random.nextLong(500, 60_000))));
    }
    return ills;
  }
}
