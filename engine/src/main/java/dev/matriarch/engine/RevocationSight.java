package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * What a member knows of revocations besides the record that stands in etcd.
 *
 * @param since when the standing record was first seen
 * @param endedAt when the last one was seen to be gone
 * @param promised revision of the record for which this member's WAL receiver was ended; 0: none
 */
public record RevocationSight(Optional<Instant> since, Optional<Instant> endedAt, long promised) {
  public static final RevocationSight NONE =
      new RevocationSight(Optional.empty(), Optional.empty(), 0);

  public RevocationSight {
    requireNonNull(since, "since is null");
    requireNonNull(endedAt, "endedAt is null");
  }

  RevocationSight after(Revocation before, Revocation newer, Instant now) {
    if (before.revision() == newer.revision()) {
      return this;
    }
    return new RevocationSight(
        newer.isRecorded() ? Optional.of(now) : Optional.empty(),
        before.isRecorded() ? Optional.of(now) : endedAt,
        promised);
  }

  RevocationSight promising(long revision) {
    return new RevocationSight(since, endedAt, revision);
  }
}
