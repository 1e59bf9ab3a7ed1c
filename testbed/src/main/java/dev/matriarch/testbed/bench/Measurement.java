package dev.matriarch.testbed.bench;

import static java.util.Objects.requireNonNull;

import dev.matriarch.testbed.Outcome;
import dev.matriarch.testbed.Verdict;
import dev.matriarch.testbed.WatchReport;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * What came of one run.
 *
 * @param writeGap longest time without an acknowledged write, from the fault on
 * @param readGap longest time without an answer from port 5434, from the fault on
 * @param errors what the writing clients were told instead of an acknowledgement
 * @param lost acknowledged rows that are not there in the end
 * @param doubled rows that are there more than once
 * @param twoWriters how long two servers acknowledged writes at once, at the longest
 * @param idleLost idle clients whose session did not live through it
 * @param trouble why the figures are not to be counted; empty when they are
 */
record Measurement(
    Case what,
    Side side,
    int run,
    Duration writeGap,
    Duration readGap,
    int errors,
    int lost,
    int doubled,
    Duration twoWriters,
    int idleLost,
    String trouble) {
  /** The names of the columns of {@link #line}. */
  static final String HEADER =
      "case\tstack\trun\twrite gap ms\tread gap ms\terrors\tlost\tdoubled\ttwo writers ms\tidle lost\ttrouble";

  private static final int COLUMNS = 11;

  /** Validates. */
  Measurement {
    requireNonNull(what, "what is null");
    requireNonNull(side, "side is null");
    requireNonNull(writeGap, "writeGap is null");
    requireNonNull(readGap, "readGap is null");
    requireNonNull(twoWriters, "twoWriters is null");
    trouble = trouble.lines().findFirst().orElse("").replace('\t', ' ');
  }

  /** A run in which a fault was applied. */
  static Measurement of(Case what, Side side, int run, Outcome outcome, int idleLost) {
    Duration twoWriters =
        outcome.watched().overlaps().stream()
            .map(WatchReport.Overlap::during)
            .map(during -> during.length())
            .max(Comparator.naturalOrder())
            .orElse(Duration.ZERO);
    return new Measurement(
        what,
        side,
        run,
        outcome.gap(),
        outcome.readGap(),
        outcome.writer().errors().size(),
        outcome.verdict().map(Verdict::lost).map(lost -> lost.size()).orElse(0),
        outcome.verdict().map(Verdict::doubled).map(doubled -> doubled.size()).orElse(0),
        twoWriters,
        idleLost,
        outcome.trouble().orElse(""));
  }

  /** A run in which a cluster was made. */
  static Measurement started(Case what, Side side, int run, Duration time) {
    return new Measurement(what, side, run, time, Duration.ZERO, 0, 0, 0, Duration.ZERO, 0, "");
  }

  /** A run that came to nothing. */
  static Measurement failed(Case what, Side side, int run, String trouble) {
    return new Measurement(
        what, side, run, Duration.ZERO, Duration.ZERO, 0, 0, 0, Duration.ZERO, 0, trouble);
  }

  boolean counts() {
    return trouble.isEmpty();
  }

  /** One line of a file. */
  String line() {
    return String.join(
        "\t",
        what.title(),
        side.title(),
        Integer.toString(run),
        Long.toString(writeGap.toMillis()),
        Long.toString(readGap.toMillis()),
        Integer.toString(errors),
        Integer.toString(lost),
        Integer.toString(doubled),
        Long.toString(twoWriters.toMillis()),
        Integer.toString(idleLost),
        trouble);
  }

  /** Reads {@link #line}. */
  static Measurement parse(String line) {
    List<String> words = List.of(line.split("\t", -1));
    if (words.size() != COLUMNS) {
      throw new IllegalArgumentException("not a line of %d columns: %s".formatted(COLUMNS, line));
    }
    return new Measurement(
        Case.named(words.get(0))
            .orElseThrow(() -> new IllegalArgumentException("no such case: " + words.get(0))),
        Side.of(words.get(1))
            .orElseThrow(() -> new IllegalArgumentException("no such stack: " + words.get(1))),
        Integer.parseInt(words.get(2)),
        Duration.ofMillis(Long.parseLong(words.get(3))),
        Duration.ofMillis(Long.parseLong(words.get(4))),
        Integer.parseInt(words.get(5)),
        Integer.parseInt(words.get(6)),
        Integer.parseInt(words.get(7)),
        Duration.ofMillis(Long.parseLong(words.get(8))),
        Integer.parseInt(words.get(9)),
        words.get(10));
  }

  /** For whoever watches. */
  @Override
  public String toString() {
    return counts()
        ? "write gap %s, read gap %s, %d errors, %d lost, %d doubled, two writers %s, %d idle lost"
            .formatted(
                Figures.of(writeGap),
                Figures.of(readGap),
                errors,
                lost,
                doubled,
                Figures.of(twoWriters),
                idleLost)
        : "does not count: " + trouble;
  }
}
