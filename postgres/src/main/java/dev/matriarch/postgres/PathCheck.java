package dev.matriarch.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a running standby can go on with the WAL of another server, as both histories tell. */
final class PathCheck {
  private static final String END =
      "SELECT greatest(coalesce(pg_last_wal_receive_lsn(), '0/0'),"
          + " coalesce(pg_last_wal_replay_lsn(), '0/0'))";

  private final ServerParts parts;
  private final Copies copies;

  PathCheck(ServerParts parts, Copies copies) {
    this.parts = parts;
    this.copies = copies;
  }

  void require(Upstream source, int seen, Deadline deadline) {
    ControlData control = parts.requireControl();
    UpstreamIdentity identity = Upstreams.identify(source, deadline);
    if (!identity.systemIdentifier().equals(control.systemIdentifier())) {
      throw new PostgresException.DataDirectoryForeign(
          parts.dataDir(), control.systemIdentifier(), identity.systemIdentifier());
    }
    TimelineHistory theirs = Upstreams.history(source, identity.timeline(), deadline);
    Lsn end =
        parts
            .sql()
            .call(
                "how far " + parts.dataDir() + " is",
                deadline,
                (session, budget) -> Lsn.parse(session.value(budget, END)));
    // All of these may be older than what was replayed since: each timeline that the standby may
    // have come to counts for it.
    int least =
        Math.max(
            Math.max(seen, replayed()),
            Math.max(control.timeline(), control.minRecoveryTimeline()));
    Optional<Lsn> left = Optional.empty();
    for (TimelineHistory own : possible(least, end, theirs)) {
      left = Divergence.between(own, theirs, false).map(Divergence::at);
      if (left.isEmpty() || left.get().reached(end)) {
        return;
      }
    }
    if (!identity.position().reached(left.get())) {
      throw new PostgresException.WrongState(
          "%s is at %s only, where the histories are still one"
              .formatted(source.address(), identity.position()));
    }
    throw new PostgresException.Diverged(parts.dataDir(), source.address(), least, left.get(), end);
  }

  /** The timeline of the WAL that it read last, if it shows that. */
  private int replayed() {
    return parts
        .postmaster()
        .find()
        .flatMap(alive -> parts.postmaster().replaying(alive.pid()))
        .map(segment -> Integer.parseUnsignedInt(segment, 0, 8, 16))
        .orElse(0);
  }

  private List<TimelineHistory> possible(int least, Lsn end, TimelineHistory theirs) {
    List<TimelineHistory> all = new ArrayList<>(List.of(copies.history(least, theirs)));
    for (int later = least + 1; later <= theirs.timeline(); later++) {
      copies
          .localHistory(later)
          .filter(own -> own.switchFrom(least).filter(end::reached).isPresent())
          .ifPresent(all::add);
    }
    return all;
  }
}
