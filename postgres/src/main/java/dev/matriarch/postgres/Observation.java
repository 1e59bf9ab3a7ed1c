package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What {@link PostgresServer#observe} saw: exactly one of these. */
public sealed interface Observation {

  /** No data directory, or an empty one: may be made by initdb or a clone. */
  record Absent() implements Observation {}

  /**
   * There is something in the data directory, but no readable pg_control: a half-done foreign
   * restore, or not a data directory at all. Not to be touched without being told so.
   */
  record Unusable(String why) implements Observation {
    public Unusable {
      requireNonNull(why, "why");
    }
  }

  /**
   * No live postmaster, shut down with a checkpoint.
   *
   * @param standby true when a standby wrote last, or it is a copy that was never started
   */
  record Stopped(ControlData control, boolean standby) implements Observation {
    public Stopped {
      requireNonNull(control, "control");
    }
  }

  /** No live postmaster, and it was not shut down: a crash, a kill or a power loss. */
  record Crashed(ControlData control, boolean standby) implements Observation {
    public Crashed {
      requireNonNull(control, "control");
    }
  }

  /**
   * Alive, not yet accepting connections.
   *
   * @param replaying WAL segment being replayed, when the server shows it
   */
  record Starting(long pid, ControlData control, Optional<String> replaying)
      implements Observation {
    public Starting {
      requireNonNull(control, "control");
      requireNonNull(replaying, "replaying");
    }
  }

  /** Alive, on its way down. When {@code control} is clean, no more WAL can come from it. */
  record Stopping(long pid, ControlData control) implements Observation {
    public Stopping {
      requireNonNull(control, "control");
    }
  }

  /** Alive, but SQL did not answer within the budget, or was refused for the given reason. */
  record Hung(long pid, String why) implements Observation {
    public Hung {
      requireNonNull(why, "why");
    }
  }

  /**
   * Answers SQL.
   *
   * @param systemIdentifier decimal
   * @param timeline of the last checkpoint for a primary; what is being replayed for a standby
   * @param written end of written WAL, primary only
   * @param received end of WAL received and flushed by streaming; empty before the first
   * @param replayed end of replayed WAL, standby only
   * @param lastReplayed commit time of the last replayed transaction
   * @param receiver the WAL receiver, when it runs
   * @param conninfo a standby's {@code primary_conninfo} without its passfile, empty for none
   * @param pendingRestart parameters that take effect only after a restart
   * @param serverVersion such as 150018
   * @param synchronousStandbyNames as in effect
   * @param slots its replication slots
   * @param checkpointTimeline the timeline of its last checkpoint; a new primary's is older until
   *     the first one
   * @param restoring it has a restore_command
   * @param flow how a primary's WAL goes to the disk
   */
  record Running(
      long pid,
      boolean inRecovery,
      String systemIdentifier,
      int timeline,
      Optional<Lsn> written,
      Optional<Lsn> received,
      Optional<Lsn> replayed,
      boolean replayPaused,
      Optional<Instant> lastReplayed,
      Optional<Receiver> receiver,
      String conninfo,
      Instant postmasterStarted,
      List<Sender> senders,
      List<PendingSetting> pendingRestart,
      int serverVersion,
      String synchronousStandbyNames,
      List<Slot> slots,
      int checkpointTimeline,
      boolean restoring,
      Optional<WalFlow> flow)
      implements Observation {
    /** Every size that a WAL segment can have is a multiple. */
    private static final long LEAST_SEGMENT = 1 << 20;

    public Running {
      requireNonNull(systemIdentifier, "systemIdentifier");
      requireNonNull(written, "written");
      requireNonNull(received, "received");
      requireNonNull(replayed, "replayed");
      requireNonNull(lastReplayed, "lastReplayed");
      requireNonNull(receiver, "receiver");
      requireNonNull(conninfo, "conninfo");
      requireNonNull(postmasterStarted, "postmasterStarted");
      senders = List.copyOf(senders);
      pendingRestart = List.copyOf(pendingRestart);
      requireNonNull(synchronousStandbyNames, "synchronousStandbyNames");
      slots = List.copyOf(slots);
      requireNonNull(flow, "flow");
    }

    /**
     * A standby that got WAL from another server since it was started. One that only tries to
     * connect counts as received what comes before the segment that it wants, so that a position at
     * a segment's first byte proves nothing.
     */
    public boolean hasStreamed() {
      return inRecovery && received.filter(end -> end.value() % LEAST_SEGMENT != 0).isPresent();
    }

    /** The position that counts in an election: written, or the later of received and replayed. */
    public Lsn position() {
      Lsn replay = replayed.orElse(Lsn.ZERO);
      Lsn receive = received.orElse(Lsn.ZERO);
      return written.orElse(receive.reached(replay) ? receive : replay);
    }
  }

  /**
   * The WAL receiver: status such as {@code streaming}, whom it is connected to, and what it got.
   */
  record Receiver(String status, String host, int port, int receivedTimeline, String slot) {
    public Receiver {
      requireNonNull(status, "status");
      requireNonNull(host, "host");
      requireNonNull(slot, "slot");
    }
  }

  /**
   * One row of pg_stat_replication. Positions that are unknown are {@link Lsn#ZERO}.
   *
   * @param user the role that it logged in as
   * @param address where it comes from; empty for the Unix socket
   * @param syncPriority its place in synchronous_standby_names, from 1; 0 when it has none
   */
  record Sender(
      String applicationName,
      String state,
      String syncState,
      Lsn sent,
      Lsn write,
      Lsn flush,
      Lsn replay,
      String user,
      String address,
      int syncPriority) {
    public Sender {
      requireNonNull(applicationName, "applicationName");
      requireNonNull(state, "state");
      requireNonNull(syncState, "syncState");
      requireNonNull(sent, "sent");
      requireNonNull(write, "write");
      requireNonNull(flush, "flush");
      requireNonNull(replay, "replay");
      requireNonNull(user, "user");
      requireNonNull(address, "address");
    }
  }

  /**
   * How far a primary's WAL is, from the inside out.
   *
   * @param flushed its end on the disk
   * @param inserted its end in memory: what is between the two is not durable yet
   * @param nextTransaction the number of the next transaction that writes
   */
  record WalFlow(Lsn flushed, Lsn inserted, long nextTransaction) {
    public WalFlow {
      requireNonNull(flushed, "flushed");
      requireNonNull(inserted, "inserted");
    }
  }
}
