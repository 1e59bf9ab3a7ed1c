package dev.matriarch.agent.vip;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.VipConfig;
import dev.matriarch.engine.LeaseTerms;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.SelfPortrait;
import dev.matriarch.engine.Server;
import dev.matriarch.engine.View;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * The addresses that follow the leader. They are put on the host for the rest of the lease and
 * prolonged with each renewal, so whatever becomes of the agent the kernel has taken them off by
 * the time another may lead. A successor of a killed agent prolongs what it finds.
 *
 * <p>A thread of its own does it, so that neither renewals nor decisions wait for {@code ip};
 * {@link #shorten} and {@link #release} wait, since what follows them relies on it.
 */
public final class VirtualAddresses implements AutoCloseable {
  private static final Duration AGAIN = Duration.ofMillis(500);

  /** What a member's place in its cluster means for the addresses. */
  public enum Course {
    /** Nothing changes: held ones are prolonged, others are left to run out. */
    STAY,
    /** They belong here while the lease lasts. */
    HOLD,
    /** They belong elsewhere, or nowhere. */
    LEAVE;

    /**
     * They come once the leader's server takes writes, so that nobody is led to one that refuses
     * them, and stay with the lead while it is started anew. A standby cluster's leader has them
     * too.
     */
    public static Course of(View view, Instant now) {
      return switch (SelfPortrait.of(view, now).role()) {
        case PRIMARY, STANDBY_LEADER -> HOLD;
        case PROMOTED, REPLICA, DEMOTED, UNINITIALIZED ->
            view.leads(now) || !isKnown(view) ? STAY : LEAVE;
      };
    }

    /** A successor that has not looked yet may be the leader's. */
    private static boolean isKnown(View view) {
      return view.store().known() && view.server().condition() != Server.Condition.UNKNOWN;
    }
  }

  /**
   * What is wanted.
   *
   * @param course {@link Course#STAY} until something is known
   * @param deadline of the lease
   * @param releasedAt a renewal that was sent before then counts no more
   */
  private record Wish(Course course, Instant deadline, Instant releasedAt) {
    Wish follow(Course next) {
      return next == Course.STAY || next == course ? this : new Wish(next, deadline, releasedAt);
    }

    Wish until(Instant sentAt, Instant next) {
      return sentAt.isBefore(releasedAt) ? this : new Wish(course, next, releasedAt);
    }

    Wish released(Instant now) {
      return new Wish(Course.LEAVE, now, now);
    }
  }

  private final InstantSource monotonic;
  private final AtomicReference<Wish> wish =
      new AtomicReference<>(new Wish(Course.STAY, Instant.MIN, Instant.MIN));
  private final List<HeldAddress> addresses;
  private final Thread keeper;

  /**
   * @param monotonic the clock of the deadlines
   */
  public VirtualAddresses(List<VipConfig> vips, Network network, InstantSource monotonic) {
    requireNonNull(network, "network is null");
    this.monotonic = requireNonNull(monotonic, "monotonic is null");
    this.addresses = vips.stream().map(vip -> new HeldAddress(vip, network, monotonic)).toList();
    this.keeper = Thread.ofPlatform().daemon().name("virtual-addresses").unstarted(this::keep);
    if (!addresses.isEmpty()) {
      keeper.start();
    }
  }

  /** Of a member whose cluster has none. */
  public static VirtualAddresses none(InstantSource monotonic) {
    return new VirtualAddresses(
        List.of(), new LinuxNetwork(InetAddress.getLoopbackAddress()), monotonic);
  }

  /** Goes by what was decided. Never blocks. */
  public void follow(Course course) {
    requireNonNull(course, "course is null");
    change(before -> before.follow(course));
  }

  /** The lease lasts until then, by what was sent at {@code sentAt}. Never blocks. */
  public void until(Instant sentAt, Instant deadline) {
    change(before -> before.until(sentAt, deadline));
  }

  /** All members wait for this leader without etcd: as after a renewal. Never blocks. */
  public void spare(Instant sentAt, Instant deadline) {
    change(before -> deadline.isAfter(before.deadline()) ? before.until(sentAt, deadline) : before);
  }

  /**
   * This member leads without a lease, which a pause lets it do: as after a renewal, as often as
   * there would be one. Never blocks.
   */
  public void leftToRun(Instant now, LeaseTerms terms) {
    Instant lasting = now.plus(terms.lease());
    if (wish.get().deadline().plus(terms.renewal()).isBefore(lasting)) {
      until(now, lasting);
    }
  }

  /** The lease may end as early as that: returns once the kernel knows. */
  public Outcome shorten(Instant deadline) {
    change(
        before ->
            deadline.isBefore(before.deadline())
                ? new Wish(before.course(), deadline, before.releasedAt())
                : before);
    return turn();
  }

  /**
   * The lease is about to be given up: returns once the addresses are off, as others may put them
   * on.
   */
  public Outcome release() {
    change(before -> before.released(monotonic.instant()));
    return turn();
  }

  /** How they stand. */
  public List<Standing> standings() {
    return addresses.stream().map(HeldAddress::standing).toList();
  }

  /**
   * Ends the thread; what is held stays until the lease ends, for the next agent may prolong it.
   */
  @Override
  public void close() {
    keeper.interrupt();
  }

  private void change(UnaryOperator<Wish> next) {
    Wish before = wish.getAndUpdate(next);
    if (!before.equals(wish.get())) {
      LockSupport.unpark(keeper);
    }
  }

  private void keep() {
    while (!Thread.currentThread().isInterrupted()) {
      Wish now = wish.get();
      boolean well = turn() instanceof Outcome.Done;
      boolean announcing = addresses.stream().anyMatch(HeldAddress::isAnnouncing);
      if (!now.equals(wish.get())) {
        continue;
      }
      if (!well || announcing) {
        LockSupport.parkNanos(this, AGAIN.toNanos());
      } else {
        LockSupport.park(this);
      }
    }
  }

  /** Brings about what is wanted now. */
  private synchronized Outcome turn() {
    Outcome worst = new Outcome.Done();
    for (HeldAddress address : addresses) {
      Wish now = wish.get();
      Outcome outcome =
          switch (now.course()) {
            case STAY -> new Outcome.Done();
            case HOLD -> address.hold(now.deadline());
            case LEAVE -> address.leave();
          };
      worst = worst instanceof Outcome.Done ? outcome : worst;
    }
    return worst;
  }
}
