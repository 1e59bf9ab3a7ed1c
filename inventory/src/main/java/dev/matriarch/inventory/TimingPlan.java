package dev.matriarch.inventory;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the rows of {@code pg_rto_plan}. */
final class TimingPlan {
  static final String COLUMNS =
      "ttl, loop, retry, start, margin, inter, fastinter, downinter, rise, fall";
  private static final int TIMES = 8;
  private static final int LENGTH = 10;
  private static final Pattern TIME = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,3})?) ?(ms|s|m)?");

  private TimingPlan() {}

  /** Checks a row and reports what is wrong with it. */
  static boolean check(String name, Yaml row, Place place, Findings findings) {
    if (!(row instanceof Yaml.Sequence(List<Yaml> items, int _)) || items.size() != LENGTH) {
      findings.problem(place, "", "is no row of " + LENGTH + " values", "write [" + COLUMNS + "]");
      return false;
    }
    boolean good = true;
    List<String> columns = List.of(COLUMNS.split(", "));
    for (int i = 0; i < LENGTH; i++) {
      String text = items.get(i) instanceof Yaml.Scalar scalar ? scalar.text() : "";
      boolean fits = i < TIMES ? time(text).isPresent() : text.matches("[1-9][0-9]{0,2}");
      if (!fits) {
        findings.problem(
            place.at(i, items.get(i).line()),
            items.get(i).shown(),
            "is no " + (i < TIMES ? "time greater than 0" : "number greater than 0"),
            "it is the plan's " + columns.get(i) + (i < TIMES ? ", such as 10, 2s or 500ms" : ""));
        good = false;
      }
    }
    return good && checkRule(name, items, place, findings);
  }

  private static boolean checkRule(String name, List<Yaml> items, Place place, Findings findings) {
    List<Duration> times =
        items.subList(0, TIMES).stream()
            .map(item -> time(((Yaml.Scalar) item).text()).orElseThrow())
            .toList();
    Duration ttl = times.get(0);
    Duration loop = times.get(1);
    Duration retry = times.get(2);
    if (Timing.holds(ttl, loop, retry)) {
      return true;
    }
    findings.problem(
        place,
        name,
        "breaks ttl >= loop_wait + 2 x retry_timeout: %s < %s + 2 x %s"
            .formatted(seconds(ttl), seconds(loop), seconds(retry)),
        nearest(ttl, loop, retry));
    return false;
  }

  private static String nearest(Duration ttl, Duration loop, Duration retry) {
    List<String> ways = new ArrayList<>();
    Duration shorterRetry = ttl.minus(loop).dividedBy(2);
    if (shorterRetry.compareTo(Duration.ofSeconds(1)) >= 0) {
      ways.add("retry_timeout " + seconds(Duration.ofSeconds(shorterRetry.toSeconds())));
    }
    Duration shorterLoop = ttl.minus(retry.multipliedBy(2));
    if (shorterLoop.compareTo(Duration.ofSeconds(1)) >= 0) {
      ways.add("loop_wait " + seconds(Duration.ofSeconds(shorterLoop.toSeconds())));
    }
    ways.add("ttl " + seconds(loop.plus(retry.multipliedBy(2))));
    return "the nearest that hold are " + String.join(", or ", ways);
  }

  private static String seconds(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
  }

  /** The timing that a checked row means. */
  static Timing of(String name, List<Value> row) {
    List<Duration> times =
        row.subList(0, TIMES).stream().map(v -> time(v.toString()).orElseThrow()).toList();
    return new Timing(
        name,
        times.get(0),
        times.get(1),
        times.get(2),
        times.get(3),
        Timing.STOP_TIMEOUT,
        times.get(4),
        new HealthCheck(
            times.get(5),
            times.get(6),
            times.get(7),
            Integer.parseInt(row.get(8).toString()),
            Integer.parseInt(row.get(9).toString())));
  }

  private static Optional<Duration> time(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String unit = matcher.group(2) == null ? "s" : matcher.group(2);
    BigDecimal factor =
        switch (unit) {
          case "ms" -> BigDecimal.ONE;
          case "m" -> BigDecimal.valueOf(60_000);
          default -> BigDecimal.valueOf(1000);
        };
    Duration time =
        Duration.ofMillis(new BigDecimal(matcher.group(1)).multiply(factor).longValue());
    return time.isZero() ? Optional.empty() : Optional.of(time);
  }
}
