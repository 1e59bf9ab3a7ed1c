package dev.matriarch.agent.guard;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.WatchdogConfig;
import dev.matriarch.agent.config.WatchdogConfig.Driver;
import dev.matriarch.agent.config.WatchdogConfig.Mode;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a watchdog device reset the machine when this agent hangs while it leads (P185): open while
 * it leads, pinged at each proof of the lease, disarmed when it leads no more. A thread of its own
 * talks to the device, which may block. Thread-safe.
 */
public final class Watchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** A proof older than this is no ping: the device counts from now, the others from the proof. */
  private static final Duration STALE = Duration.ofMillis(500);

  private final WatchdogConfig config;
  private final InstantSource monotonic;
  private final Thread keeper;

  private boolean wanted;
  private boolean pingDue;
  private int timeout;
  private boolean open;
  private volatile boolean failing;

  /** {@code monotonic} is the clock of the proofs. */
  public Watchdog(WatchdogConfig config, InstantSource monotonic) {
    this.config = requireNonNull(config, "config is null");
    this.monotonic = requireNonNull(monotonic, "monotonic is null");
    this.keeper = Thread.ofPlatform().daemon().name("watchdog").unstarted(this::keep);
    if (config.mode() != Mode.OFF) {
      keeper.start();
    }
  }

  /**
   * Why it cannot be used; empty when it can, or is not wanted. With mode {@code required} the
   * agent must not go on then.
   */
  public Optional<String> objection() {
    Path device = Path.of(config.device());
    return config.mode() == Mode.OFF || Files.isWritable(device)
        ? Optional.empty()
        : Optional.of(device + " is not there or may not be written by this account");
  }

  public boolean isRequired() {
    return config.mode() == Mode.REQUIRED;
  }

  /** It is required, and now neither there nor to be armed: this member must not lead. */
  public boolean hasFailed() {
    return isRequired() && (failing || objection().isPresent());
  }

  /** After how many seconds without a ping the device fires. */
  static int timeout(Settings settings, Duration safetyMargin) {
    Duration wish =
        safetyMargin.isNegative()
            ? settings.ttl().dividedBy(2)
            : settings.ttl().minus(safetyMargin);
    // Ours may pass on before ttl is over: the device has to be faster than the lease.
    Duration most = settings.lease().lease().minusSeconds(1);
    return (int) Math.max(1, (wish.compareTo(most) < 0 ? wish : most).toSeconds());
  }

  /**
   * These settings with a primary stopped so early that the device of an agent that lives never
   * fires.
   */
  public Settings leavingTime(Settings settings) {
    if (config.mode() == Mode.OFF || objection().isPresent()) {
      return settings;
    }
    Duration latest = Duration.ofSeconds(timeout(settings, config.safetyMargin())).minusSeconds(1);
    Duration usual = settings.lease().lease().minus(settings.lease().margin());
    Duration reserve = usual.minus(latest);
    return reserve.isNegative() ? settings : settings.toBuilder().reserve(reserve).build();
  }

  /** What the loop wants of it; never blocks. */
  public synchronized void tend(boolean leads, Settings settings) {
    int seconds = timeout(settings, config.safetyMargin());
    if (leads != wanted || seconds != timeout) {
      wanted = leads;
      timeout = seconds;
      LockSupport.unpark(keeper);
    }
  }

  /** The lease was proven by what was sent then; never blocks. */
  public synchronized void proven(Instant sentAt) {
    if (Duration.between(sentAt, monotonic.instant()).compareTo(STALE) <= 0) {
      pingDue = true;
      LockSupport.unpark(keeper);
    }
  }

  /** Returns once it is armed; fails only where it is required. */
  public Outcome ensure(Settings settings) throws InterruptedException {
    if (config.mode() == Mode.OFF) {
      return new Outcome.Done();
    }
    tend(true, settings);
    long end = System.nanoTime() + PATIENCE.toNanos();
    synchronized (this) {
      while (!open && isRequired() && System.nanoTime() < end) {
        wait(Math.max(1, PATIENCE.toMillis() / 20));
      }
      return open || !isRequired()
          ? new Outcome.Done()
          : new Outcome.Failed(
              "watchdog.mode is required, and " + config.device() + " could not be armed");
    }
  }

  /** Disarms it: this agent ends, and with it the lead. */
  @Override
  public void close() {
    synchronized (this) {
      wanted = false;
    }
    LockSupport.unpark(keeper);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (isOpen() && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  private synchronized boolean isOpen() {
    return open;
  }

  // ---- the keeper's thread

  private record Wish(boolean wanted, int timeout, boolean ping) {}

  private synchronized Wish wish() {
    Wish wish = new Wish(wanted, timeout, pingDue);
    pingDue = false;
    return wish;
  }

  private void keep() {
    Optional<WatchdogDevice> device = Optional.empty();
    int set = 0;
    while (!Thread.currentThread().isInterrupted()) {
      Wish wish = wish();
      try {
        if (wish.wanted() && device.isEmpty()) {
          device = Optional.of(openDevice());
          set = 0;
        }
        if (device.isPresent()) {
          set = serve(device.get(), wish, set);
          device = wish.wanted() ? device : Optional.empty();
        }
        mark(device.isPresent());
        failing = false;
        sleepUnlessNews(wish);
      } catch (IOException e) {
        if (!failing) {
          LOG.warn("watchdog: {}; it is tried again each second", e.getMessage());
        }
        device = Optional.empty();
        failing = true;
        mark(false);
        LockSupport.parkNanos(this, AGAIN.toNanos());
      }
    }
  }

  private int serve(WatchdogDevice device, Wish wish, int set) throws IOException {
    if (!wish.wanted()) {
      device.close();
      LOG.info("watchdog {} is disarmed", config.device());
      return 0;
    }
    if (set != wish.timeout()) {
      device.timeout(wish.timeout());
      device.ping();
      LOG.info("watchdog {} fires after {} s without a ping", config.device(), wish.timeout());
    } else if (wish.ping()) {
      device.ping();
    }
    return wish.timeout();
  }

  private void sleepUnlessNews(Wish done) {
    boolean news;
    synchronized (this) {
      news = pingDue || wanted != done.wanted() || timeout != done.timeout();
    }
    if (!news) {
      LockSupport.park(this);
    }
  }

  private synchronized void mark(boolean isOpen) {
    open = isOpen;
    notifyAll();
  }

  private WatchdogDevice openDevice() throws IOException {
    Path path = Path.of(config.device());
    return config.driver() == Driver.TESTING
        ? WatchdogDevice.Testing.open(path)
        : WatchdogDevice.Kernel.open(path);
  }
}
