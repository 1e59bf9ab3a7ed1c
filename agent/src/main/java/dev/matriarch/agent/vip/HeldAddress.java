package dev.matriarch.agent.vip;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.VipConfig;
import dev.matriarch.engine.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One address and what was done about it. All but {@link #standing} is called by one thread at a
 * time.
 */
final class HeldAddress {
  private static final Logger LOG = LoggerFactory.getLogger(HeldAddress.class);

  /**
   * The kernel knows whole seconds and takes an address off up to half a second late (it was seen
   * to take 0.47 s), as it waits for a full second of its own clock.
   */
  private static final Duration LATE = Duration.ofMillis(500);

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VipConfig vip;
  private final Network network;
  private final InstantSource monotonic;
  private Instant told = Instant.MIN;
  private boolean left;
  private boolean linked = true;
  private Instant announceAt = Instant.MAX;
  private Instant announcedUntil = Instant.MIN;
  private volatile String trouble = "";

  HeldAddress(VipConfig vip, Network network, InstantSource monotonic) {
    this.vip = requireNonNull(vip, "vip is null");
    this.network = requireNonNull(network, "network is null");
    this.monotonic = requireNonNull(monotonic, "monotonic is null");
  }

  /** Lets the kernel keep it until the deadline at the latest. */
  Outcome hold(Instant deadline) {
    left = false;
    Outcome outcome = deadline.equals(told) ? new Outcome.Done() : prolong(deadline);
    announce();
    return outcome;
  }

  private Outcome prolong(Instant deadline) {
    Network.Sight before = network.look(vip);
    Duration lifetime;
    do {
      Duration left = Duration.between(monotonic.instant(), deadline).minus(LATE);
      lifetime = Duration.ofSeconds(left.toSeconds());
      if (lifetime.compareTo(SECOND) < 0) {
        // Too little for the kernel to count; what it counts already ends in time.
        return new Outcome.Done();
      }
      Outcome outcome = network.hold(vip, lifetime);
      if (!(outcome instanceof Outcome.Done)) {
        return failed("cannot be put on", outcome);
      }
      // It counts from when it took the order: one that came late is given again with less.
    } while (monotonic.instant().plus(lifetime).plus(LATE).isAfter(deadline));
    told = deadline;
    Network.Sight now = network.look(vip);
    if (!before.bound()) {
      LOG.info("{} is on {}: this member leads", vip.block(), now.device());
    }
    if (!before.bound() || (now.linked() && !linked)) {
      announceAt = monotonic.instant();
      // For so long somebody who led before, and is frozen, may answer for it as well.
      announcedUntil = deadline.plus(SECOND);
    }
    tellLink(now);
    return new Outcome.Done();
  }

  private void tellLink(Network.Sight now) {
    if (linked && !now.linked()) {
      LOG.warn("{} is on {}, which has no link: nobody reaches it", vip.block(), now.device());
    } else if (!linked && now.linked()) {
      LOG.info("{} has its link again", now.device());
    }
    linked = now.linked();
    trouble = linked ? "" : now.device() + " has no link";
  }

  boolean isAnnouncing() {
    return announceAt.isBefore(Instant.MAX);
  }

  private void announce() {
    Instant now = monotonic.instant();
    if (now.isBefore(announceAt)) {
      return;
    }
    Outcome outcome = network.announce(vip);
    if (outcome instanceof Outcome.Done) {
      announceAt = now.plus(SECOND).isBefore(announcedUntil) ? now.plus(SECOND) : Instant.MAX;
    } else {
      failed("cannot be announced, so neighbours find it late", outcome);
      announceAt = Instant.MAX;
    }
  }

  /** Takes it off. */
  Outcome leave() {
    told = Instant.MIN;
    announceAt = Instant.MAX;
    if (left) {
      return new Outcome.Done();
    }
    boolean wasBound = network.look(vip).bound();
    Outcome outcome = network.drop(vip);
    if (!(outcome instanceof Outcome.Done)) {
      return failed("cannot be taken off, and stays until its time is up", outcome);
    }
    left = true;
    trouble = "";
    if (wasBound) {
      LOG.info("{} is off: this member does not lead", vip.block());
    }
    return outcome;
  }

  private Outcome failed(String what, Outcome outcome) {
    String why =
        switch (outcome) {
          case Outcome.Done done -> "";
          case Outcome.Refused refused -> refused.reason();
          case Outcome.Failed failed -> failed.reason();
          case Outcome.Unknown unknown -> unknown.reason();
        };
    String now = what + ": " + why;
    if (!now.equals(trouble)) {
      LOG.error("{} {}", vip.block(), now);
    }
    trouble = now;
    return outcome;
  }

  Standing standing() {
    Network.Sight sight = network.look(vip);
    return new Standing(vip.block(), sight.device(), sight.bound(), sight.linked(), trouble);
  }
}
