package dev.matriarch.engine.sim;

import dev.matriarch.engine.Effect.StopMode;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Redo;
import dev.matriarch.engine.ReplicationSlot;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.Server;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.SlotKind;
import dev.matriarch.engine.SlotWork;
import dev.matriarch.engine.SyncNames;
import dev.matriarch.engine.Synchrony.Mode;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One PostgreSQL server: its data, its processes, and what it takes to bring it from one condition
 * to another. Replication is {@link Replication}'s.
 */
final class ServerModel {
  private static final long CHECKPOINT_RECORD = 120;
  private static final Outcome DONE = new Outcome.Done();
  private static final String FOREIGN = "foreign";

  private final World world;
  private final String name;
  private final int index;
  private final Replication replication;
  private final DiskModel disk = new DiskModel();
  private final Wal wal;
  private Condition condition = Condition.EMPTY;
  private boolean hung;
  private long since;
  private Role role = Role.NONE;
  private String systemIdentifier = "";
  private String own = "";
  private boolean unrecorded;
  private boolean unsettled;
  private SortedMap<String, ReplicationSlot> slots = Collections.emptySortedMap();
  private SyncNames syncNames = SyncNames.NONE;
  private boolean byPriority;

  /** Raised by whatever overtakes an operation, so that it does not complete. */
  private int operation;

  /** Looks as if its WAL receiver had ended: a flaw of the world. */
  private boolean pretends;

  /** The data is being rewritten by a process that dies with the agent. */
  private boolean rewriting;

  private long started;

  /** The same in wall time. */
  private Instant startedAt = Instant.EPOCH;

  private boolean streamed;

  /** Where its recovery would begin. */
  private long checkpoint;

  ServerModel(World world, String name, int index) {
    this.world = world;
    this.name = name;
    this.index = index;
    this.replication = new Replication(world, this);
    this.wal = new Wal(world, index);
  }

  String name() {
    return name;
  }

  int index() {
    return index;
  }

  DiskModel disk() {
    return disk;
  }

  Replication replication() {
    return replication;
  }

  Wal wal() {
    return wal;
  }

  /** How far its WAL is flushed. */
  Position position() {
    return wal.flushed();
  }

  Role role() {
    return role;
  }

  Condition condition() {
    return condition == Condition.RUNNING && hung ? Condition.HUNG : condition;
  }

  SyncNames syncNames() {
    return syncNames;
  }

  /** Its data is that cluster's. */
  boolean isOf(String cluster) {
    return systemIdentifier.equals(cluster);
  }

  /** Its commits wait for the first of the named ones, not for any. */
  boolean waitsByPriority() {
    return byPriority;
  }

  boolean isRunning() {
    return condition() == Condition.RUNNING;
  }

  boolean isRunningPrimary() {
    return isRunning() && role == Role.PRIMARY;
  }

  boolean isRunningStandby() {
    return isRunning() && role == Role.STANDBY;
  }

  void received() {
    streamed = true;
  }

  /** WAL has come since it was started: whoever sent it was alive then. */
  boolean hasStreamed() {
    return streamed;
  }

  long startedAt() {
    return started;
  }

  /** Since when it has been in its condition. */
  long since() {
    return since;
  }

  private boolean hasProcesses() {
    return condition == Condition.RUNNING
        || condition == Condition.STARTING
        || condition == Condition.STOPPING;
  }

  /** It is a primary, or is about to be one or to end as one. */
  boolean mayWrite() {
    return hasProcesses() && role == Role.PRIMARY;
  }

  /** What looking at it shows. */
  Server look() {
    Condition seen = condition();
    if (seen == Condition.EMPTY || seen == Condition.UNFINISHED) {
      return Server.absent(seen);
    }
    return Server.UNSEEN.toBuilder()
        .condition(seen)
        .role(role)
        .systemIdentifier(systemIdentifier)
        .timeline(position().timeline())
        .written(new Lsn(role == Role.PRIMARY ? wal.written().end() : position().end()))
        .replayed(new Lsn(position().end()))
        .upstream(follows(Outside.NAME) || pretends ? "" : upstream())
        .upstreamAddress(follows(Outside.NAME) ? Outside.SOURCE.address() : "")
        .streaming(role == Role.STANDBY && !pretends && replication.isStreaming())
        .standbys(replication.links())
        .syncNames(syncNames)
        .slots(slots)
        .pendingRestart(false)
        .unrecorded(unrecorded)
        .startedAt(isRunning() ? Optional.of(startedAt) : Optional.empty())
        .unsettled(unsettled && isRunningPrimary())
        .disk(disk.look())
        .streamed(streamed && isRunningStandby())
        .redo(
            role == Role.PRIMARY
                ? new Redo(new Lsn(checkpoint), new Lsn(wal.written().end()))
                : Redo.UNKNOWN)
        .build();
  }

  private String upstream() {
    return role == Role.STANDBY ? replication.upstream() : "";
  }

  /** It is set to follow that server. */
  boolean follows(String name) {
    return upstream().equals(name);
  }

  // ---- operations that the agent orders

  private void become(Condition next) {
    condition = next;
    since = world.agenda().now();
    if (next != Condition.RUNNING) {
      wal.settle();
      replication.disconnectAll();
    } else {
      replication.connect();
    }
    world.changed(this);
  }

  /** Completes unless something overtook it; fails as often as the weather says. */
  private void after(long micros, Consumer<Outcome> then, Runnable fails, Runnable works) {
    int mine = ++operation;
    boolean doomed = world.effectFails();
    world
        .agenda()
        .in(
            world.slowed(micros),
            () ->
                disk.once(
                    () -> {
                      if (mine != operation) {
                        then.accept(new Outcome.Failed("overtaken"));
                      } else if (doomed) {
                        fails.run();
                        then.accept(new Outcome.Failed("it just failed"));
                      } else {
                        works.run();
                      }
                    }));
  }

  void start(Role as, String upstream, Consumer<Outcome> then) {
    if (condition != Condition.STOPPED && condition != Condition.CRASHED) {
      then.accept(new Outcome.Failed("there is nothing to start: " + condition));
      return;
    }
    Condition before = condition;
    boolean recovers = before == Condition.CRASHED;
    role = as;
    streamed = false;
    replication.follow(upstream);
    become(Condition.STARTING);
    after(
        recovers ? world.recovery() : Agenda.millis(100) + world.upTo(Agenda.millis(300)),
        then,
        () -> become(before),
        () -> {
          if (as == Role.PRIMARY) {
            wal.reset(wal.written().plus(CHECKPOINT_RECORD));
            checkpoint = position().end();
          }
          started = world.agenda().now();
          startedAt = world.wall(index);
          become(Condition.RUNNING);
          if (as == Role.PRIMARY) {
            world.leads(this);
          }
          then.accept(DONE);
        });
  }

  void stop(StopMode mode, Consumer<Outcome> then) {
    if (rewriting) {
      abandonRewrite();
    }
    if (!hasProcesses()) {
      then.accept(DONE);
      return;
    }
    switch (mode) {
      case IMMEDIATE -> {
        int mine = ++operation;
        world
            .agenda()
            .in(
                Agenda.millis(5) + world.upTo(Agenda.millis(70)),
                () -> {
                  if (mine == operation) {
                    crash();
                  }
                  then.accept(DONE);
                });
      }
      case FAST -> stopFast(then);
    }
  }

  private void stopFast(Consumer<Outcome> then) {
    if (hung || condition == Condition.STARTING) {
      then.accept(new Outcome.Failed("it does not react"));
      return;
    }
    int mine = ++operation;
    condition = Condition.STOPPING;
    replication.forgetCommits();
    world.changed(this);
    world
        .agenda()
        .in(
            world.slowed(Agenda.millis(30) + world.upTo(Agenda.millis(500))),
            () -> disk.once(() -> shutDown(mine, then)));
  }

  private void shutDown(int mine, Consumer<Outcome> then) {
    if (mine != operation) {
      then.accept(new Outcome.Failed("overtaken"));
      return;
    }
    if (role == Role.PRIMARY) {
      wal.reset(wal.written().plus(CHECKPOINT_RECORD));
      replication.shipLast();
    }
    become(Condition.STOPPED);
    then.accept(DONE);
  }

  void promote(int beyond, Consumer<Outcome> then) {
    if (!isRunningStandby()) {
      then.accept(new Outcome.Failed("it is no running standby"));
      return;
    }
    after(
        Agenda.millis(20) + world.upTo(Agenda.millis(150)),
        then,
        () -> {},
        () -> {
          if (!isRunningStandby()) {
            then.accept(new Outcome.Failed("it is no running standby any more"));
            return;
          }
          replication.disconnectAll();
          replication.follow("");
          wal.settle();
          Position fork = position();
          wal.reset(
              new Position(Branch.from(fork, name, beyond), fork.end()).plus(CHECKPOINT_RECORD));
          role = Role.PRIMARY;
          unsettled = true;
          checkpoint = fork.end();
          world.promoted(this);
          world.changed(this);
          then.accept(DONE);
        });
  }

  void follow(String upstream, Consumer<Outcome> then) {
    if (!isRunningStandby() || disk.isHung() || world.effectFails()) {
      then.accept(new Outcome.Failed("it cannot be pointed elsewhere now"));
      return;
    }
    replication.disconnectAll();
    wal.settle();
    replication.follow(upstream);
    replication.connect();
    world.changed(this);
    then.accept(DONE);
  }

  /**
   * Its WAL receiver goes on for a moment after it was told to end.
   *
   * @param waits until the receiver is gone; false in a test that shows why it must
   */
  void followNobody(boolean waits, Consumer<Outcome> then) {
    if (!isRunningStandby() || world.effectFails()) {
      then.accept(new Outcome.Failed("it cannot be pointed elsewhere now"));
      return;
    }
    int mine = operation;
    world
        .agenda()
        .in(
            world.slowed(world.upTo(Agenda.millis(waits ? 100 : 500))),
            () -> {
              pretends = false;
              if (mine != operation || !isRunningStandby()) {
                then.accept(new Outcome.Failed("overtaken"));
                return;
              }
              replication.endReceiver();
              world.changed(this);
              if (waits) {
                then.accept(DONE);
              }
            });
    if (!waits) {
      pretends = true;
      then.accept(DONE);
    }
  }

  void bootstrap(Consumer<Outcome> then) {
    rewrite(
        Agenda.millis(500) + world.upTo(Agenda.millis(2000)),
        then,
        () -> {
          wipe();
          systemIdentifier = world.newSystemIdentifier();
          unrecorded = true;
          wal.reset(new Position(Branch.first(name), 1_000));
          condition = Condition.STOPPED;
          start(Role.PRIMARY, "", then);
        });
  }

  void rejoin(ServerModel source, Consumer<Outcome> then) {
    boolean possible = world.connects(this, source) && canBeAsked(source);
    if (!possible || (condition != Condition.STOPPED && condition != Condition.CRASHED)) {
      then.accept(new Outcome.Failed(source.name() + " cannot be asked"));
      return;
    }
    Branch history = source.position().branch();
    rewrite(
        Agenda.millis(200) + world.upTo(Agenda.millis(2000)),
        then,
        () -> {
          boolean still = canBeAsked(source) && source.position().branch() == history;
          if (!still
              || !isOf(source.systemIdentifier)
              || !position().commonWith(source.position()).isSomewhere()) {
            become(condition);
            then.accept(new Outcome.Failed(source.name() + " has no history to go back to"));
            return;
          }
          // As pg_rewind: with the same timeline number it sees nothing to undo.
          if (position().timeline() != source.position().timeline()
              && !source.position().contains(position())) {
            wal.reset(position().commonWith(source.position()));
          }
          condition = Condition.STOPPED;
          start(Role.STANDBY, source.name(), then);
        });
  }

  /** A primary, or who is in its place in a standby cluster. */
  private static boolean canBeAsked(ServerModel source) {
    return source.isRunningPrimary() || (source.isRunning() && source.follows(Outside.NAME));
  }

  void cloneFrom(ServerModel source, Consumer<Outcome> then) {
    if (!world.connects(this, source) || !source.isRunning()) {
      then.accept(new Outcome.Failed(source.name() + " cannot be copied"));
      return;
    }
    if (hasProcesses()) {
      stop(StopMode.IMMEDIATE, stopped -> cloneFrom(source, then));
      return;
    }
    wipe();
    long asStarted = source.started;
    rewrite(
        Agenda.millis(500) + world.upTo(Agenda.millis(4000)),
        then,
        () -> {
          boolean stayed = source.isRunning() && source.started == asStarted;
          if (!world.connects(this, source) || !stayed) {
            become(Condition.EMPTY);
            then.accept(new Outcome.Failed(source.name() + " went away"));
            return;
          }
          systemIdentifier = source.systemIdentifier;
          wal.reset(source.position());
          syncNames = SyncNames.NONE;
          condition = Condition.STOPPED;
          start(Role.STANDBY, source.name(), then);
        });
  }

  private void wipe() {
    condition = Condition.EMPTY;
    role = Role.NONE;
    wal.reset(Position.NOWHERE);
    systemIdentifier = "";
    unrecorded = false;
    slots = Collections.emptySortedMap();
    world.changed(this);
  }

  private void rewrite(long micros, Consumer<Outcome> then, Runnable works) {
    rewriting = true;
    Condition before = condition;
    after(
        micros,
        then,
        () -> {
          rewriting = false;
          become(before);
        },
        () -> {
          rewriting = false;
          works.run();
        });
  }

  private void abandonRewrite() {
    operation++;
    rewriting = false;
    boolean untouched = condition != Condition.EMPTY && world.chance(0.5);
    if (!untouched) {
      wipe();
      become(world.chance(0.5) ? Condition.UNFINISHED : Condition.EMPTY);
    }
  }

  /** Another cluster's data is put in the place of its own, which is kept aside. */
  void replaceData() {
    crash();
    boolean whole = condition == Condition.STOPPED || condition == Condition.CRASHED;
    boolean claimed = world.store().state().initialization() instanceof Initialization.Done;
    if (whole && claimed && isRecorded() && !isOf(FOREIGN)) {
      own = systemIdentifier;
      systemIdentifier = FOREIGN;
      world.changed(this);
    }
  }

  void restoreData() {
    if (isOf(FOREIGN)) {
      systemIdentifier = own;
      world.changed(this);
    }
  }

  /** Its data directory is emptied under it. */
  void loseData() {
    crash();
    operation++;
    rewriting = false;
    wipe();
    world.changed(this);
  }

  /** The first primary of a cluster, in no time. */
  void beginAs(String cluster, Position position) {
    crash();
    operation++;
    systemIdentifier = cluster;
    wal.reset(position);
    role = Role.PRIMARY;
    become(Condition.RUNNING);
  }

  /** PostgreSQL streams to nobody else. */
  boolean isOfSameCluster(ServerModel other) {
    return isOf(other.systemIdentifier);
  }

  boolean isRecorded() {
    return !unrecorded;
  }

  void setSyncNames(SyncNames names, Consumer<Outcome> then) {
    boolean writable = condition != Condition.EMPTY && condition != Condition.UNFINISHED;
    if (!writable || disk.isHung() || world.effectFails()) {
      then.accept(new Outcome.Failed("the settings cannot be written now"));
      return;
    }
    syncNames = names;
    byPriority = world.members().get(index).view().settings().synchrony().mode() == Mode.PRIORITY;
    replication.releaseCommits();
    world.changed(this);
    then.accept(DONE);
  }

  void checkpoint(Consumer<Outcome> then) {
    boolean possible = isRunningPrimary() && !world.effectFails();
    unsettled = unsettled && !possible;
    checkpoint = possible ? position().end() : checkpoint;
    then.accept(possible ? DONE : new Outcome.Failed("it could not checkpoint"));
  }

  void keepSlots(SlotWork work, Consumer<Outcome> then) {
    if (!isRunning() || world.effectFails()) {
      then.accept(new Outcome.Failed("it does not run"));
      return;
    }
    SortedMap<String, ReplicationSlot> after = new TreeMap<>(slots);
    after.keySet().removeAll(work.drop());
    work.create().forEach((name, kind) -> after.putIfAbsent(name, slot(kind, position().end())));
    work.advance()
        .forEach((name, to) -> after.replace(name, slot(slots.get(name).kind(), to.value())));
    slots = after;
    then.accept(DONE);
  }

  private static ReplicationSlot slot(SlotKind kind, long end) {
    return new ReplicationSlot(kind, false, new Lsn(end), false, false);
  }

  /** As the real thing: the slots can only be put into the data of a stopped server. */
  void copySlots(
      ServerModel from, String upstream, SortedSet<String> names, Consumer<Outcome> then) {
    if (!isRunningStandby() || !world.connects(this, from) || !from.isRunningPrimary()) {
      then.accept(new Outcome.Failed(from.name() + " cannot be asked"));
      return;
    }
    SortedMap<String, ReplicationSlot> copied = new TreeMap<>(slots);
    from.slots.forEach(
        (name, slot) -> {
          if (names.contains(name)) {
            copied.put(name, slot);
          }
        });
    stop(
        StopMode.FAST,
        stopped -> {
          if (condition != Condition.STOPPED) {
            then.accept(stopped);
            return;
          }
          slots = copied;
          start(Role.STANDBY, upstream, then);
        });
  }

  void recorded() {
    unrecorded = false;
    world.changed(this);
  }

  // ---- what else happens to it

  /** Its host goes down: with it what was not on disk. */
  void hostCrash() {
    wal.loseUnflushed();
    crash();
  }

  /** Its processes are killed. */
  void crash() {
    if (hasProcesses()) {
      operation++;
      hung = false;
      become(Condition.CRASHED);
    }
  }

  void hang() {
    hung = condition == Condition.RUNNING;
    world.changed(this);
  }

  void unhang() {
    hung = false;
    since = world.agenda().now();
    world.changed(this);
  }

  /** The agent died, and with it what rewrote the data. */
  void agentDied() {
    if (rewriting) {
      abandonRewrite();
    }
  }
}
