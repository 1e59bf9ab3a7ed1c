package dev.matriarch.engine.sim;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Rule;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of one run.
 *
 * @param seed it was drawn from; 0 for a story
 * @param setup the cluster and its faults
 * @param breach what must never happen and did
 * @param twins it ended early: two timelines of one number met, of which one was never recorded
 * @param stranded a host was lost for good, and what is left must not lead without a human
 * @param elapsed virtual time
 * @param events things that happened
 * @param decisions of all members
 * @param promotions that completed
 * @param acknowledged writes that clients were told of
 * @param fired how often each rule decided
 * @param faults that came about, by kind
 * @param hash the same for the same run
 * @param transcript line by line, when it was asked for
 */
public record Report(
    long seed,
    Setup setup,
    Optional<Breach> breach,
    boolean twins,
    boolean stranded,
    Duration elapsed,
    long events,
    long decisions,
    int promotions,
    long acknowledged,
    Map<Rule, Long> fired,
    Map<Fault.Kind, Integer> faults,
    long hash,
    List<String> transcript) {
  public Report {
    requireNonNull(setup, "setup is null");
    requireNonNull(breach, "breach is null");
    requireNonNull(elapsed, "elapsed is null");
    fired = Collections.unmodifiableMap(new EnumMap<>(fired));
    faults = Collections.unmodifiableMap(new EnumMap<>(faults));
    transcript = List.copyOf(transcript);
  }

  public boolean isGood() {
    return breach.isEmpty();
  }
}
