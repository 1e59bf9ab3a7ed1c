package dev.matriarch.engine.sim;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Rule;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.SlotKind;
import dev.matriarch.engine.SlotRules;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.Tags;
import dev.matriarch.engine.sim.Fault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * One cluster and what happens to it.
 *
 * @param tags of each member, and so how many there are
 * @param settings the dynamic configuration
 * @param guarded a primary's clients are cut off by the kernel when its lease is not renewed
 * @param weather how fast and reliable everything is
 * @param faults what goes wrong, in order of time
 * @param trouble how long things may go wrong before all is healed
 */
public record Setup(
    List<Tags> tags,
    Settings settings,
    boolean guarded,
    Weather weather,
    List<Fault> faults,
    Duration trouble) {
  private static final int MOST_MEMBERS = 7;
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

  public Setup {
    tags = List.copyOf(tags);
    requireNonNull(settings, "settings is null");
    requireNonNull(weather, "weather is null");
    faults = List.copyOf(faults);
    requireNonNull(trouble, "trouble is null");
  }

  public int members() {
    return tags.size();
  }

  /** Draws a cluster, its weather and its faults. */
  public static Setup drawn(RandomGenerator random, Duration trouble) {
    int members = 1 + Math.min(random.nextInt(MOST_MEMBERS), random.nextInt(MOST_MEMBERS + 2));
    List<Tags> tags = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      tags.add(i == 0 ? Tags.NONE : drawnTags(random));
    }
    Settings settings = drawnSettings(random);
    boolean guarded = random.nextInt(5) > 0;
    Weather weather = Weather.drawn(random);
    List<Fault> faults = drawnFaults(random, members, guarded, settings.ttl(), trouble);
    Settings drawn = settings.toBuilder().failsafe(random.nextInt(3) > 0).build();
    return new Setup(tags, drawn, guarded, weather, faults, trouble);
  }

  /** The same without some of its faults, by their places in the list. */
  Setup without(Set<Integer> dropped) {
    List<Fault> left = new ArrayList<>();
    for (int i = 0; i < faults.size(); i++) {
      if (!dropped.contains(i)) {
        left.add(faults.get(i));
      }
    }
    return new Setup(tags, settings, guarded, weather, left, trouble);
  }

  private static Tags drawnTags(RandomGenerator random) {
    return switch (random.nextInt(12)) {
      case 0 -> Tags.NONE.toBuilder().nofailover(true).build();
      case 1 -> Tags.NONE.toBuilder().failoverPriority(0).build();
      case 2 -> Tags.NONE.toBuilder().failoverPriority(5).build();
      case 3 -> Tags.NONE.toBuilder().nosync(true).build();
      default -> Tags.NONE;
    };
  }

  private static Settings drawnSettings(RandomGenerator random) {
    int rto = List.of(3, 5, 10, 15, 30, 60).get(random.nextInt(6));
    Duration ttl = Duration.ofSeconds(rto);
    Duration third = ttl.dividedBy(rto < 10 ? 6 : 3);
    Synchrony.Mode mode = List.of(Synchrony.Mode.values()).get(random.nextInt(3));
    Synchrony synchrony =
        new Synchrony(
            mode,
            random.nextBoolean(),
            1 + random.nextInt(2),
            random.nextInt(4) == 0 ? 1_048_576 : -1);
    return Settings.DEFAULT.toBuilder()
        .ttl(ttl)
        .loopWait(third)
        .retryTimeout(third)
        .primaryStartTimeout(random.nextInt(6) == 0 ? Duration.ZERO : ttl.dividedBy(3))
        .primaryStopTimeout(Duration.ofSeconds(30))
        .maximumLagOnFailover(1_048_576)
        .synchrony(synchrony)
        .paused(false)
        .slots(slots(rto % 2 == 1 && synchrony.acknowledgements() == 1))
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

  private static Optional<Rule> ambush(RandomGenerator random) {
    return random.nextInt(3) == 0
        ? Optional.of(WORTH_AN_AMBUSH.get(random.nextInt(WORTH_AN_AMBUSH.size())))
        : Optional.empty();
  }

  private static List<Fault> drawnFaults(
      RandomGenerator random, int members, boolean guarded, Duration ttl, Duration trouble) {
    List<Kind> kinds = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      // A paused cluster's agent leaves its primary running when it ends.
      boolean needsGuard =
          kind == Kind.AGENT_CRASH
              || kind == Kind.AGENT_FREEZE
              || (kind == Kind.LEAVE && kinds.contains(Kind.PAUSE));
      if (random.nextInt(5) < 2 && (guarded || !needsGuard)) {
        kinds.add(kind);
      }
    }
    List<Fault> faults = new ArrayList<>();
    int count = kinds.isEmpty() ? 0 : random.nextInt(random.nextInt(4) == 0 ? 60 : 25);
    long longest = ttl.toMillis() * (random.nextBoolean() ? 1 : 4);
    for (int i = 0; i < count; i++) {
      Kind kind = kinds.get(random.nextInt(kinds.size()));
      int member = random.nextInt(members);
      int other = random.nextInt(members);
      boolean asks = kind == Kind.SWITCHOVER || kind == Kind.FAILOVER;
      if ((asks && random.nextBoolean()) || (other == member && !asks)) {
        other = -1;
      }
      faults.add(
          new Fault(
              Duration.ofMillis(random.nextLong(trouble.toMillis())),
              kind,
              member,
              other,
              Duration.ofMillis(random.nextLong(50, longest)),
              ambush(random)));
    }
    faults.sort(Comparator.comparing(Fault::at));
    return faults;
  }
}
