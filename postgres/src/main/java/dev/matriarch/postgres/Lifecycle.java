package dev.matriarch.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Starts and stops the server. */
final class Lifecycle {
  private static final Duration START_TICK = Duration.ofMillis(10);
  private static final Duration CONTROL_TICK = Duration.ofMillis(1);

  /** In so many looks at pg_control there is one at the processes. */
  private static final int LOOKS = 10;

  private static final Duration KILL_TIME = Duration.ofSeconds(1);

  private final ServerParts parts;
  private Consumer<ServerRole> starting = role -> {};

  Lifecycle(ServerParts parts) {
    this.parts = parts;
  }

  /** Told before each start of a postmaster. */
  void onStart(Consumer<ServerRole> listener) {
    starting = listener;
  }

  List<String> start(ServerRole role, Deadline deadline) {
    return start(role, this::refuseDiverged, deadline);
  }

  /** Of a server that is known to have nothing of its own. */
  List<String> startUndiverged(ServerRole role, Deadline deadline) {
    return start(role, _ -> {}, deadline);
  }

  private List<String> start(ServerRole role, Consumer<ServerRole> check, Deadline deadline) {
    parts.requireUsable();
    Optional<Postmaster.Alive> alive = parts.postmaster().find();
    if (alive.isPresent() && alive.get().status().equals("stopping")) {
      outlive(deadline);
      alive = Optional.empty();
    }
    if (alive.isPresent()) {
      requireRole(role);
      awaitReady(Optional.empty(), deadline);
      return List.of();
    }
    check.accept(role);
    parts.postmaster().clearLeftovers(deadline);
    parts.leftOut().release();
    RoleFiles.Written written = parts.roleFiles().write(role, deadline);
    starting.accept(role);
    Process process = parts.postmaster().launch(arguments(role, written.commandLine(), deadline));
    awaitReady(Optional.of(process), deadline);
    return written.warnings();
  }

  /**
   * Such a standby came up when it was tried, with writes that nobody else had, and won elections.
   */
  private void refuseDiverged(ServerRole role) {
    ControlData control = parts.requireControl();
    boolean crashedPrimary = !control.state().clean() && !parts.wasStandby(control);
    if (crashedPrimary && role instanceof ServerRole.StandbyOf standby) {
      throw new PostgresException.WrongState(
          "%s crashed as a primary and may hold writes that %s lacks; rewind it first"
              .formatted(parts.dataDir(), standby.upstream().address()));
    }
  }

  /** Once pg_control says shut down, the processes left only serve others: they may be killed. */
  private void outlive(Deadline deadline) {
    boolean gone = parts.postmaster().gone(Deadline.in(deadline.left().dividedBy(2)));
    if (!gone && !parts.requireControl().state().clean()) {
      throw deadline.timeout("waiting for the former server of " + parts.dataDir() + " to stop");
    }
    parts.postmaster().killAll(deadline);
  }

  private void requireRole(ServerRole role) {
    boolean standby = parts.config().hasStandbySignal();
    boolean wanted =
        switch (role) {
          case ServerRole.Primary primary -> false;
          case ServerRole.Recovering recovering -> false;
          case ServerRole.AsFound found -> false;
          case ServerRole.StandbyOf standbyOf -> true;
          case ServerRole.Detached detached -> true;
        };
    if (standby != wanted) {
      throw new PostgresException.WrongState(
          "%s already runs as a %s; stop it first"
              .formatted(parts.dataDir(), standby ? "standby" : "primary"));
    }
  }

  private List<String> arguments(
      ServerRole role, Map<String, String> commandLine, Deadline deadline) {
    ServerSpec spec = parts.spec();
    Map<String, String> all = new LinkedHashMap<>(commandLine);
    all.put("listen_addresses", String.join(",", spec.listen()));
    all.put("port", String.valueOf(spec.port()));
    all.putIfAbsent("unix_socket_directories", spec.socketDir().toString());
    if (!spec.clusterName().isEmpty()) {
      all.put("cluster_name", spec.clusterName());
    }
    switch (role) {
      case ServerRole.Primary primary -> {}
      case ServerRole.Recovering recovering -> raise(all, deadline);
      case ServerRole.AsFound found -> raise(all, deadline);
      case ServerRole.StandbyOf standby -> raise(all, deadline);
      case ServerRole.Detached detached -> raise(all, deadline);
    }
    List<String> arguments = new ArrayList<>(List.of("-D", spec.dataDir().toString()));
    all.forEach(
        (name, value) -> {
          arguments.add("-c");
          arguments.add(name + "=" + value);
        });
    return arguments;
  }

  /** A standby refuses to start with less than its primary had (agent contract section 2). */
  private void raise(Map<String, String> all, Deadline deadline) {
    parts
        .minimums(deadline)
        .forEach(
            (name, least) -> {
              String given = all.getOrDefault(name, "").strip();
              boolean less =
                  given.isEmpty() || (given.matches("\\d{1,9}") && Long.parseLong(given) < least);
              if (less) {
                all.put(name, String.valueOf(least));
              }
            });
  }

  private void awaitReady(Optional<Process> process, Deadline deadline) {
    deadline.require(
        "starting the server of " + parts.dataDir(),
        START_TICK,
        () -> {
          Optional<Postmaster.Alive> alive = parts.postmaster().find();
          boolean ended = process.map(child -> !child.isAlive()).orElseGet(() -> alive.isEmpty());
          if (ended) {
            throw new PostgresException.StartFailed(
                parts.dataDir(), parts.postmaster().lastWords());
          }
          return alive.filter(found -> found.status().equals("ready")).isPresent()
              && answers(deadline);
        });
  }

  private boolean answers(Deadline deadline) {
    try (Session session = Session.local(parts.spec(), deadline)) {
      return session.value(deadline, "SELECT 1").equals("1");
    } catch (SQLException e) {
      if (SqlErrors.stateOf(e).startsWith("28")) {
        throw new PostgresException.AuthenticationRefused(
            parts.spec().socket().toString(), parts.spec().superuser(), SqlErrors.text(e));
      }
      return false;
    }
  }

  Lsn stop(StopMode mode, Deadline deadline) {
    return switch (mode) {
      case FAST -> {
        fast(deadline);
        yield parts.controlFile().read().map(ControlData::checkpoint).orElse(Lsn.ZERO);
      }
      case IMMEDIATE -> {
        immediate(deadline);
        yield Lsn.ZERO;
      }
    };
  }

  private void fast(Deadline deadline) {
    Optional<Postmaster.Alive> alive = parts.postmaster().find();
    if (alive.isEmpty()) {
      return;
    }
    // A server that is just starting still shows the clean state of its last stop.
    boolean alreadyClean =
        parts.requireControl().state().clean() && !alive.get().status().equals("stopping");
    parts.postmaster().signal(alive.get(), Linux.SIGINT);
    AtomicInteger looks = new AtomicInteger();
    deadline.require(
        "fast stop of " + parts.dataDir(),
        CONTROL_TICK,
        () -> {
          boolean clean = parts.requireControl().state().clean();
          if (clean && !alreadyClean) {
            return true;
          }
          // The process table takes longer to read, and clients may wait for this.
          boolean gone =
              looks.getAndIncrement() % LOOKS == LOOKS - 1 && parts.postmaster().find().isEmpty();
          // Read again: it may have been written between the first reading and the end.
          if (gone && !parts.requireControl().state().clean()) {
            throw new PostgresException.WrongState(
                parts.dataDir() + " ended without its shutdown checkpoint");
          }
          return gone;
        });
  }

  /** Asks the process table alone: it must work though the disk hangs. */
  private void immediate(Deadline deadline) {
    Optional<ProcessTable.Entry> first = parts.postmaster().first();
    if (first.filter(process -> !process.frozen()).isPresent()) {
      parts.postmaster().signal(first.get(), Linux.SIGQUIT);
      Duration half = deadline.left().dividedBy(2);
      Duration grace = half.compareTo(KILL_TIME) < 0 ? half : deadline.left().minus(KILL_TIME);
      if (parts.postmaster().idle(Deadline.in(grace))) {
        return;
      }
    }
    parts.postmaster().doom(Deadline.in(KILL_TIME));
  }

  List<String> restart(ServerRole role, Deadline deadline) {
    fast(deadline);
    return start(role, deadline);
  }
}
