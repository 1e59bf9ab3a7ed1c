package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Disk;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Server;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.WalPace;
import dev.matriarch.postgres.DiskUse;
import dev.matriarch.postgres.ExitWatch;
import dev.matriarch.postgres.Observation;
import dev.matriarch.postgres.PostgresException;
import dev.matriarch.postgres.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Watches this member's server: at a slow pace while all is well, faster while it changes or the
 * lead moves, and at once when its postmaster ends. Every look becomes an event, in the order in
 * which they were made.
 */
final class ServerEye {
  private static final Duration CALM = Duration.ofSeconds(2);
  private static final Duration RESTLESS = Duration.ofMillis(50);
  private static final Duration ANSWER = Duration.ofSeconds(2);

  /** Longer than an answer may take: what takes so long is no query, but the disk. */
  private static final Duration PATIENCE = ANSWER.plusSeconds(1);

  private final PostgresServer postgres;
  private final ServerPortrait portrait;
  private final Marker marker;
  private final Path standbySignal;
  private final Inbox inbox;
  private final Consumer<Thread> primaryEnded;
  private final Semaphore poke = new Semaphore(0);
  private final Offload<Sight> sights = new Offload<>("server-look", this::see);

  private volatile Server last = Server.UNSEEN;
  private Optional<ExitWatch> watch = Optional.empty();
  private volatile boolean tense;
  private volatile WalPace pace = WalPace.NONE;
  private volatile Observation seen = new Observation.Absent();

  /**
   * @param primaryEnded called when the postmaster of a running primary has ended, with the look at
   *     it that has just begun; on a thread of its own
   */
  ServerEye(
      PostgresServer postgres,
      ServerPortrait portrait,
      Marker marker,
      Inbox inbox,
      Consumer<Thread> primaryEnded) {
    this.postgres = requireNonNull(postgres, "postgres is null");
    this.portrait = requireNonNull(portrait, "portrait is null");
    this.marker = requireNonNull(marker, "marker is null");
    this.standbySignal = postgres.spec().dataDir().resolve("standby.signal");
    this.inbox = requireNonNull(inbox, "inbox is null");
    this.primaryEnded = requireNonNull(primaryEnded, "primaryEnded is null");
  }

  /** The last look; for any thread. */
  Observation last() {
    return seen;
  }

  /** Looks again and again until its thread is interrupted. */
  void run() throws InterruptedException {
    while (!Thread.currentThread().isInterrupted()) {
      look();
      boolean settled = last.isRunning() || last.isDown();
      Duration pause = settled && !tense ? CALM : RESTLESS;
      if (poke.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        poke.drainPermits();
      }
    }
  }

  /** What was told last. */
  Server told() {
    return last;
  }

  /** Looks now, and returns when that is done or the budget is over. */
  void lookWithin(Duration budget) {
    Thread looking = Thread.ofVirtual().name("look").start(this::look);
    try {
      looking.join(budget);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks now and tells; returns when it is told, even if the disk hangs. */
  synchronized void look() {
    Optional<Sight> sight = sights.ask(PATIENCE);
    last = sight.isPresent() ? told(sight.get()) : blind();
    inbox.put(new Event.ServerSeen(last));
  }

  /** All that a look finds on the disk, and asks the server. */
  private record Sight(
      Observation seen,
      SortedSet<String> unprovenSlots,
      boolean unfinished,
      boolean halfRewound,
      boolean standby,
      Disk disk) {}

  private Sight see() {
    Observation now = postgres.observe(ANSWER);
    keepWatch(now);
    return new Sight(
        now,
        postgres.unprovenSlots(),
        marker.isSet(),
        postgres.isHalfRewound(),
        Files.exists(standbySignal),
        disk(now));
  }

  private Disk disk(Observation now) {
    if (now instanceof Observation.Absent || now instanceof Observation.Unusable) {
      return Disk.UNKNOWN;
    }
    try {
      DiskUse use = postgres.diskUse();
      return new Disk(true, use.free(), use.size(), use.reserve());
    } catch (PostgresException e) {
      return Disk.UNKNOWN;
    }
  }

  /** How transactions and WAL went together lately. */
  WalPace pace() {
    return pace;
  }

  private Server told(Sight sight) {
    seen = sight.seen();
    pace =
        seen instanceof Observation.Running running && running.flow().isPresent()
            ? pace.after(sample(running.flow().get()))
            : WalPace.NONE;
    return sight.unfinished() || sight.halfRewound()
        ? Server.absent(Condition.UNFINISHED).toBuilder().halfRewound(sight.halfRewound()).build()
        : portrait.of(sight.seen(), last, sight.unprovenSlots(), sight.standby()).toBuilder()
            .disk(sight.disk())
            .build();
  }

  private static WalPace.Sample sample(Observation.WalFlow flow) {
    return new WalPace.Sample(ServerPortrait.lsn(flow.flushed()), flow.nextTransaction());
  }

  /**
   * The disk does not answer. What was told before may still be so, but for the processes: whether
   * any is left to do anything is seen without the disk.
   */
  private Server blind() {
    boolean ended = last.hasProcesses() && !postgres.isActive();
    Server same = ended ? ServerPortrait.like(last, Condition.CRASHED) : last;
    Disk disk = last.disk();
    return same.toBuilder().disk(new Disk(false, disk.free(), disk.size(), disk.reserve())).build();
  }

  /** While the lead is moving, others decide by what they are told of this server: look often. */
  void tense(boolean now) {
    if (now && !tense) {
      poke();
    }
    tense = now;
  }

  /** Looks again soon; does not wait for it. */
  void poke() {
    poke.release();
  }

  /** On the watch's thread. */
  private void ended() {
    boolean primary = last.isRunningPrimary();
    Thread looking = Thread.ofVirtual().name("look").start(this::look);
    if (primary) {
      primaryEnded.accept(looking);
    }
  }

  private void keepWatch(Observation observed) {
    long pid =
        switch (observed) {
          case Observation.Running now -> now.pid();
          case Observation.Starting now -> now.pid();
          case Observation.Stopping now -> now.pid();
          case Observation.Hung now -> now.pid();
          case Observation.Absent none -> 0;
          case Observation.Unusable none -> 0;
          case Observation.Stopped none -> 0;
          case Observation.Crashed none -> 0;
        };
    if (watch.isPresent() && watch.get().pid() == pid) {
      return;
    }
    watch.ifPresent(ExitWatch::close);
    watch = pid == 0 ? Optional.empty() : postgres.watchExit(this::ended);
    if (watch.isPresent()) {
      // The end may have come between the look and the watch.
      poke();
    }
  }
}
