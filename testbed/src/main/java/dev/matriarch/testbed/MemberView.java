package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

/**
 * What one server says of itself, asked through its own socket.
 *
 * @param host the host's name
 * @param standing what it is at the moment
 * @param timeline the timeline it writes or receives; 0 when that is unknown
 */
public record MemberView(String host, Standing standing, int timeline) {
  /** What a server is. */
  public enum Standing {
    /** Takes writes. */
    PRIMARY,
    /** Receives WAL as it is written. */
    STREAMING,
    /** In recovery, without a stream. */
    WAITING,
    /** Does not answer. */
    DOWN
  }

  /** Validates. */
  public MemberView {
    requireNonNull(host, "host is null");
    requireNonNull(standing, "standing is null");
  }
}
