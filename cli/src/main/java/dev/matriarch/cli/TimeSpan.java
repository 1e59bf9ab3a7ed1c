package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From when until when something is told, as an operator says it. */
record TimeSpan(Instant since, Instant until) {
  private static final Pattern LENGTH = Pattern.compile("([0-9]{1,6}) ?(s|m|h|d)");

  TimeSpan {
    requireNonNull(since, "since is null");
    requireNonNull(until, "until is null");
  }

  /** So long before {@code now}. */
  static TimeSpan before(Instant now, Duration length) {
    return new TimeSpan(now.minus(length), now);
  }

  /** So long around a moment. */
  static TimeSpan around(Instant at, Duration length) {
    return new TimeSpan(at.minus(length.dividedBy(2)), at.plus(length.dividedBy(2)));
  }

  /** Such as {@code 500ms} or {@code 3s}: how long somebody may be let wait. */
  static Duration pause(String text) {
    if (!text.matches("[1-9][0-9]{0,5} ?(ms|s)")) {
      throw Refused.usage("--max-pause " + text + " is no time to wait: write 500ms or 3s");
    }
    long number = Long.parseLong(text.replaceAll("[^0-9]", ""));
    return text.endsWith("ms") ? Duration.ofMillis(number) : Duration.ofSeconds(number);
  }

  /** Such as {@code 90s}, {@code 10m}, {@code 2h}, {@code 7d}. */
  static Duration length(String text) {
    return length("--since", text);
  }

  /** The same as the value of an option. */
  static Duration length(String option, String text) {
    Matcher matcher = LENGTH.matcher(text);
    if (!matcher.matches()) {
      throw Refused.usage(option + " " + text + " is no length of time: write 90s, 10m, 2h or 7d");
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  /** An ISO time, with or without its offset, or a time of the present day. */
  static Instant moment(String text, Instant now, ZoneId zone) {
    List<Function<String, Instant>> forms =
        List.of(
            it -> OffsetDateTime.parse(it).toInstant(),
            it -> LocalDateTime.parse(it.replace(' ', 'T')).atZone(zone).toInstant(),
            it ->
                LocalTime.parse(it)
                    .atDate(now.atZone(zone).toLocalDate())
                    .atZone(zone)
                    .toInstant());
    for (Function<String, Instant> form : forms) {
      Optional<Instant> moment = read(text, form);
      if (moment.isPresent()) {
        return moment.get();
      }
    }
    throw Refused.usage(
        "--at "
            + text
            + " is no time: write 14:05, 14:05:30, 2026-11-26T14:05:30 or with an offset");
  }

  private static Optional<Instant> read(String text, Function<String, Instant> form) {
    try {
      return Optional.of(form.apply(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
