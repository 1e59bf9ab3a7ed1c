package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

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
 * @param slots its physical replication slots
 * @param pendingRestart a changed setting waits for a restart
 * @param unrecorded its data was bootstrapped here and is not known to be the cluster's yet: {@link
 *     Effect.Bootstrap} leaves a mark in it that {@link Effect.FinishInitialize} takes away
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
    SortedSet<String> slots,
    boolean pendingRestart,
    boolean unrecorded) {

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
    slots = Collections.unmodifiableSortedSet(new TreeSet<>(slots));
  }

  /** A server whose data is known to be the cluster's. */
  public Server(
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
      SortedSet<String> slots,
      boolean pendingRestart) {
    this(
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
        false);
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
        Collections.emptySortedSet(),
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
}
