package dev.matriarch.engine.sim;

import dev.matriarch.engine.Tags;
import dev.matriarch.engine.sim.Simulation.Options;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a failing run small: the same breach from fewer faults, which last less and lie in wait for
 * nothing, in a plainer cluster and fairer weather, told as a short story.
 */
public final class Shrinking {
  private static final int MOST_TRIES = 3_000;

  private final long seed;
  private final Options quick;
  private final String what;
  private Setup setup;
  private int tries;

  private Shrinking(long seed, Setup failing, Options options, String what) {
    this.seed = seed;
    this.setup = failing;
    this.quick = options.unrecorded();
    this.what = what;
  }

  /** The smallest setup found that breaks the same thing, run with a transcript. */
  public static Report shrunk(long seed, Options options) {
    return shrunk(seed, Simulation.drawn(seed, options), options);
  }

  static Report shrunk(long seed, Setup setup, Options options) {
    Optional<Breach> breach = Simulation.run(seed, setup, options.unrecorded()).breach();
    if (breach.isEmpty()) {
      return Simulation.run(seed, setup, options.recorded());
    }
    Shrinking shrinking = new Shrinking(seed, setup, options, breach.get().what());
    shrinking.shrink();
    return Simulation.run(seed, shrinking.setup, options.recorded());
  }

  private void shrink() {
    boolean smaller = true;
    while (smaller && tries < MOST_TRIES) {
      smaller = fewerFaults();
      smaller |= fewerMembers();
      smaller |= plainerTags();
      smaller |= fairerWeather();
      smaller |= setup.poolers() && take(setup.withoutPoolers());
      smaller |= plainerFaults();
      smaller |= endsSooner();
    }
  }

  private boolean take(Setup smaller) {
    tries++;
    boolean same =
        Simulation.run(seed, smaller, quick)
            .breach()
            .filter(breach -> breach.what().equals(what))
            .isPresent();
    if (same) {
      setup = smaller;
    }
    return same;
  }

  /** Leaves out half of what is left, then a quarter, down to single faults. */
  private boolean fewerFaults() {
    int before = setup.faults().size();
    for (int size = Math.max(1, before / 2); size >= 1; size /= 2) {
      int from = 0;
      while (from < setup.faults().size()) {
        List<Fault> left = new ArrayList<>(setup.faults());
        left.subList(from, Math.min(from + size, left.size())).clear();
        if (!take(setup.with(left))) {
          from += size;
        }
      }
    }
    return setup.faults().size() < before;
  }

  private boolean fewerMembers() {
    int fewer = setup.members() - 1;
    boolean named =
        setup.faults().stream().anyMatch(fault -> fault.member() >= fewer || names(fault, fewer));
    boolean followed =
        setup.tags().stream().anyMatch(tags -> tags.replicatefrom().equals("m" + (fewer + 1)));
    if (fewer < 1 || named || followed) {
      return false;
    }
    return take(
        new Setup(
            setup.tags().subList(0, fewer),
            setup.settings(),
            setup.guarded(),
            setup.weather(),
            setup.faults(),
            setup.trouble(),
            setup.poolers()));
  }

  private static boolean names(Fault fault, int member) {
    return fault.kind() == Fault.Kind.PARTITION
        ? Network.isIn(fault.other(), member)
        : (fault.kind().needsTwo() || fault.kind().namesCandidate()) && fault.other() >= member;
  }

  private boolean plainerTags() {
    boolean any = false;
    for (int i = 0; i < setup.members(); i++) {
      if (!setup.tags().get(i).equals(Tags.NONE)) {
        List<Tags> plainer = new ArrayList<>(setup.tags());
        plainer.set(i, Tags.NONE);
        any |=
            take(
                new Setup(
                    plainer,
                    setup.settings(),
                    setup.guarded(),
                    setup.weather(),
                    setup.faults(),
                    setup.trouble(),
                    setup.poolers()));
      }
    }
    return any;
  }

  private boolean fairerWeather() {
    boolean any = false;
    for (Weather fairer : setup.weather().fairer()) {
      any |= !fairer.equals(setup.weather()) && take(in(fairer));
    }
    return any;
  }

  private Setup in(Weather weather) {
    return new Setup(
        setup.tags(),
        setup.settings(),
        setup.guarded(),
        weather,
        setup.faults(),
        setup.trouble(),
        setup.poolers());
  }

  private boolean plainerFaults() {
    boolean any = false;
    for (int i = 0; i < setup.faults().size(); i++) {
      Fault fault = setup.faults().get(i);
      if (fault.ambush().isPresent()) {
        any |= replace(i, without(fault, fault.lasts()));
      }
      Duration half = Duration.ofMillis(fault.lasts().toMillis() / 2);
      if (half.toMillis() >= 500) {
        Fault now = setup.faults().get(i);
        any |=
            replace(
                i, new Fault(now.at(), now.kind(), now.member(), now.other(), half, now.ambush()));
      }
    }
    return any;
  }

  private static Fault without(Fault fault, Duration lasts) {
    return new Fault(fault.at(), fault.kind(), fault.member(), fault.other(), lasts);
  }

  private boolean replace(int index, Fault fault) {
    List<Fault> faults = new ArrayList<>(setup.faults());
    faults.set(index, fault);
    return take(setup.with(faults));
  }

  /** The time of trouble ends soon after what matters. */
  private boolean endsSooner() {
    Duration shorter = setup.trouble().multipliedBy(2).dividedBy(3);
    boolean afterAll = setup.faults().stream().allMatch(fault -> fault.at().compareTo(shorter) < 0);
    return shorter.toSeconds() >= 5
        && afterAll
        && take(
            new Setup(
                setup.tags(),
                setup.settings(),
                setup.guarded(),
                setup.weather(),
                setup.faults(),
                shorter,
                setup.poolers()));
  }
}
