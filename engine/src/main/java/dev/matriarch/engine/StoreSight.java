package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a member knows of etcd.
 *
 * @param state the cluster as last read; meaningless until {@code known}
 * @param known it was read at least once
 * @param trouble why etcd cannot be reached now; empty while it answers
 * @param sighting the leader's last sign of life
 * @param vacantSince since when the key was vacant without a break, as far as this member saw: etcd
 *     answered all the while, and nobody changed the voters
 * @param sawLeader since this agent started a leader was seen to do something, this member or
 *     another: a key alone may be what is left of one
 */
public record StoreSight(
    ClusterState state,
    boolean known,
    String trouble,
    Optional<Sighting> sighting,
    Optional<Instant> vacantSince,
    boolean sawLeader) {
  public static final StoreSight UNSEEN =
      new StoreSight(ClusterState.EMPTY, false, "", Optional.empty(), Optional.empty(), false);

  public StoreSight {
    requireNonNull(state, "state is null");
    requireNonNull(trouble, "trouble is null");
    requireNonNull(sighting, "sighting is null");
    requireNonNull(vacantSince, "vacantSince is null");
  }

  /** Known and answering: what it says can be acted on. */
  public boolean isCurrent() {
    return known && trouble.isEmpty();
  }

  /** A newer state arrived at {@code now}; an older one than known is ignored. */
  StoreSight after(ClusterState read, Duration lease, Instant now) {
    if (known && read.revision() < state.revision()) {
      return this;
    }
    // What was never seen whole stays unreadable: absent is not what it is.
    boolean whole = known && state.unreadable().isEmpty();
    ClusterState newer = whole ? read.remembering(state) : read;
    boolean overwritten = read.leadership() instanceof Leadership.Unowned;
    return switch (newer.leadership()) {
      case Leadership.Vacant vacant ->
          new StoreSight(
              newer, true, "", Optional.empty(), Optional.of(vacantSince(newer, now)), sawLeader);
      case Leadership.Unowned unowned ->
          new StoreSight(
              newer,
              true,
              "",
              Optional.of(unowned(unowned.revision(), lease, now)),
              Optional.empty(),
              sawLeader);
      case Leadership.Held held ->
          new StoreSight(
              newer,
              true,
              "",
              Optional.of(sight(newer, held, lease, now, overwritten)),
              Optional.empty(),
              sawLeader || (known && !overwritten && isAlive(newer, held)));
    };
  }

  /**
   * Another's whole term may have passed unseen; what peers answered before it is worth nothing.
   */
  private Instant vacantSince(ClusterState newer, Instant now) {
    boolean unbroken = isCurrent() && newer.sync().revision() == state.sync().revision();
    return unbroken ? vacantSince.orElse(now) : now;
  }

  /** The key was renewed, or taken, or its holder's own key changed: those that are lost do not. */
  private boolean isAlive(ClusterState newer, Leadership.Held held) {
    boolean renewed =
        !(state.leadership() instanceof Leadership.Held before)
            || !before.name().equals(held.name())
            || before.revision() != held.revision();
    return renewed || (newer.leader().isPresent() && !newer.leader().equals(state.leader()));
  }

  private Sighting sight(
      ClusterState newer, Leadership.Held held, Duration lease, Instant now, boolean overwritten) {
    Duration declared = newer.leader().map(Member::lease).orElse(Duration.ZERO);
    Sighting seen =
        sighting
            .filter(last -> last.leader().equals(held.name()))
            .map(last -> last.renewed(held.revision(), now).declaring(declared, lease))
            .orElseGet(() -> Sighting.first(held.name(), held.revision(), now, lease, declared));
    boolean visible = newer.leader().map(Member::raisesKey).orElse(seen.raisesKey());
    return seen.raising(visible || overwritten);
  }

  /** No lease ends it, so it is deleted like the key of a leader that has gone silent. */
  private Sighting unowned(long revision, Duration lease, Instant now) {
    return sighting
        .filter(last -> last.revision() == revision)
        .orElseGet(() -> Sighting.first("", revision, now, lease, Duration.ZERO))
        .raising(true);
  }

  /** etcd has taken what this member says of itself; a read that is on its way will say so too. */
  StoreSight told(Member self) {
    return new StoreSight(state.with(self), known, trouble, sighting, vacantSince, sawLeader);
  }

  /** The configuration's lease is another. */
  StoreSight whenLeaseIs(Duration lease) {
    return new StoreSight(
        state,
        known,
        trouble,
        sighting.map(last -> last.whenLeaseIs(lease)),
        vacantSince,
        sawLeader);
  }

  StoreSight failing(String reason) {
    return new StoreSight(state, known, reason, sighting, vacantSince, sawLeader);
  }
}
