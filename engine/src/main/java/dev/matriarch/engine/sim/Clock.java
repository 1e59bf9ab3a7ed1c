package dev.matriarch.engine.sim;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A host's monotonic clock: it began somewhere, and runs a little fast or slow. Two hosts' times
 * cannot be compared.
 */
record Clock(long offset, double rate) {
  Instant at(long micros) {
    return Instant.EPOCH.plus(offset + Math.round(micros * rate), ChronoUnit.MICROS);
  }

  /** When it shows that time. */
  long when(Instant shown) {
    return Math.round((Agenda.micros(shown) - offset) / rate);
  }
}
