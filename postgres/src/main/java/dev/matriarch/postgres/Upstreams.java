package dev.matriarch.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** What is asked of another server. */
final class Upstreams {
  private static final Duration TICK = Duration.ofMillis(20);
  private static final String NO_RIGHT = "42501";

  private Upstreams() {}

  static UpstreamIdentity identify(Upstream upstream, Deadline deadline) {
    try (Session session = Session.replication(upstream, deadline)) {
      List<String> row = session.command(deadline, "IDENTIFY_SYSTEM").getFirst();
      return new UpstreamIdentity(row.get(0), Integer.parseInt(row.get(1)), Lsn.parse(row.get(2)));
    } catch (SQLException e) {
      throw SqlErrors.upstream(upstream, e);
    }
  }

  static TimelineHistory history(Upstream upstream, int timeline, Deadline deadline) {
    if (timeline == 1) {
      return new TimelineHistory(1, List.of());
    }
    try (Session session = Session.replication(upstream, deadline)) {
      List<String> row = session.command(deadline, "TIMELINE_HISTORY " + timeline).getFirst();
      return TimelineHistory.parse(timeline, row.get(1));
    } catch (SQLException e) {
      throw SqlErrors.upstream(upstream, e);
    }
  }

  /**
   * Returns when the source's control file shows the timeline it is on. Until the first checkpoint
   * after a promotion it shows the old one, and pg_rewind finds nothing to rewind.
   *
   * @return that timeline
   */
  static int settle(Upstream source, Deadline deadline) {
    try (Session session = Session.remote(source, deadline)) {
      try {
        session.command(deadline, "CHECKPOINT");
      } catch (SQLException e) {
        if (!SqlErrors.stateOf(e).equals(NO_RIGHT)) {
          throw e;
        }
        awaitCheckpoint(session, source, deadline);
      }
      return Integer.parseInt(
          session.value(deadline, "SELECT timeline_id FROM pg_control_checkpoint()"));
    } catch (SQLException e) {
      throw SqlErrors.upstream(source, e);
    }
  }

  private static void awaitCheckpoint(Session session, Upstream source, Deadline deadline)
      throws SQLException {
    String question =
        "SELECT CASE WHEN pg_is_in_recovery() THEN true"
            + " ELSE (SELECT timeline_id FROM pg_control_checkpoint()) ="
            + " ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END";
    while (!session.value(deadline, question).equals("t")) {
      if (deadline.over()) {
        throw deadline.timeout(
            "waiting for the first checkpoint of " + source.address() + " after its promotion");
      }
      deadline.sleep(TICK);
    }
  }
}
