package dev.matriarch.engine.sim;

import dev.matriarch.engine.Rule;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.Tags;
import dev.matriarch.engine.sim.Fault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Clusters in strict quorum mode whose leaders are lost, or cut from etcd, from voters, or from
 * both, again and again, with more trouble at every step of a revocation.
 */
public final class RevocationSwarm {
  private static final Duration TROUBLE = Duration.ofMinutes(2);
  private static final List<Rule> STEPS =
      List.of(
          Rule.SOUND_OUT,
          Rule.REVOKE,
          Rule.PROMISE,
          Rule.AWAIT_PROMISES,
          Rule.TAKE_OVER,
          Rule.WITHDRAW,
          Rule.REVOKED_IN_ERROR,
          Rule.PREPARE_SYNC,
          Rule.PROMOTE,
          Rule.SYNC_STEP);
  private static final List<Kind> CUTS =
      List.of(
          Kind.NODE_CRASH,
          Kind.ISOLATE,
          Kind.CUT_STORE,
          Kind.CUT_STORE_ANSWERS,
          Kind.CUT_STORE_REQUESTS,
          Kind.CUT_PEERS,
          Kind.CUT_ONE_WAY,
          Kind.AGENT_CRASH,
          Kind.SERVER_KILL,
          Kind.STORE_LEADER_LOST);

  private RevocationSwarm() {}

  static Setup drawn(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Setup any = Setup.drawn(random, Setup.Limits.NONE, TROUBLE);
    int members = 3 + random.nextInt(3);
    List<Tags> tags = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      boolean limited = i > 2 && random.nextInt(3) == 0;
      tags.add(limited ? Tags.NONE.toBuilder().nofailover(true).build() : Tags.NONE);
    }
    Synchrony strict = new Synchrony(Synchrony.Mode.QUORUM, true, 1 + random.nextInt(2), -1);
    Settings settings =
        any.settings().toBuilder()
            .synchrony(strict)
            .primaryStartTimeout(Duration.ofSeconds(60))
            .build();
    Weather weather = random.nextInt(3) == 0 ? any.weather() : Weather.FAIR;
    return new Setup(tags, settings, true, weather, faults(random, members), TROUBLE);
  }

  private static List<Fault> faults(SplittableRandom random, int members) {
    List<Fault> faults = new ArrayList<>();
    int count = 4 + random.nextInt(20);
    for (int i = 0; i < count; i++) {
      Duration at = Duration.ofMillis(10_000 + random.nextLong(TROUBLE.toMillis() - 10_000));
      Kind kind = CUTS.get(random.nextInt(CUTS.size()));
      int member = random.nextInt(members);
      int other = (member + 1 + random.nextInt(members - 1)) % members;
      Duration lasts = Duration.ofMillis(random.nextLong(200, 25_000));
      Optional<Rule> ambush =
          random.nextInt(3) == 0
              ? Optional.of(STEPS.get(random.nextInt(STEPS.size())))
              : Optional.empty();
      if (random.nextInt(4) == 0) {
        // Dead to etcd and to one voter, alive to the rest.
        faults.add(new Fault(at, Kind.CUT_STORE, member, -1, lasts));
        faults.add(new Fault(at, Kind.CUT_PEERS, member, other, lasts));
        continue;
      }
      faults.add(new Fault(at, kind, member, other, lasts, ambush));
      if (random.nextInt(4) == 0) {
        // At the same time from somebody else.
        Kind second = CUTS.get(random.nextInt(CUTS.size()));
        faults.add(new Fault(at, second, other, member, lasts, Optional.empty()));
      }
    }
    faults.sort(Comparator.comparing(Fault::at));
    return faults;
  }

  /** Runs the cluster of this seed. */
  public static Report run(long seed, Simulation.Options options) {
    return Simulation.run(seed, drawn(seed), options.lasting(TROUBLE));
  }
}
