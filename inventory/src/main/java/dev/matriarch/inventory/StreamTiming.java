package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How PostgreSQL's replication notices that its other side is gone.
 *
 * @param silence {@code wal_sender_timeout} and {@code wal_receiver_timeout}: half a lease, but not
 *     below 5 s, as a busy disk must not cut the stream
 * @param userTimeout how long sent data may stay without an acknowledgement
 */
public record StreamTiming(Duration silence, Duration userTimeout) {
  public StreamTiming {
    requireNonNull(silence, "silence is null");
    requireNonNull(userTimeout, "userTimeout is null");
  }

  static StreamTiming of(Duration lease) {
    return new StreamTiming(Times.least(lease.dividedBy(2), Duration.ofSeconds(5)), lease);
  }
}
