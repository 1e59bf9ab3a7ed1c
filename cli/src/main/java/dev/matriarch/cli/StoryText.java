package dev.matriarch.cli;

import dev.matriarch.chronicle.Entry;
import dev.matriarch.chronicle.Knowledge;
import dev.matriarch.chronicle.LeadMove;
import dev.matriarch.chronicle.Step;
import dev.matriarch.chronicle.Story;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A story for humans, and the same as data. */
final class StoryText {
  private final Story story;
  private final DateTimeFormatter clock;
  private final boolean everything;
  private final Map<String, Map<String, String>> lastKnown = new HashMap<>();

  /**
   * @param everything also what is done all the time
   */
  StoryText(Story story, ZoneId zone, boolean everything) {
    this.story = story;
    this.clock = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(zone);
    this.everything = everything;
  }

  String text() {
    StringBuilder text = new StringBuilder();
    story.moves().forEach(move -> move(text, move));
    told().forEach(told -> told(text, told));
    return text.toString();
  }

  private List<Entry> shown() {
    return story.entries().stream().filter(it -> everything || !isRoutine(it)).toList();
  }

  /** A member keeping its key and proving its disk, the leader noting its position, slots kept. */
  private static boolean isRoutine(Entry entry) {
    return (entry.number() >= 801 && entry.number() <= 803) || entry.number() == 821;
  }

  private void move(StringBuilder text, LeadMove move) {
    text.append(title(move)).append('\n');
    for (Step step : move.steps()) {
      text.append(
          "  %s  +%.3f s  %s (%s)%n"
              .formatted(
                  clock.format(step.at()),
                  seconds(Duration.between(move.begin(), step.at())),
                  step.what(),
                  step.member()));
    }
    text.append('\n');
  }

  private static String title(LeadMove move) {
    return "%s%s to %s: writes taken again after %.3f s"
        .formatted(
            move.asked() ? "Move asked for" : "Failover",
            move.from().isEmpty() ? "" : " from " + move.from(),
            move.to(),
            seconds(move.duration()));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  private List<Folding.Told> told() {
    return everything
        ? shown().stream().map(it -> new Folding.Told(it, 0, it.at())).toList()
        : Folding.of(shown());
  }

  private void told(StringBuilder text, Folding.Told told) {
    entry(text, told.entry());
    if (told.again() > 0) {
      text.append(
          "    (the same %d times more, until %s)%n"
              .formatted(told.again(), clock.format(told.until())));
    }
  }

  private void entry(StringBuilder text, Entry entry) {
    String member = entry.source().member();
    text.append(
        "%s %s  %d %s: %s%n"
            .formatted(
                clock.format(entry.at()), member, entry.number(), entry.rule(), entry.reason()));
    if (entry.dropped() > 0) {
      text.append("    (%d decisions before were not recorded)%n".formatted(entry.dropped()));
    }
    if (!entry.eventKind().equals("Tick")) {
      text.append("    on: ").append(Knowledge.event(entry)).append('\n');
    }
    news(entry).forEach((topic, fact) -> text.append("    knew: %s %s%n".formatted(topic, fact)));
    Knowledge.orders(entry).forEach(it -> text.append("    did: ").append(it).append('\n'));
    Knowledge.patience(entry)
        .ifPresent(it -> text.append("    waits: %.3f s at most%n".formatted(seconds(it))));
  }

  /** Only what is not as it was when this member last told. */
  private Map<String, String> news(Entry entry) {
    Map<String, String> known = Knowledge.of(entry);
    Map<String, String> before = lastKnown.put(entry.source().member(), known);
    Map<String, String> news = new LinkedHashMap<>(known);
    if (before != null) {
      news.entrySet().removeIf(it -> it.getValue().equals(before.get(it.getKey())));
    }
    return news;
  }

  // ---- as data

  Map<String, Object> data(Map<String, String> silent) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("told_by", List.copyOf(story.tellers()));
    data.put("silent", silent);
    data.put("notes", story.notes());
    data.put("moves", story.moves().stream().map(StoryText::data).toList());
    data.put("decisions", shown().stream().map(StoryText::data).toList());
    return data;
  }

  private static Map<String, Object> data(LeadMove move) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("kind", move.asked() ? "asked" : "failover");
    data.put("from", move.from());
    data.put("to", move.to());
    data.put("seconds", seconds(move.duration()));
    List<Object> steps = new ArrayList<>();
    for (Step step : move.steps()) {
      steps.add(
          ordered(
              "what", step.what(),
              "member", step.member(),
              "at", step.at().toString(),
              "seconds", seconds(Duration.between(move.begin(), step.at()))));
    }
    data.put("steps", steps);
    return data;
  }

  private static Map<String, Object> data(Entry entry) {
    Map<String, Object> data =
        ordered(
            "at", entry.at().toString(),
            "member", entry.source().member(),
            "event", Knowledge.event(entry),
            "knew", Knowledge.of(entry),
            "rule", entry.number(),
            "name", entry.rule(),
            "reason", entry.reason(),
            "did", Knowledge.orders(entry));
    Knowledge.patience(entry).ifPresent(it -> data.put("waits_seconds", seconds(it)));
    if (entry.dropped() > 0) {
      data.put("not_recorded_before", entry.dropped());
    }
    return data;
  }

  private static Map<String, Object> ordered(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
