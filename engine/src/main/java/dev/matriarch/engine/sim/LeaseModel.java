package dev.matriarch.engine.sim;

import dev.matriarch.engine.Event;
import java.time.Instant;

/**
 * The thread that renews the leader key, apart from the member's loop, and the kernel's door that
 * each renewal keeps open for the clients.
 */
final class LeaseModel {
  private static final long LONGEST_PAUSE = Agenda.millis(200);
  private static final long LEAST_ATTEMPT = Agenda.millis(100);

  private final World world;
  private final MemberModel member;
  private long held;
  private long doorUntil;
  private long provenUntil;

  LeaseModel(World world, MemberModel member) {
    this.world = world;
    this.member = member;
  }

  /** Clients get answers from this member's server. */
  boolean doorIsOpen() {
    return !world.guarded() || world.agenda().now() < doorUntil;
  }

  /** Until when nobody else can have been given the lead, as etcd knows it. */
  long provenUntil() {
    return provenUntil;
  }

  /** A claim or renewal sent at that time has been committed. */
  void proven(long sentAt) {
    provenUntil = Math.max(provenUntil, sentAt + Agenda.micros(world.terms().lease()));
  }

  /** The key is ours: it is renewed from now on. */
  void hold(long lease, long sentAt, long revision) {
    held = lease;
    openDoor(sentAt);
    member.deliver(new Event.LeaseRenewed(world.instantAt(sentAt), revision));
    renewLater(lease, sentAt + Agenda.micros(world.terms().renewal()) - world.agenda().now());
  }

  /** The agent is gone, or lets the key go. */
  void forget() {
    held = 0;
  }

  /** All members have agreed to wait: the door stays open longer. */
  void spared(long sentAt) {
    openDoor(sentAt);
  }

  private void openDoor(long sentAt) {
    Instant deadline = world.terms().deadline(world.instantAt(sentAt));
    doorUntil = Math.max(doorUntil, Agenda.micros(deadline));
  }

  /** The word of a renewal is on its way to the loop for a moment, whatever becomes of the key. */
  private void renewed(long sentAt, long revision) {
    openDoor(sentAt);
    member.later(
        world.upTo(Agenda.millis(2)),
        () -> member.deliver(new Event.LeaseRenewed(world.instantAt(sentAt), revision)));
  }

  private void renewLater(long lease, long micros) {
    member.later(Math.max(micros, 0) + world.upTo(world.jitter()), () -> renew(lease));
  }

  private void renew(long lease) {
    if (lease != held) {
      return;
    }
    long sentAt = world.agenda().now();
    long attempt = Math.max(LEAST_ATTEMPT, Agenda.micros(world.terms().lease()) / 8);
    world.request(
        member,
        attempt,
        () -> {
          Store.Claimed claimed = world.store().renew(member.name(), lease);
          if (claimed.held()) {
            proven(sentAt);
          }
          return claimed;
        },
        claimed -> {
          if (lease != held) {
            return;
          }
          if (claimed.held()) {
            renewed(sentAt, claimed.revision());
            renewLater(
                lease, sentAt + Agenda.micros(world.terms().renewal()) - world.agenda().now());
          } else {
            held = 0;
            member.deliver(new Event.LeaseLost(claimed.why()));
          }
        },
        () -> renewLater(lease, LONGEST_PAUSE));
  }
}
