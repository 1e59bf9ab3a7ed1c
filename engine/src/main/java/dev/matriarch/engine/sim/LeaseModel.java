package dev.matriarch.engine.sim;

import dev.matriarch.engine.Event;
import dev.matriarch.engine.LeaseTerms;

/**
 * The thread that renews the leader key, apart from the member's loop, and the kernel's door that
 * each renewal keeps open for the clients.
 */
final class LeaseModel {
  private static final long LONGEST_PAUSE = Agenda.millis(200);
  private static final long LEAST_ATTEMPT = Agenda.millis(100);

  private final World world;
  private final MemberModel member;
  private LeaseTerms terms;
  private long held;
  private long doorUntil;
  private long provenUntil;

  /** Got for a key that is to be left to this member, and what it is worth. */
  private long ahead;

  private long aheadAt;
  private LeaseTerms aheadBy;

  /** Raised when a claim in flight is not wanted any more. */
  private int claim;

  LeaseModel(World world, MemberModel member, LeaseTerms terms) {
    this.world = world;
    this.member = member;
    this.terms = terms;
  }

  /** What a claim made now is worth. */
  LeaseTerms terms() {
    return terms;
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
  void proven(long sentAt, LeaseTerms by) {
    provenUntil = Math.max(provenUntil, sentAt + Agenda.micros(by.lease()));
  }

  /** The key is ours: it is renewed from now on. */
  void hold(long lease, long sentAt, long revision, LeaseTerms by) {
    claim++;
    held = lease;
    openDoor(sentAt, by);
    member.deliver(new Event.LeaseRenewed(member.clock().at(sentAt), revision, by));
    if (by.equals(terms)) {
      renewLater(new Renewing(lease, by), sentAt + interval(by) - world.agenda().now());
    } else {
      takeAnew(terms, claim);
    }
  }

  /** The key is about to be left to this member. */
  void prepare() {
    LeaseTerms by = terms;
    long sentAt = world.agenda().now();
    world.request(
        member,
        attempt(by),
        () -> world.store().grantAhead(ttl(by)),
        lease -> {
          ahead = lease;
          aheadAt = sentAt;
          aheadBy = by;
        },
        () -> {});
  }

  /** The lease that was got ahead, while it is young; 0 for none. */
  long ahead() {
    boolean young =
        ahead != 0 && aheadBy.equals(terms) && world.agenda().now() < aheadAt + interval(aheadBy);
    return young ? ahead : 0;
  }

  /** Somebody has written the key with that lease, for this member. */
  void leftAhead(long lease) {
    if (lease == ahead) {
      proven(aheadAt, aheadBy);
    }
  }

  /**
   * Whether the key that this member knows of is on the lease that it got ahead: then it is his.
   */
  boolean takesLeft(long revision) {
    long lease = ahead();
    ahead = 0;
    if (lease == 0 || world.store().leaseAt(revision) != lease) {
      return false;
    }
    hold(lease, aheadAt, revision, aheadBy);
    return true;
  }

  /** The agent starts. */
  void begin(LeaseTerms configured) {
    terms = configured;
  }

  /** The agent is gone, or lets the key go: tells which lease it was, 0 for none. */
  long forget() {
    long last = held;
    claim++;
    held = 0;
    ahead = 0;
    return last;
  }

  /** All members have agreed to wait: the door stays open longer. */
  void spared(long sentAt, LeaseTerms by) {
    openDoor(sentAt, by);
  }

  /** The configuration is another: the key is taken anew, if it is ours, with a lease to match. */
  void retune(LeaseTerms changed) {
    if (changed.equals(terms)) {
      return;
    }
    terms = changed;
    if (held != 0) {
      takeAnew(changed, ++claim);
    }
  }

  private void takeAnew(LeaseTerms by, int mine) {
    if (mine != claim) {
      return;
    }
    held = 0;
    long lease = world.store().grant();
    long sentAt = world.agenda().now();
    // The door goes by a shorter lease before etcd does.
    doorUntil = Math.min(doorUntil, member.clock().when(by.deadline(member.clock().at(sentAt))));
    world.request(
        member,
        attempt(by),
        () -> {
          Store.Claimed claimed = world.store().adopt(member.name(), lease, ttl(by));
          if (claimed.held()) {
            proven(sentAt, by);
          }
          return claimed;
        },
        claimed -> {
          if (mine != claim) {
            return;
          }
          if (claimed.held()) {
            hold(claimed.lease(), sentAt, claimed.revision(), by);
          } else {
            member.deliver(new Event.LeaseLost(claimed.why()));
          }
        },
        () -> member.later(LONGEST_PAUSE, () -> takeAnew(by, mine)));
  }

  /** In a pause the server goes on without a lease: the door stays open until the next renewal. */
  void leaveDoorOpen() {
    doorUntil = Long.MAX_VALUE;
  }

  private void openDoor(long sentAt, LeaseTerms by) {
    doorUntil = member.clock().when(by.deadline(member.clock().at(sentAt)));
  }

  private record Renewing(long lease, LeaseTerms by) {}

  private void renewLater(Renewing what, long micros) {
    member.later(Math.max(micros, 0) + world.upTo(world.jitter()), () -> renew(what));
  }

  private void renew(Renewing what) {
    if (what.lease() != held) {
      return;
    }
    long sentAt = world.agenda().now();
    LeaseTerms by = what.by();
    world.request(
        member,
        attempt(by),
        () -> {
          Store.Claimed claimed = world.store().renew(member.name(), what.lease());
          if (claimed.held()) {
            proven(sentAt, by);
          }
          return claimed;
        },
        claimed -> {
          if (what.lease() != held) {
            return;
          }
          if (claimed.held()) {
            openDoor(sentAt, by);
            told(sentAt, claimed.revision(), by);
            renewLater(what, sentAt + interval(by) - world.agenda().now());
          } else {
            held = 0;
            member.deliver(new Event.LeaseLost(claimed.why()));
          }
        },
        () -> renewLater(what, LONGEST_PAUSE));
  }

  /** The word of a renewal is on its way to the loop for a moment, whatever becomes of the key. */
  private void told(long sentAt, long revision, LeaseTerms by) {
    member.later(
        world.upTo(Agenda.millis(2)),
        () -> member.deliver(new Event.LeaseRenewed(member.clock().at(sentAt), revision, by)));
  }

  private static long interval(LeaseTerms by) {
    return Agenda.micros(by.renewal());
  }

  private static long attempt(LeaseTerms by) {
    return Math.max(LEAST_ATTEMPT, Agenda.micros(by.lease()) / 8);
  }

  /** What etcd is told: three renewals more, so that its own clock is the second line. */
  static long ttl(LeaseTerms by) {
    long micros = Agenda.micros(by.lease()) + 3 * interval(by);
    return (long) Math.ceil(micros / 1e6) * 1_000_000;
  }
}
