package dev.matriarch.testbed.bench;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All that was measured, as a table. */
record Comparison(List<Measurement> measurements) {
  private static final String HEAD =
      """
      | case | stack | runs | write gap | read gap | errors | lost | doubled | two writers | idle lost |
      |---|---|---|---|---|---|---|---|---|---|
      """;

  /** Freezes. */
  Comparison {
    measurements = List.copyOf(measurements);
  }

  /** The table in Markdown, with what the cases are and what does not count. */
  String markdown() {
    List<Case> cases = Case.ALL.stream().filter(each -> !of(each).isEmpty()).toList();
    String rows = cases.stream().map(this::rows).collect(Collectors.joining());
    String legend =
        cases.stream()
            .map(each -> "- `%s`: %s%n".formatted(each.title(), each.words()))
            .collect(Collectors.joining());
    String uncounted =
        measurements.stream()
            .filter(each -> !each.counts())
            .map(
                each ->
                    "- `%s`, %s, run %d: %s%n"
                        .formatted(
                            each.what().title(), each.side().title(), each.run(), each.trouble()))
            .collect(Collectors.joining());
    return HEAD
        + rows
        + "\n"
        + legend
        + (uncounted.isEmpty() ? "" : "\nRuns that are not in the figures:\n\n" + uncounted);
  }

  private String rows(Case what) {
    StringBuilder text = new StringBuilder();
    String name = "`" + what.title() + "`";
    for (Side side : Side.values()) {
      List<Measurement> runs = counted(what, side);
      if (!runs.isEmpty()) {
        text.append(row(name, side.title(), runs));
        name = "";
      }
    }
    List<Measurement> ours = counted(what, Side.MATRIARCH);
    List<Measurement> theirs = counted(what, Side.DESCRIBED);
    if (!ours.isEmpty() && !theirs.isEmpty()) {
      text.append(
          "|  | ratio |  | %s | %s |  |  |  |  |  |%n"
              .formatted(
                  Figures.ratio(
                      each(ours, Measurement::writeGap), each(theirs, Measurement::writeGap)),
                  Figures.ratio(
                      each(ours, Measurement::readGap), each(theirs, Measurement::readGap))));
    }
    return text.toString();
  }

  private static String row(String name, String stack, List<Measurement> runs) {
    boolean read = runs.stream().anyMatch(run -> !run.readGap().isZero());
    boolean overlap = runs.stream().anyMatch(run -> !run.twoWriters().isZero());
    boolean idle = runs.getFirst().what().idleClients() > 0;
    return "| %s | %s | %d | %s | %s | %s | %d | %d | %s | %s |%n"
        .formatted(
            name,
            stack,
            runs.size(),
            Figures.spread(each(runs, Measurement::writeGap)),
            read ? Figures.spread(each(runs, Measurement::readGap)) : "",
            Figures.counts(each(runs, Measurement::errors)),
            each(runs, Measurement::lost).stream().mapToInt(Integer::intValue).sum(),
            each(runs, Measurement::doubled).stream().mapToInt(Integer::intValue).sum(),
            overlap ? Figures.spread(each(runs, Measurement::twoWriters)) : "never",
            idle ? Figures.counts(each(runs, Measurement::idleLost)) : "");
  }

  private static <T> List<T> each(List<Measurement> runs, Function<Measurement, T> figure) {
    return runs.stream().map(figure).toList();
  }

  private List<Measurement> of(Case what) {
    return measurements.stream().filter(each -> each.what().equals(what)).toList();
  }

  private List<Measurement> counted(Case what, Side side) {
    return of(what).stream().filter(each -> each.side() == side && each.counts()).toList();
  }
}
