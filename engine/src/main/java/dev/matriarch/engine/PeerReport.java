package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/**
 * A peer's answer about itself.
 *
 * @param member who answers
 * @param role what its server is
 * @param running its server answers queries
 * @param timeline its timeline
 * @param position the end of its WAL: received or replayed, whichever is further
 * @param tags its limits
 * @param seesStore it can reach etcd: it could act on winning
 * @param mayWrite it leads, or its server takes writes or may at any moment
 * @param promised revision of the revocation in force to which it streams from nobody any more; 0
 *     for none
 * @param disk what its disk is good for
 * @param watchdogFailed it must not lead without a watchdog, and has none that works
 * @param leaseAhead the etcd lease that it got for the leader key that it is to be left; 0 for none
 */
public record PeerReport(
    String member,
    Role role,
    boolean running,
    int timeline,
    Lsn position,
    Tags tags,
    boolean seesStore,
    boolean mayWrite,
    long promised,
    Disk.State disk,
    boolean watchdogFailed,
    long leaseAhead) {
  public PeerReport {
    requireNonNull(member, "member is null");
    requireNonNull(role, "role is null");
    requireNonNull(position, "position is null");
    requireNonNull(tags, "tags is null");
    requireNonNull(disk, "disk is null");
  }

  /** A peer that says nothing but that it is there. */
  public static PeerReport of(String member) {
    return new PeerReport(
        member,
        Role.NONE,
        false,
        0,
        Lsn.ZERO,
        Tags.NONE,
        false,
        true,
        0,
        Disk.State.FINE,
        false,
        0);
  }

  /** The same with changes. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** What a new PeerReport is made of; not for several threads. */
  public static final class Builder {
    private String member;
    private Role role;
    private boolean running;
    private int timeline;
    private Lsn position;
    private Tags tags;
    private boolean seesStore;
    private Disk.State disk;
    private boolean mayWrite;
    private long promised;
    private boolean watchdogFailed;
    private long leaseAhead;

    private Builder(PeerReport from) {
      this.member = from.member;
      this.role = from.role;
      this.running = from.running;
      this.timeline = from.timeline;
      this.position = from.position;
      this.tags = from.tags;
      this.seesStore = from.seesStore;
      this.disk = from.disk;
      this.mayWrite = from.mayWrite;
      this.promised = from.promised;
      this.watchdogFailed = from.watchdogFailed;
      this.leaseAhead = from.leaseAhead;
    }

    public Builder member(String value) {
      member = value;
      return this;
    }

    public Builder role(Role value) {
      role = value;
      return this;
    }

    public Builder running(boolean value) {
      running = value;
      return this;
    }

    public Builder timeline(int value) {
      timeline = value;
      return this;
    }

    public Builder position(Lsn value) {
      position = value;
      return this;
    }

    public Builder tags(Tags value) {
      tags = value;
      return this;
    }

    public Builder seesStore(boolean value) {
      seesStore = value;
      return this;
    }

    public Builder disk(Disk.State value) {
      disk = value;
      return this;
    }

    public Builder mayWrite(boolean value) {
      mayWrite = value;
      return this;
    }

    public Builder promised(long value) {
      promised = value;
      return this;
    }

    public Builder watchdogFailed(boolean value) {
      watchdogFailed = value;
      return this;
    }

    public Builder leaseAhead(long value) {
      leaseAhead = value;
      return this;
    }

    public PeerReport build() {
      return new PeerReport(
          member,
          role,
          running,
          timeline,
          position,
          tags,
          seesStore,
          mayWrite,
          promised,
          disk,
          watchdogFailed,
          leaseAhead);
    }
  }
}
