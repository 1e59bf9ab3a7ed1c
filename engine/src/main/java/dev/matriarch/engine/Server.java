package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A member's own PostgreSQL server as last observed.
 *
 * @param condition whether it runs
 * @param role what it is, or was when it stopped
 * @param systemIdentifier of its data; empty when there is none
 * @param timeline of its data; 0 when unknown
 * @param written the end of its WAL: written by a primary, received by a standby, of the shutdown
 *     checkpoint when stopped
 * @param replayed what a standby has replayed
 * @param upstream the member it is set to follow; empty for none
 * @param streaming its WAL receiver is connected
 * @param standbys who streams from it, by member name
 * @param syncNames the standbys that its commits wait for
 * @param slots its replication slots by name
 * @param pendingRestart a changed setting waits for a restart
 * @param unrecorded its data was bootstrapped here and is not known to be the cluster's yet: {@link
 *     Effect.Bootstrap} leaves a mark in it that {@link Effect.FinishInitialize} takes away
 * @param startedAt wall time at which it was started, as it tells itself; empty while it is down
 * @param version PostgreSQL's own number of it, such as 150018; 0 when unknown
 * @param pending the changed settings that wait for a restart
 * @param restoring a standby that takes WAL from an archive as well
 * @param unsettled a primary that has not checkpointed since its promotion: nobody can be rewound
 *     to it yet
 * @param upstreamAddress {@code host:port} that it streams from as a standby, member or not; empty
 *     for none
 * @param disk what its data and WAL are on
 * @param redo what it would have to replay after a crash
 * @param streamed a standby that has received WAL since it was started: somebody was alive then
 * @param halfRewound unfinished, and by a rewind: what is left of data of this cluster
 */
public record Server(
    Condition condition,
    Role role,
    String systemIdentifier,
    int timeline,
    Lsn written,
    Lsn replayed,
    String upstream,
    boolean streaming,
    SortedMap<String, StandbyLink> standbys,
    SyncNames syncNames,
    SortedMap<String, ReplicationSlot> slots,
    boolean pendingRestart,
    boolean unrecorded,
    Optional<Instant> startedAt,
    int version,
    List<PendingChange> pending,
    boolean restoring,
    boolean unsettled,
    String upstreamAddress,
    Disk disk,
    Redo redo,
    boolean streamed,
    boolean halfRewound) {

  /** Whether a server's processes and data are there. */
  public enum Condition {
    /** Nobody has looked yet. */
    UNKNOWN,
    /** No data. */
    EMPTY,
    /** Data that an interrupted rewind or bootstrap left unusable. */
    UNFINISHED,
    /** Not running, shut down cleanly. */
    STOPPED,
    /** Not running, and not shut down cleanly. */
    CRASHED,
    /** Running, does not answer yet. */
    STARTING,
    /** Running and answering. */
    RUNNING,
    /** Shutting down. */
    STOPPING,
    /** Running, but it has stopped answering. */
    HUNG
  }

  public static final Server UNSEEN = absent(Condition.UNKNOWN);

  public Server {
    requireNonNull(condition, "condition is null");
    requireNonNull(role, "role is null");
    requireNonNull(systemIdentifier, "systemIdentifier is null");
    requireNonNull(written, "written is null");
    requireNonNull(replayed, "replayed is null");
    requireNonNull(upstream, "upstream is null");
    standbys = Collections.unmodifiableSortedMap(new TreeMap<>(standbys));
    requireNonNull(syncNames, "syncNames is null");
    requireNonNull(startedAt, "startedAt is null");
    slots = Collections.unmodifiableSortedMap(new TreeMap<>(slots));
    pending = List.copyOf(pending);
    requireNonNull(upstreamAddress, "upstreamAddress is null");
    requireNonNull(disk, "disk is null");
    requireNonNull(redo, "redo is null");
  }

  /** A server of which there is nothing to say but its condition. */
  public static Server absent(Condition condition) {
    return new Server(
        condition,
        Role.NONE,
        "",
        0,
        Lsn.ZERO,
        Lsn.ZERO,
        "",
        false,
        Collections.emptySortedMap(),
        SyncNames.NONE,
        Collections.emptySortedMap(),
        false,
        false,
        Optional.empty(),
        0,
        List.of(),
        false,
        false,
        "",
        Disk.UNKNOWN,
        Redo.UNKNOWN,
        false,
        false);
  }

  /** Whether it may be acknowledging writes at this moment. */
  public boolean mayBeWriting() {
    return role == Role.PRIMARY && hasProcesses();
  }

  /** Whether PostgreSQL processes exist. */
  public boolean hasProcesses() {
    return switch (condition) {
      case STARTING, RUNNING, STOPPING, HUNG -> true;
      case UNKNOWN, EMPTY, UNFINISHED, STOPPED, CRASHED -> false;
    };
  }

  /** Whether there is nothing that could be started. */
  public boolean isUseless() {
    return condition == Condition.EMPTY || condition == Condition.UNFINISHED;
  }

  public boolean isDown() {
    return condition == Condition.STOPPED || condition == Condition.CRASHED;
  }

  public boolean isRunning() {
    return condition == Condition.RUNNING;
  }

  public boolean isRunningPrimary() {
    return isRunning() && role == Role.PRIMARY;
  }

  public boolean isRunningStandby() {
    return isRunning() && role == Role.STANDBY;
  }

  /** The same with changes. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** What a new Server is made of; not for several threads. */
  public static final class Builder {
    private Condition condition;
    private Role role;
    private String systemIdentifier;
    private int timeline;
    private Lsn written;
    private Lsn replayed;
    private String upstream;
    private boolean streaming;
    private SortedMap<String, StandbyLink> standbys;
    private SyncNames syncNames;
    private SortedMap<String, ReplicationSlot> slots;
    private boolean pendingRestart;
    private boolean unrecorded;
    private Optional<Instant> startedAt;
    private int version;
    private List<PendingChange> pending;
    private boolean restoring;
    private boolean unsettled;
    private String upstreamAddress;
    private Disk disk;
    private Redo redo;
    private boolean streamed;
    private boolean halfRewound;

    private Builder(Server from) {
      this.condition = from.condition;
      this.role = from.role;
      this.systemIdentifier = from.systemIdentifier;
      this.timeline = from.timeline;
      this.written = from.written;
      this.replayed = from.replayed;
      this.upstream = from.upstream;
      this.streaming = from.streaming;
      this.standbys = from.standbys;
      this.syncNames = from.syncNames;
      this.slots = from.slots;
      this.pendingRestart = from.pendingRestart;
      this.unrecorded = from.unrecorded;
      this.startedAt = from.startedAt;
      this.version = from.version;
      this.pending = from.pending;
      this.restoring = from.restoring;
      this.unsettled = from.unsettled;
      this.upstreamAddress = from.upstreamAddress;
      this.disk = from.disk;
      this.redo = from.redo;
      this.streamed = from.streamed;
      this.halfRewound = from.halfRewound;
    }

    public Builder condition(Condition value) {
      condition = value;
      return this;
    }

    public Builder role(Role value) {
      role = value;
      return this;
    }

    public Builder systemIdentifier(String value) {
      systemIdentifier = value;
      return this;
    }

    public Builder timeline(int value) {
      timeline = value;
      return this;
    }

    public Builder written(Lsn value) {
      written = value;
      return this;
    }

    public Builder replayed(Lsn value) {
      replayed = value;
      return this;
    }

    public Builder upstream(String value) {
      upstream = value;
      return this;
    }

    public Builder streaming(boolean value) {
      streaming = value;
      return this;
    }

    public Builder standbys(SortedMap<String, StandbyLink> value) {
      standbys = value;
      return this;
    }

    public Builder syncNames(SyncNames value) {
      syncNames = value;
      return this;
    }

    public Builder slots(SortedMap<String, ReplicationSlot> value) {
      slots = value;
      return this;
    }

    public Builder pendingRestart(boolean value) {
      pendingRestart = value;
      return this;
    }

    public Builder unrecorded(boolean value) {
      unrecorded = value;
      return this;
    }

    public Builder startedAt(Optional<Instant> value) {
      startedAt = value;
      return this;
    }

    public Builder version(int value) {
      version = value;
      return this;
    }

    public Builder pending(List<PendingChange> value) {
      pending = value;
      return this;
    }

    public Builder restoring(boolean value) {
      restoring = value;
      return this;
    }

    public Builder unsettled(boolean value) {
      unsettled = value;
      return this;
    }

    public Builder upstreamAddress(String value) {
      upstreamAddress = value;
      return this;
    }

    public Builder disk(Disk value) {
      disk = value;
      return this;
    }

    public Builder redo(Redo value) {
      redo = value;
      return this;
    }

    public Builder streamed(boolean value) {
      streamed = value;
      return this;
    }

    public Builder halfRewound(boolean value) {
      halfRewound = value;
      return this;
    }

    public Server build() {
      return new Server(
          condition,
          role,
          systemIdentifier,
          timeline,
          written,
          replayed,
          upstream,
          streaming,
          standbys,
          syncNames,
          slots,
          pendingRestart,
          unrecorded,
          startedAt,
          version,
          pending,
          restoring,
          unsettled,
          upstreamAddress,
          disk,
          redo,
          streamed,
          halfRewound);
    }
  }
}
