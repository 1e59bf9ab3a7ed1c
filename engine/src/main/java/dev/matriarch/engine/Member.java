package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A member as its key in etcd tells it (drop-in contract, section 4).
 *
 * @param name such as {@code pg-test-1}
 * @param connUrl where its server listens: {@code postgres://10.10.10.11:5432/postgres}
 * @param apiUrl its REST address, ending in {@code /patroni}
 * @param state what its server does
 * @param role what its server is
 * @param timeline its timeline; 0 when unknown
 * @param position the WAL position it had when it last wrote the key
 * @param receivedPosition what a standby has received; {@link Lsn#ZERO} otherwise
 * @param replayedPosition what a standby has replayed; {@link Lsn#ZERO} otherwise
 * @param tags its limits and preferences
 * @param version the agent's version, at least 4.0.0 for clients of the field to take it as current
 * @param replicationState how a standby gets its WAL: {@code streaming}, {@code in archive
 *     recovery}; empty otherwise
 * @param pendingRestart a changed setting waits for a restart
 * @param pending the changed settings that wait for a restart
 * @param paused it knows that the cluster is paused
 * @param unsettled a leader that has not checkpointed since its promotion
 * @param proxyUrl where a proxy in front of its server listens; empty for none
 * @param raisesKey each renewal of its leader key raises the key's revision, so that others can see
 *     them; the field's controller renews unseen
 * @param scheduledRestart a restart that waits for its time
 * @param lease what a leader's last renewal was worth; zero for others
 * @param keepsClients its host's pooler has clients of a primary that it is to send on: they are
 *     not to be cut off
 * @param pooledTo the member that its host's pooler sends to; empty for itself
 */
public record Member(
    String name,
    String connUrl,
    String apiUrl,
    MemberState state,
    MemberRole role,
    int timeline,
    Lsn position,
    Lsn receivedPosition,
    Lsn replayedPosition,
    Tags tags,
    String version,
    String replicationState,
    boolean pendingRestart,
    boolean raisesKey,
    Optional<RestartPlan> scheduledRestart,
    List<PendingChange> pending,
    boolean paused,
    boolean unsettled,
    String proxyUrl,
    Duration lease,
    boolean keepsClients,
    String pooledTo) {
  public Member {
    requireNonNull(name, "name is null");
    requireNonNull(connUrl, "connUrl is null");
    requireNonNull(apiUrl, "apiUrl is null");
    requireNonNull(state, "state is null");
    requireNonNull(role, "role is null");
    requireNonNull(position, "position is null");
    requireNonNull(receivedPosition, "receivedPosition is null");
    requireNonNull(replayedPosition, "replayedPosition is null");
    requireNonNull(tags, "tags is null");
    requireNonNull(version, "version is null");
    requireNonNull(replicationState, "replicationState is null");
    requireNonNull(scheduledRestart, "scheduledRestart is null");
    pending = List.copyOf(pending);
    requireNonNull(proxyUrl, "proxyUrl is null");
    requireNonNull(lease, "lease is null");
    requireNonNull(pooledTo, "pooledTo is null");
  }

  /** A member of which only the name is known. */
  public static Member named(String name) {
    return new Member(
        name,
        "",
        "",
        MemberState.UNKNOWN,
        MemberRole.UNINITIALIZED,
        0,
        Lsn.ZERO,
        Lsn.ZERO,
        Lsn.ZERO,
        Tags.NONE,
        "",
        "",
        false,
        false,
        Optional.empty(),
        List.of(),
        false,
        false,
        "",
        Duration.ZERO,
        false,
        "");
  }

  public boolean isPrimary() {
    return role == MemberRole.PRIMARY && state.isServing();
  }

  public boolean isReplica() {
    return role == MemberRole.REPLICA && state.isServing();
  }

  /** The same member but for its WAL positions: what is worth writing at once when it changes. */
  public Member withoutPositions() {
    return toBuilder()
        .position(Lsn.ZERO)
        .receivedPosition(Lsn.ZERO)
        .replayedPosition(Lsn.ZERO)
        .build();
  }

  /** The same with changes. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** What a new Member is made of; not for several threads. */
  public static final class Builder {
    private String name;
    private String connUrl;
    private String apiUrl;
    private MemberState state;
    private MemberRole role;
    private int timeline;
    private Lsn position;
    private Lsn receivedPosition;
    private Lsn replayedPosition;
    private Tags tags;
    private String version;
    private String replicationState;
    private boolean pendingRestart;
    private boolean raisesKey;
    private Optional<RestartPlan> scheduledRestart;
    private List<PendingChange> pending;
    private boolean paused;
    private boolean unsettled;
    private String proxyUrl;
    private Duration lease;
    private boolean keepsClients;
    private String pooledTo;

    private Builder(Member from) {
      this.name = from.name;
      this.connUrl = from.connUrl;
      this.apiUrl = from.apiUrl;
      this.state = from.state;
      this.role = from.role;
      this.timeline = from.timeline;
      this.position = from.position;
      this.receivedPosition = from.receivedPosition;
      this.replayedPosition = from.replayedPosition;
      this.tags = from.tags;
      this.version = from.version;
      this.replicationState = from.replicationState;
      this.pendingRestart = from.pendingRestart;
      this.raisesKey = from.raisesKey;
      this.scheduledRestart = from.scheduledRestart;
      this.pending = from.pending;
      this.paused = from.paused;
      this.unsettled = from.unsettled;
      this.proxyUrl = from.proxyUrl;
      this.lease = from.lease;
      this.keepsClients = from.keepsClients;
      this.pooledTo = from.pooledTo;
    }

    public Builder name(String value) {
      name = value;
      return this;
    }

    public Builder connUrl(String value) {
      connUrl = value;
      return this;
    }

    public Builder apiUrl(String value) {
      apiUrl = value;
      return this;
    }

    public Builder state(MemberState value) {
      state = value;
      return this;
    }

    public Builder role(MemberRole value) {
      role = value;
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

    public Builder receivedPosition(Lsn value) {
      receivedPosition = value;
      return this;
    }

    public Builder replayedPosition(Lsn value) {
      replayedPosition = value;
      return this;
    }

    public Builder tags(Tags value) {
      tags = value;
      return this;
    }

    public Builder version(String value) {
      version = value;
      return this;
    }

    public Builder replicationState(String value) {
      replicationState = value;
      return this;
    }

    public Builder pendingRestart(boolean value) {
      pendingRestart = value;
      return this;
    }

    public Builder raisesKey(boolean value) {
      raisesKey = value;
      return this;
    }

    public Builder pending(List<PendingChange> value) {
      pending = value;
      return this;
    }

    public Builder paused(boolean value) {
      paused = value;
      return this;
    }

    public Builder scheduledRestart(Optional<RestartPlan> value) {
      scheduledRestart = value;
      return this;
    }

    public Builder unsettled(boolean value) {
      unsettled = value;
      return this;
    }

    public Builder proxyUrl(String value) {
      proxyUrl = value;
      return this;
    }

    public Builder lease(Duration value) {
      lease = value;
      return this;
    }

    public Builder keepsClients(boolean value) {
      keepsClients = value;
      return this;
    }

    public Builder pooledTo(String value) {
      pooledTo = value;
      return this;
    }

    public Member build() {
      return new Member(
          name,
          connUrl,
          apiUrl,
          state,
          role,
          timeline,
          position,
          receivedPosition,
          replayedPosition,
          tags,
          version,
          replicationState,
          pendingRestart,
          raisesKey,
          scheduledRestart,
          pending,
          paused,
          unsettled,
          proxyUrl,
          lease,
          keepsClients,
          pooledTo);
    }
  }
}
