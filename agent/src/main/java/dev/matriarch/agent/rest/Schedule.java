package dev.matriarch.agent.rest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;

/**
 * A time as requests give it.
 *
 * @param at empty when it cannot be read or has no offset
 * @param hasOffset false where the offset is what is missing
 */
record Schedule(Optional<Instant> at, boolean hasOffset) {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendPattern("[XXX][XX][X]")
          .toFormatter();

  /** Why a time cannot be taken. */
  record Objection(int status, String sentence) {
    Objection {
      requireNonNull(sentence, "sentence is null");
    }
  }

  Schedule {
    requireNonNull(at, "at is null");
  }

  /** Empty when no time is given. */
  static Optional<Schedule> of(JsonNode given) {
    if (given.isMissingNode() || given.isNull()) {
      return Optional.empty();
    }
    try {
      TemporalAccessor time =
          TIME.parseBest(
              given.asText().strip().replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
      return Optional.of(
          time instanceof OffsetDateTime exact
              ? new Schedule(Optional.of(exact.toInstant()), true)
              : new Schedule(Optional.empty(), false));
    } catch (DateTimeException e) {
      return Optional.of(new Schedule(Optional.empty(), true));
    }
  }

  Optional<Objection> objection(Instant now) {
    if (at.isEmpty()) {
      return Optional.of(
          hasOffset
              ? new Objection(422, "is no time in ISO 8601, such as 2030-01-01T03:00+00:00")
              : new Objection(400, "needs an offset from UTC, such as 2030-01-01T03:00+00:00"));
    }
    return at.get().isBefore(now)
        ? Optional.of(new Objection(422, "has passed already"))
        : Optional.empty();
  }
}
