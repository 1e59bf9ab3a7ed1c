package dev.matriarch.agent.guard;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.MatriarchConfig.GuardConfig;
import dev.matriarch.agent.config.MatriarchConfig.GuardMode;
import dev.matriarch.agent.guard.Nft.Answer;
import dev.matriarch.engine.Outcome;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The kernel lease (design, section 3): packets to and from the instance's ports pass only while
 * the kernel's own clock says that the lease lasts. Each call takes some 25 ms and is bounded; keep
 * it off the path of renewals. Thread-safe.
 */
public final class LeaseGuard implements AutoCloseable {
  static final Duration BUDGET = Duration.ofMillis(500);

  /** A loaded host must not lose its guard for good because the one probe was slow. */
  private static final Duration PROBE_BUDGET = Duration.ofSeconds(5);

  /**
   * The kernel counts a timeout from when it takes the order, not from when the order was written:
   * so much earlier than the deadline it closes.
   */
  private static final Duration USUAL_DELAY = Duration.ofMillis(50);

  /** What must stay reachable whatever happens: ssh, etcd, the agent itself. */
  private static final Set<Integer> NEVER_GUARDED = Set.of(22, 2379, 2380, 8008);

  private static final String WAY_OUT = "; set matriarch.lease_guard.mode to off to go without";

  /** What the host and the configuration make of it. */
  private sealed interface Means {
    /** Not wanted. */
    record Off() implements Means {}

    /** Wanted, but it cannot be. */
    record Impossible(String why) implements Means {}

    /** How to do it. */
    record Ready(Nft nft, Door door) implements Means {}
  }

  private final String instance;
  private final GuardConfig config;
  private final InstantSource monotonic;
  private final String path;
  private Optional<Means> means = Optional.empty();

  /** For an instance; {@code monotonic} is the clock of the deadlines given to {@link #arm}. */
  public LeaseGuard(String instance, GuardConfig config, InstantSource monotonic) {
    this(instance, config, monotonic, Optional.ofNullable(System.getenv("PATH")).orElse(""));
  }

  LeaseGuard(String instance, GuardConfig config, InstantSource monotonic, String path) {
    this.instance = requireNonNull(instance, "instance is null");
    this.config = requireNonNull(config, "config is null");
    this.monotonic = requireNonNull(monotonic, "monotonic is null");
    this.path = requireNonNull(path, "path is null");
  }

  /**
   * Whether the host allows it.
   *
   * @return empty when it does or when the mode is off; else why not. With mode {@code required}
   *     the agent must not go on then
   */
  public Optional<String> objection() {
    return switch (means()) {
      case Means.Impossible impossible -> Optional.of(impossible.why() + WAY_OUT);
      case Means.Off off -> Optional.empty();
      case Means.Ready ready -> Optional.empty();
    };
  }

  /** Whether it is in use: wanted and possible. */
  public boolean isActive() {
    return means() instanceof Means.Ready;
  }

  /**
   * Closes the ports from {@code deadline} on, unless armed again; a deadline that has passed
   * closes them now. Done when it is not active.
   */
  public synchronized Outcome arm(Instant deadline) {
    requireNonNull(deadline, "deadline is null");
    return switch (means()) {
      case Means.Ready ready -> arm(ready, deadline);
      case Means.Off off -> new Outcome.Done();
      case Means.Impossible impossible -> new Outcome.Done();
    };
  }

  /**
   * Lets everything pass: this member is a standby. The door stays, open: to arm one that is there
   * takes a third of the time, of which clients wait for most in a switchover.
   */
  public synchronized Outcome disarm() {
    return pass(Door::openedForGood);
  }

  /** Lets everything pass, and takes the door away. */
  public synchronized Outcome remove() {
    return pass(Door::removed);
  }

  private Outcome pass(Function<Door, String> script) {
    return switch (means()) {
      case Means.Ready ready -> outcome(ready.nft().run(() -> script.apply(ready.door()), BUDGET));
      case Means.Off off -> new Outcome.Done();
      case Means.Impossible impossible -> new Outcome.Done();
    };
  }

  /** Ends its thread; what the kernel holds stays, for the agent may come back. */
  @Override
  public void close() {}

  /**
   * Arms until the kernel is known to have taken the order soon enough. Each attempt starts from
   * the time that is left by then, and allows for twice the delay that the one before met.
   */
  private Outcome arm(Means.Ready ready, Instant deadline) {
    Instant giveUp = monotonic.instant().plus(BUDGET);
    Duration delay = USUAL_DELAY;
    while (true) {
      Attempt attempt = new Attempt(ready, deadline.minus(delay), giveUp);
      Answer answer = attempt.make();
      Duration late = attempt.took().minus(delay);
      if (!(answer instanceof Answer.Taken) || !late.isPositive()) {
        return outcome(answer);
      }
      delay = attempt.took().multipliedBy(2);
      if (!monotonic.instant().plus(attempt.took()).isBefore(giveUp)) {
        return new Outcome.Failed(
            "the kernel was told late: the ports may stay open for %d ms beyond the deadline"
                .formatted(late.toMillis()));
      }
    }
  }

  /** One try to have the door close at a time. */
  private final class Attempt {
    private final Means.Ready ready;
    private final Instant closing;
    private final Instant giveUp;
    private Instant written;

    Attempt(Means.Ready ready, Instant closing, Instant giveUp) {
      this.ready = ready;
      this.closing = closing;
      this.giveUp = giveUp;
      this.written = monotonic.instant();
    }

    /**
     * An open door is prolonged. One that is closed or not there gets a foot in it first, for a
     * moment that even an order held up for hours cannot make longer.
     */
    Answer make() {
      Answer prolonged = prolong();
      if (!(prolonged instanceof Answer.Rejected)) {
        return prolonged;
      }
      Answer foothold = order(left -> ready.door().opened(least(left, BUDGET)));
      return foothold instanceof Answer.Taken ? prolong() : foothold;
    }

    private Answer prolong() {
      return order(ready.door()::prolonged);
    }

    /** From when the last order's time left was measured until now. */
    Duration took() {
      return Duration.between(written, monotonic.instant());
    }

    private Answer order(Function<Duration, String> script) {
      return ready
          .nft()
          .run(
              () -> {
                written = monotonic.instant();
                Duration left = Duration.between(written, closing);
                return left.isPositive() ? script.apply(left) : ready.door().closed();
              },
              Duration.between(monotonic.instant(), giveUp));
    }
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Outcome outcome(Answer answer) {
    return switch (answer) {
      case Answer.Taken taken -> new Outcome.Done();
      case Answer.Rejected rejected -> new Outcome.Failed("nft: " + rejected.why());
      case Answer.CutOff cutOff -> new Outcome.Failed("nft: " + cutOff.why());
    };
  }

  /** Found out once: what a host allows does not change under an agent. */
  private synchronized Means means() {
    Means found = means.orElseGet(this::findOut);
    means = Optional.of(found);
    return found;
  }

  private Means findOut() {
    if (config.mode() == GuardMode.OFF) {
      return new Means.Off();
    }
    List<Integer> ports = config.ports();
    if (ports.isEmpty()) {
      return new Means.Impossible("matriarch.lease_guard.ports is empty");
    }
    Optional<Integer> vital = ports.stream().filter(NEVER_GUARDED::contains).findFirst();
    if (vital.isPresent()) {
      return new Means.Impossible(
          "matriarch.lease_guard.ports: %d must stay reachable (one of ssh, etcd, agent)"
              .formatted(vital.get()));
    }
    InetAddress address;
    try {
      address = InetAddress.ofLiteral(config.address());
    } catch (IllegalArgumentException e) {
      return new Means.Impossible(
          "matriarch.lease_guard.address: '%s' is no IP address".formatted(config.address()));
    }
    return Nft.find(path)
        .map(nft -> probed(nft, new Door(Door.table(instance), address, ports)))
        .orElseGet(() -> new Means.Impossible("nft is not there: install the package nftables"));
  }

  /** The rehearsal has a table of its own: what guards this instance now is left alone. */
  private Means probed(Nft nft, Door door) {
    Door own = new Door("matriarch_probe_" + door.table(), door.address(), door.ports());
    return switch (nft.run(own::rehearsed, PROBE_BUDGET)) {
      case Answer.Taken taken -> new Means.Ready(nft, door);
      case Answer.Rejected rejected ->
          new Means.Impossible(
              "nft may not change the packet filter (%s): give the agent CAP_NET_ADMIN"
                  .formatted(rejected.why()));
      case Answer.CutOff cutOff -> new Means.Impossible("nft: " + cutOff.why());
    };
  }
}
