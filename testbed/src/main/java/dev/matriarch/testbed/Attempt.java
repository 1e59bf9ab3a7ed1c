package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

/**
 * One thing a client tried, and what came of it. Times are readings of the client's {@link Ticker}:
 * whatever happened on the server, happened between {@code sent} and {@code answered}.
 */
public sealed interface Attempt {
  /** When it began. */
  long sent();

  /** When it was known what came of it. */
  long answered();

  /** Where it went. */
  Endpoint endpoint();

  /**
   * The server said that it is done.
   *
   * @param number the number written or, by a reader, the highest one seen
   * @param timeline the server's timeline at that moment; 0 from a standby
   */
  record Acknowledged(long number, int timeline, Endpoint endpoint, long sent, long answered)
      implements Attempt {
    /** Validates. */
    public Acknowledged {
      requireNonNull(endpoint, "endpoint is null");
    }
  }

  /**
   * The answer was an error or none: the write may be there or not.
   *
   * @param state the error's SQLSTATE
   * @param reason what the server or the driver said
   */
  record Failed(
      long number, String state, String reason, Endpoint endpoint, long sent, long answered)
      implements Attempt {
    /** Validates. */
    public Failed {
      requireNonNull(state, "state is null");
      requireNonNull(reason, "reason is null");
      requireNonNull(endpoint, "endpoint is null");
    }
  }

  /**
   * There was no connection; nothing was sent.
   *
   * @param reason what the driver said
   */
  record Unreachable(String reason, Endpoint endpoint, long sent, long answered)
      implements Attempt {
    /** Validates. */
    public Unreachable {
      requireNonNull(reason, "reason is null");
      requireNonNull(endpoint, "endpoint is null");
    }
  }
}
