package dev.matriarch.engine.sim;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Rule;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The figures of many runs. Two of them add up to one, so each thread keeps its own.
 *
 * @param schedules how many ran
 * @param events things that happened in them
 * @param decisions of all members
 * @param promotions that completed
 * @param acknowledged writes that clients were told of
 * @param twins ended early: two timelines of one number met, of which one was never recorded
 * @param stranded ended where a host was lost for good and only a human may decide who leads
 * @param faults that came about, by kind
 * @param fired how often each rule decided
 * @param breaches what must never happen and did, by seed
 */
public record Tally(
    long schedules,
    long events,
    long decisions,
    long promotions,
    long acknowledged,
    long twins,
    long stranded,
    Map<Fault.Kind, Long> faults,
    Map<Rule, Long> fired,
    SortedMap<Long, Breach> breaches) {
  public static final Tally NOTHING =
      new Tally(0, 0, 0, 0, 0, 0, 0, Map.of(), Map.of(), Collections.emptySortedMap());

  public Tally {
    faults = frozen(faults, Fault.Kind.class);
    fired = frozen(fired, Rule.class);
    requireNonNull(breaches, "breaches is null");
    breaches = Collections.unmodifiableSortedMap(new TreeMap<>(breaches));
  }

  private static <K extends Enum<K>> Map<K, Long> frozen(Map<K, Long> map, Class<K> type) {
    EnumMap<K, Long> copy = new EnumMap<>(type);
    copy.putAll(map);
    return Collections.unmodifiableMap(copy);
  }

  /** One run more. */
  public Tally with(Report report) {
    Map<Fault.Kind, Long> met = new EnumMap<>(Fault.Kind.class);
    report.faults().forEach((kind, times) -> met.put(kind, (long) times));
    SortedMap<Long, Breach> broken = new TreeMap<>();
    report.breach().ifPresent(breach -> broken.put(report.seed(), breach));
    return plus(
        new Tally(
            1,
            report.events(),
            report.decisions(),
            report.promotions(),
            report.acknowledged(),
            report.twins() ? 1 : 0,
            report.stranded() ? 1 : 0,
            met,
            report.fired(),
            broken));
  }

  /** Both together. */
  public Tally plus(Tally other) {
    SortedMap<Long, Breach> all = new TreeMap<>(breaches);
    all.putAll(other.breaches);
    return new Tally(
        schedules + other.schedules,
        events + other.events,
        decisions + other.decisions,
        promotions + other.promotions,
        acknowledged + other.acknowledged,
        twins + other.twins,
        stranded + other.stranded,
        sum(faults, other.faults),
        sum(fired, other.fired),
        all);
  }

  private static <K> Map<K, Long> sum(Map<K, Long> some, Map<K, Long> others) {
    Map<K, Long> all = new TreeMap<>(some);
    others.forEach((key, times) -> all.merge(key, times, Long::sum));
    return all;
  }

  /** The rules that no run needed. */
  public Set<Rule> neverFired() {
    Set<Rule> never = EnumSet.allOf(Rule.class);
    never.removeAll(fired.keySet());
    return never;
  }
}
