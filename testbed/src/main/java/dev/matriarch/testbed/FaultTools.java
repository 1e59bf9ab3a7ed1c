package dev.matriarch.testbed;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What several faults are made of. Stateless. */
final class FaultTools {
  private static final Duration CHECK = Duration.ofMillis(200);
  private static final Duration BACK = Duration.ofSeconds(30);
  private static final Duration ANSWER = Duration.ofMinutes(2);

  private FaultTools() {}

  static Fault.Applied kill(Host host, Role role) {
    if (host.signal(role, Signal.KILL) == 0) {
      throw new TestbedException("there is no %s to kill on %s".formatted(role, host));
    }
    return () -> {};
  }

  /**
   * Freezes by pid and thaws the same pids: what replaced them meanwhile is none of its business.
   */
  static Fault.Applied freeze(Host host, Role... roles) {
    for (Role role : roles) {
      if (host.pids(role).isEmpty()) {
        throw new TestbedException("there is no %s to freeze on %s".formatted(role, host));
      }
    }
    return freezeWhatRuns(host, roles);
  }

  /** The same, where some or all of them may be down. */
  static Fault.Applied freezeWhatRuns(Host host, Role... roles) {
    List<Long> frozen = new ArrayList<>();
    for (Role role : roles) {
      List<Long> pids = host.pids(role);
      Signal.STOP.send(pids);
      frozen.addAll(pids);
    }
    return () -> Signal.CONT.send(frozen);
  }

  /** Power cut; healing boots the host. */
  static Fault.Applied crash(Cluster cluster, Host host) {
    host.crash();
    return () -> {
      host.revive();
      cluster.start(host);
    };
  }

  /** Everything on the host is killed; healing starts its node. */
  static Fault.Applied killAll(Cluster cluster, Host host) {
    Network.killAll(host.namespace());
    return () -> cluster.start(host);
  }

  /** The host is cut off. */
  static Fault.Applied isolate(Cluster cluster, Host host) {
    cluster.network().isolate(host);
    return () -> cluster.network().heal(host);
  }

  /** Begins a switchover and strikes it; healing also waits for the end of who asked for it. */
  static Fault.Applied strike(Cluster cluster, HandoverStep step, HandoverBlow blow) {
    Host primary = cluster.primary();
    Host candidate = cluster.replicas().getFirst();
    Await.until(
        step + " to be due",
        BACK,
        () -> step.isDue(cluster, primary, LocalDateTime.now(ZoneId.systemDefault())));
    HandoverBlow.Aimed aimed = blow.aim(cluster, primary, candidate);
    BooleanSupplier begun = step.begun(cluster, primary, candidate);
    Proc asking = cluster.beginSwitchover(cluster.instance(candidate));
    Await.closely(step + " of the switchover", BACK, begun, () -> asking + "\n" + asking.tail(5));
    Fault.Applied struck = aimed.strike();
    return () -> {
      struck.heal();
      if (!asking.awaitExit(ANSWER)) {
        throw new TestbedException("who asked for the switchover still waits: " + asking.tail(5));
      }
    };
  }

  /** Several at once. */
  static Fault.Applied all(List<Fault.Applied> parts) {
    return () -> parts.forEach(Fault.Applied::heal);
  }

  /** Kills at once, and goes on killing what a supervisor starts again until it is healed. */
  static Fault.Applied keepDown(Role role, Host... hosts) {
    for (Host host : hosts) {
      // One that an earlier fault killed may be on its way back.
      Await.until(
          role + " runs on " + host, BACK, () -> !host.pids(role).isEmpty(), () -> "it is away");
      kill(host, role);
    }
    CountDownLatch healed = new CountDownLatch(1);
    Thread killer =
        Thread.ofPlatform()
            .daemon()
            .name("keep-down-" + role)
            .start(() -> killUntil(healed, role, hosts));
    return () -> {
      healed.countDown();
      try {
        killer.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  private static void killUntil(CountDownLatch healed, Role role, Host... hosts) {
    try {
      while (!healed.await(CHECK.toMillis(), TimeUnit.MILLISECONDS)) {
        for (Host host : hosts) {
          host.signal(role, Signal.KILL);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
