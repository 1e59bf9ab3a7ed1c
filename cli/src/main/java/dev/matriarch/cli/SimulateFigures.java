package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Rule;
import dev.matriarch.engine.sim.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/**
 * What came of a simulation, for humans and for programs.
 *
 * @param tally the figures
 * @param took real time
 * @param reproduction the command that shows a seed again
 */
record SimulateFigures(Tally tally, Duration took, LongFunction<String> reproduction) {
  SimulateFigures {
    requireNonNull(tally, "tally");
    requireNonNull(took, "took");
    requireNonNull(reproduction, "reproduction");
  }

  private long rate() {
    return tally.events() * 1000 / Math.max(1, took.toMillis());
  }

  Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("schedules", tally.schedules());
    data.put("events", tally.events());
    data.put("events_per_second", rate());
    data.put("decisions", tally.decisions());
    data.put("promotions", tally.promotions());
    data.put("acknowledged_writes", tally.acknowledged());
    data.put("twin_timelines", tally.twins());
    data.put("left_to_a_human", tally.stranded());
    data.put("faults", named(tally.faults()));
    data.put("rules_fired", named(tally.fired()));
    data.put("rules_never_fired", tally.neverFired().stream().map(Rule::name).toList());
    List<Map<String, Object>> breaches = new ArrayList<>();
    tally
        .breaches()
        .forEach(
            (seed, breach) ->
                breaches.add(
                    Map.of(
                        "seed", seed,
                        "breach", breach.toString(),
                        "command", reproduction.apply(seed))));
    data.put("breaches", breaches);
    return data;
  }

  private static <K extends Enum<K>> Map<String, Object> named(Map<K, Long> counts) {
    Map<String, Object> all = new LinkedHashMap<>();
    counts.forEach((key, times) -> all.put(key.name().toLowerCase(Locale.ROOT), times));
    return all;
  }

  String text() {
    StringBuilder text = new StringBuilder();
    line(text, "schedules", tally.schedules());
    line(text, "events", tally.events());
    line(text, "events per second", rate());
    line(text, "promotions", tally.promotions());
    line(text, "acknowledged writes", tally.acknowledged());
    line(text, "left to a human", tally.stranded());
    text.append("faults: ").append(counts(tally.faults())).append('\n');
    text.append("rules fired: ").append(counts(tally.fired())).append('\n');
    String never = tally.neverFired().stream().map(Rule::name).collect(Collectors.joining(", "));
    text.append("rules never fired: ").append(never.isEmpty() ? "none" : never).append('\n');
    line(text, "breaches", tally.breaches().size());
    tally
        .breaches()
        .forEach(
            (seed, breach) ->
                text.append("  seed ")
                    .append(seed)
                    .append(": ")
                    .append(breach)
                    .append("\n    ")
                    .append(reproduction.apply(seed))
                    .append('\n'));
    return text.toString();
  }

  private static void line(StringBuilder text, String what, long figure) {
    text.append(String.format(Locale.ROOT, "%-20s %,15d%n", what, figure));
  }

  private static <K extends Enum<K>> String counts(Map<K, Long> counts) {
    return counts.entrySet().stream()
        .map(
            entry ->
                String.format(
                    Locale.ROOT,
                    "%s %,d",
                    entry.getKey().name().toLowerCase(Locale.ROOT),
                    entry.getValue()))
        .collect(Collectors.joining(", "));
  }
}
