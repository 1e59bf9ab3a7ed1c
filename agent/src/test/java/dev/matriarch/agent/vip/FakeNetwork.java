package dev.matriarch.agent.vip;

import dev.matriarch.agent.config.VipConfig;
import dev.matriarch.engine.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A network whose clock stands still until a test moves it, and that fails as it is told. */
final class FakeNetwork implements Network {
  static final Instant START = Instant.EPOCH.plusSeconds(1_000);

  Instant now = START;
  volatile Outcome holding = new Outcome.Done();
  volatile Outcome dropping = new Outcome.Done();
  volatile Outcome announcing = new Outcome.Done();
  volatile boolean linked = true;
  String device = "eth0";

  /** How long each order takes to reach the kernel. */
  Duration delay = Duration.ZERO;

  final List<Duration> lifetimes = new CopyOnWriteArrayList<>();
  final List<Instant> announced = new CopyOnWriteArrayList<>();
  volatile int drops;
  private final Map<VipConfig, Instant> ends = new HashMap<>();

  synchronized void pass(Duration time) {
    now = now.plus(time);
  }

  synchronized Instant now() {
    return now;
  }

  /** Somebody put it there. */
  synchronized void put(VipConfig vip, Instant end) {
    ends.put(vip, end);
  }

  synchronized boolean has(VipConfig vip) {
    return ends.containsKey(vip) && now.isBefore(ends.get(vip));
  }

  @Override
  public synchronized Sight look(VipConfig vip) {
    return new Sight(device, has(vip), linked);
  }

  @Override
  public synchronized Outcome hold(VipConfig vip, Duration lifetime) {
    pass(delay);
    lifetimes.add(lifetime);
    if (holding instanceof Outcome.Done) {
      ends.put(vip, now.plus(lifetime));
    }
    return holding;
  }

  @Override
  public synchronized Outcome drop(VipConfig vip) {
    drops = drops + 1;
    if (dropping instanceof Outcome.Done) {
      ends.remove(vip);
    }
    return dropping;
  }

  @Override
  public synchronized Outcome announce(VipConfig vip) {
    announced.add(now);
    return announcing;
  }
}
