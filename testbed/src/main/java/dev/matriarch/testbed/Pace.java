package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a client goes about it.
 *
 * @param connections connections kept open, each with its own rhythm
 * @param interval from one request of a connection to its next; a slow answer delays that one only
 * @param patience for a connection and for an answer, then the connection is given up; whole
 *     seconds
 */
public record Pace(int connections, Duration interval, Duration patience) {
  /** Four connections, a request each 20 ms, 5 s of patience. */
  public static final Pace USUAL = new Pace(4, Duration.ofMillis(20), Duration.ofSeconds(5));

  /** Validates. */
  public Pace {
    requireNonNull(interval, "interval is null");
    requireNonNull(patience, "patience is null");
    if (connections < 1 || !interval.isPositive() || patience.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "a pace needs a connection, an interval above 0 and at least 1 s of patience: "
              + connections
              + ", "
              + interval
              + ", "
              + patience);
    }
  }

  /** The same with another number of connections. */
  public Pace withConnections(int number) {
    return new Pace(number, interval, patience);
  }

  /** The same with another interval. */
  public Pace withInterval(Duration newInterval) {
    return new Pace(connections, newInterval, patience);
  }

  /** The same with another patience. */
  public Pace withPatience(Duration newPatience) {
    return new Pace(connections, interval, newPatience);
  }
}
