package dev.matriarch.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Finds out which {@link Observation} holds. */
final class Observer implements AutoCloseable {
  private static final int CONNECT_TRIES = 10;
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(10);

  private final ServerParts parts;
  private final Probe probe;

  Observer(ServerParts parts) {
    this.parts = parts;
    this.probe = new Probe(parts.spec());
  }

  Observation observe(Deadline deadline) {
    try {
      if (OwnedFiles.absentOrEmpty(parts.dataDir())) {
        return new Observation.Absent();
      }
      Optional<String> unusable = parts.unusable();
      if (unusable.isPresent()) {
        return new Observation.Unusable(unusable.get());
      }
      return ofDatabase(deadline);
    } catch (PostgresException.DataDirectoryUnfit | PostgresException.FileFailed e) {
      return new Observation.Unusable(e.getMessage());
    }
  }

  private Observation ofDatabase(Deadline deadline) {
    Optional<Postmaster.Alive> alive = parts.postmaster().find();
    if (alive.isEmpty() || parts.isInspected()) {
      return atRest();
    }
    long pid = alive.get().pid();
    if (alive.get().process().frozen()) {
      return new Observation.Hung(pid, "the postmaster is frozen (SIGSTOP)");
    }
    return alive.get().status().equals("ready") ? answering(pid, deadline) : onTheWay(alive.get());
  }

  private Observation atRest() {
    ControlData control = parts.requireControl();
    boolean standby = parts.wasStandby(control);
    return control.state().clean()
        ? new Observation.Stopped(control, standby)
        : new Observation.Crashed(control, standby);
  }

  private Observation onTheWay(Postmaster.Alive alive) {
    return alive.status().equals("stopping")
        ? new Observation.Stopping(alive.pid(), parts.requireControl())
        : new Observation.Starting(
            alive.pid(), parts.requireControl(), parts.postmaster().replaying(alive.pid()));
  }

  private Observation answering(long pid, Deadline deadline) {
    for (int attempt = 1; ; attempt++) {
      try {
        return probe.ask(pid, parts.taken().commandLine(), deadline);
      } catch (PostgresException.Timeout e) {
        return new Observation.Hung(pid, e.getMessage());
      } catch (SQLException e) {
        // The server may have ended or begun to stop since it was looked at.
        Optional<Postmaster.Alive> now = parts.postmaster().find();
        if (now.isEmpty()) {
          return atRest();
        }
        if (!now.get().status().equals("ready")) {
          return onTheWay(now.get());
        }
        String state = SqlErrors.stateOf(e);
        if (state.equals(SqlErrors.CANNOT_CONNECT_NOW)) {
          // After the crash of a session it recovers, with "ready" still in its pid file.
          return new Observation.Starting(
              pid, parts.requireControl(), parts.postmaster().replaying(pid));
        }
        // Cut off, or promoted in the middle of the question.
        boolean cut = state.startsWith("08") || state.startsWith("57P") || state.equals("55000");
        if (SqlErrors.timedOut(e) || !cut || attempt == CONNECT_TRIES || deadline.over()) {
          return new Observation.Hung(
              pid,
              SqlErrors.timedOut(e)
                  ? "no answer to SQL within " + deadline.budget()
                  : SqlErrors.text(e));
        }
        deadline.sleep(BETWEEN_TRIES);
      }
    }
  }

  @Override
  public void close() {
    probe.close();
  }
}
