package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Lsn;

/**
 * A numbered row whose insert was acknowledged.
 *
 * @param at nanoseconds of the monotonic clock, when the acknowledgement came
 * @param end where the primary's WAL was then
 */
record Insert(long number, long at, Lsn end) {
  Insert {
    requireNonNull(end, "end is null");
  }
}
