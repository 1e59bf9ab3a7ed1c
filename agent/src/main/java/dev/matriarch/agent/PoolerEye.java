package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.MatriarchConfig.MemberAddress;
import dev.matriarch.agent.routing.PoolerConsole;
import dev.matriarch.agent.routing.PoolerFile;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Pooler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Watches the pooler on this host, and tells the loop when it is another than before. */
final class PoolerEye implements AutoCloseable {
  private static final Duration PACE = Duration.ofSeconds(5);

  private final PoolerConsole console;
  private final PoolerFile file;
  private final Supplier<Map<String, MemberAddress>> members;
  private final Supplier<Duration> overlap;
  private final String self;
  private final Inbox inbox;
  private final AtomicReference<Optional<Thread>> watching =
      new AtomicReference<>(Optional.empty());
  private Optional<Pooler> told = Optional.empty();
  private String lastTarget = "";
  private long targetSince;

  /**
   * @param members where the servers of all members are; they may become more while it runs
   * @param overlap for how long HAProxy elsewhere may send new clients of the primary here after
   *     the pooler has come to send to another
   */
  PoolerEye(
      PoolerConsole console,
      PoolerFile file,
      Supplier<Map<String, MemberAddress>> members,
      Supplier<Duration> overlap,
      String self,
      Inbox inbox) {
    this.console = requireNonNull(console, "console is null");
    this.file = requireNonNull(file, "file is null");
    this.members = requireNonNull(members, "members is null");
    this.overlap = requireNonNull(overlap, "overlap is null");
    this.self = requireNonNull(self, "self is null");
    this.inbox = requireNonNull(inbox, "inbox is null");
  }

  /**
   * Looks, and then again and again, on a thread of its own, until it is closed. The first look is
   * told before it returns: an agent that is started anew must know whom its pooler keeps before it
   * sends anybody away.
   */
  void start() throws InterruptedException {
    look();
    watching.set(Optional.of(Tasks.start("pooler-eye", this::run)));
  }

  @Override
  public void close() {
    watching.getAndSet(Optional.empty()).ifPresent(Thread::interrupt);
  }

  private void run() throws InterruptedException {
    while (!Thread.currentThread().isInterrupted()) {
      if (look().present()) {
        // Its clients wait, or get errors, while it takes to hold them.
        console.prepare();
      }
      Thread.sleep(PACE);
    }
  }

  /** What is done to a pooler, after which it is looked at. */
  @FunctionalInterface
  interface Change {
    void make() throws InterruptedException;
  }

  /** Nothing of it is told before it is done. */
  synchronized void lookAfter(Change change) throws InterruptedException {
    try {
      change.make();
    } finally {
      look();
    }
  }

  synchronized Pooler look() throws InterruptedException {
    Pooler seen = see();
    if (!told.equals(Optional.of(seen))) {
      told = Optional.of(seen);
      inbox.put(new Event.PoolerSeen(seen));
    }
    return seen;
  }

  private Pooler see() throws InterruptedException {
    Optional<List<PoolerConsole.Target>> targets = console.targets();
    if (targets.isEmpty()) {
      return Pooler.ABSENT;
    }
    String target = targets.get().stream().findFirst().map(this::member).orElse("");
    if (!target.equals(lastTarget)) {
      lastTarget = target;
      targetSince = System.nanoTime();
    }
    // Whether a standby's own pooler has clients is nobody's business.
    boolean used = !target.isEmpty() && (mayGetClients() || console.clients() > 0);
    return Pooler.seen(isHeld(), target, used);
  }

  /** Its clients were let wait, and nobody has let them go since. */
  boolean isHeld() throws InterruptedException {
    return file.isMarkedHeld() && console.busy().isEmpty();
  }

  /** By then HAProxy elsewhere has found the other, and has asked here once more. */
  private boolean mayGetClients() {
    long sending = System.nanoTime() - targetSince;
    return sending < overlap.get().multipliedBy(2).toNanos();
  }

  private String member(PoolerConsole.Target target) {
    return members.get().entrySet().stream()
        .filter(entry -> !entry.getKey().equals(self))
        .filter(entry -> entry.getValue().ip().equals(target.host()))
        .filter(entry -> entry.getValue().port() == target.port())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }
}
