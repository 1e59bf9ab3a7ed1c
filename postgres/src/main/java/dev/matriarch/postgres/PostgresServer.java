package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;

/**
 * One PostgreSQL server in hand.
 *
 * <p>Every method blocks for at most about its budget and is meant for a virtual thread; it returns
 * what came of it or throws a {@link PostgresException}. {@link #observe} may run beside any other
 * method; of the others the caller runs one at a time. Repeating a method after a failure, a
 * timeout or the agent's death is safe. The postmaster lives in its own session and survives this
 * process; a new PostgresServer for the same data directory takes it up again without a word.
 */
public final class PostgresServer implements AutoCloseable {
  private final ServerParts parts;
  private final Observer observer;
  private final Lifecycle lifecycle;
  private final Replication replication;
  private final Copies copies;
  private final Slots slots;
  private final WalDisk walDisk;
  private final SlotCopies slotCopies;
  private final Provisioner provisioner;
  private final LastSegment lastSegment;
  private final LostWal lostWal;

  public PostgresServer(ServerSpec spec, Settings settings) {
    this(spec, settings, new SecureRandom());
  }

  /** With a source of salts for passwords. */
  PostgresServer(ServerSpec spec, Settings settings, SecureRandom random) {
    this.parts =
        new ServerParts(requireNonNull(spec, "spec"), requireNonNull(settings, "settings"));
    this.observer = new Observer(parts);
    this.lifecycle = new Lifecycle(parts);
    this.replication = new Replication(parts);
    this.copies = new Copies(parts, lifecycle);
    this.lostWal = new LostWal(parts, copies);
    this.slots = new Slots(parts.sql());
    this.walDisk = new WalDisk(spec.dataDir(), parts.files());
    this.lastSegment = new LastSegment(parts);
    this.slotCopies = new SlotCopies(parts, lifecycle, slots);
    lifecycle.onStart(slotCopies::startedAs);
    this.provisioner = new Provisioner(spec, parts.sql(), new Scram(random));
  }

  /** Where this server lives. */
  public ServerSpec spec() {
    return parts.spec();
  }

  /** The settings last given. */
  public Settings settings() {
    return parts.settings();
  }

  /**
   * What the server is doing right now: one SQL round trip over a kept connection. Never throws for
   * a server that is ill; that is an observation too.
   */
  public Observation observe(Duration budget) {
    return observer.observe(Deadline.in(budget));
  }

  /** Whether processes of this server are left that may do something; asks the disk nothing. */
  public boolean isActive() {
    return !parts.postmaster().active().isEmpty();
  }

  /** How full its disks are; may hang if they do. */
  public DiskUse diskUse() {
    return walDisk.use();
  }

  /** Holds so many bytes back beside the WAL. */
  public void keepReserve(long bytes) {
    walDisk.keep(bytes);
  }

  /** Gives up what {@link #keepReserve} held back. */
  public void releaseReserve() {
    walDisk.release();
  }

  /** Writes a block beside the WAL and waits until it is durable: the disk works. */
  public void proveDisk() {
    walDisk.prove();
  }

  /**
   * Commits something on this primary that no client can see, and returns when its WAL is flushed;
   * waits for no standby.
   */
  public void proveCommit(Duration budget) {
    sql("SELECT pg_logical_emit_message(true, 'matriarch', 'proof')", budget);
  }

  /** Facts of pg_control, read from the file in well under a millisecond; empty without one. */
  public Optional<ControlData> control() {
    return parts.controlFile().read();
  }

  /**
   * Throws {@link PostgresException.DataDirectoryForeign} when there is a data directory and it is
   * not of this cluster. Touches nothing.
   */
  public void requireSystem(String systemIdentifier) {
    control()
        .filter(control -> !control.systemIdentifier().equals(systemIdentifier))
        .ifPresent(
            control -> {
              throw new PostgresException.DataDirectoryForeign(
                  parts.dataDir(), control.systemIdentifier(), systemIdentifier);
            });
  }

  /** Makes the data directory; it must be absent or empty, and is so again after a failure. */
  public void initdb(InitOptions options, Duration budget) {
    copies.initdb(options, Deadline.in(budget));
  }

  /**
   * Writes the settings for the role, without what PostgreSQL would not start with, starts the
   * postmaster and waits until it takes connections. Does nothing if it already runs in that role.
   * Leftovers of a dead postmaster (processes, lock files) are cleared first. On {@link
   * PostgresException.Timeout} the postmaster goes on with its recovery: observe says {@link
   * Observation.Starting}.
   *
   * <p>A primary that crashed is refused as a standby of another ({@link
   * PostgresException.WrongState}) until a successful {@link #rewind}: it would come up with writes
   * that nobody else has.
   *
   * @return parameters refused, dropped or translated, one sentence each
   */
  public List<String> start(ServerRole role, Duration budget) {
    return lifecycle.start(role, Deadline.in(budget));
  }

  /**
   * Stops the server; nothing to do is fine.
   *
   * <p>{@link StopMode#IMMEDIATE} asks the process table alone, so that it works though the disk
   * hangs; processes that wait for it may stay, but are killed: they never run again.
   *
   * @return after {@link StopMode#FAST} the end of its WAL, from pg_control: what a successor must
   *     have replayed before it is promoted
   */
  public Lsn stop(StopMode mode, Duration budget) {
    return lifecycle.stop(mode, Deadline.in(budget));
  }

  /**
   * Waits until the postmaster is gone, as after a fast stop. Orphans of one that was killed are
   * not waited for: whatever needs them gone ({@link #start}, {@link #rewind}, {@link #discard})
   * ends them.
   */
  public void awaitGone(Duration budget) {
    parts.postmaster().awaitGone(Deadline.in(budget));
  }

  /**
   * Archives the WAL segment that holds a stopped primary's shutdown checkpoint, by the server's
   * own archive_command, for those that follow it through the archive.
   *
   * @return the segment's name; empty where there is nothing to archive
   */
  public Optional<String> archiveLastSegment(Duration budget) {
    return lastSegment.archive(Deadline.in(budget));
  }

  /** Fast stop, until all processes are gone, then {@link #start}. */
  public List<String> restart(ServerRole role, Duration budget) {
    return lifecycle.restart(role, Deadline.in(budget));
  }

  /** Takes the standby out of recovery and returns when it accepts writes; a primary is left be. */
  public void promote(Duration budget) {
    promote(0, () -> {}, budget);
  }

  /**
   * The same; its timeline's number is greater than {@code beyond}.
   *
   * @param promoted called when it accepts writes, before what made it a standby is tidied up
   */
  public void promote(int beyond, Runnable promoted, Duration budget) {
    replication.promote(beyond, promoted, Deadline.in(budget));
  }

  /**
   * Throws {@link PostgresException.Diverged} where this running standby cannot go on with the WAL
   * of {@code source}, as it has some that is not in that one's history. What is left open counts
   * for it.
   *
   * @param timeline that it was seen to come to; 0 when nobody looked
   */
  public void requireOnPathOf(Upstream source, int timeline, Duration budget) {
    new PathCheck(parts, copies).require(source, timeline, Deadline.in(budget));
  }

  /**
   * Streams from another upstream, by reload, without a restart. Returns when the server has taken
   * the setting; whether it streams is for {@link #observe} to say.
   */
  public void follow(Upstream upstream, Duration budget) {
    replication.follow(upstream, Deadline.in(budget));
  }

  /**
   * Stops the WAL receiver and lets nobody feed this standby until {@link #follow} (revocation).
   *
   * @return the end of what it received, from then on final
   */
  public Lsn unfollow(Duration budget) {
    return replication.unfollow(Deadline.in(budget));
  }

  /**
   * Turns restore_command off, by reload, until the next start: promotion would otherwise run it
   * about five times. Step 3 of a planned switchover.
   */
  public void quietRestore(Duration budget) {
    replication.quietRestore(Deadline.in(budget));
  }

  /**
   * What PostgreSQL would refuse to start with under these settings, in its own words; empty when
   * it would take them, or there is no data yet to ask with. Touches neither server nor data.
   */
  public Optional<String> objection(Settings settings) {
    return parts.dryRun().objection(settings);
  }

  /**
   * Takes new settings, without what PostgreSQL would not start with: writes the files, reloads if
   * the server runs, and waits for the reload.
   */
  public Applied apply(Settings next, Duration budget) {
    return replication.apply(next, Deadline.in(budget));
  }

  /** The lines of pg_hba.conf as they are, without the agent's own. */
  public List<String> access() {
    return parts.config().access();
  }

  /** Keeps a copy of the dynamic configuration in the data, if there are any (contract, 7). */
  public void keepDynamicConfig(String json) {
    if (control().isPresent()) {
      parts.files().writeIfChanged(dynamicConfigOf(parts.dataDir()), json);
    }
  }

  /** The copy that {@link #keepDynamicConfig} left in a data directory. */
  public static Path dynamicConfigOf(Path dataDir) {
    return dataDir.resolve("patroni.dynamic.json");
  }

  /** Sets synchronous_standby_names by file and reload; returns when it is in effect. */
  public void setSynchronousStandbyNames(String value, Duration budget) {
    replication.synchronousStandbyNames(value, Deadline.in(budget));
  }

  /** CHECKPOINT, on this server. */
  public void checkpoint(Duration budget) {
    sql("CHECKPOINT", budget);
  }

  /**
   * What this stopped server has that the leader's history does not contain: what a {@link #rewind}
   * or a new copy will throw away. Reads its WAL; asks a former primary's own catalogs for the
   * names of tables, which recovers it, as a rewind would. What cannot be found within the budget
   * is told as a gap.
   *
   * @param namesake the leader's history has another timeline of the same number
   * @param keeper is given the WAL segments that hold it, before anything changes them
   */
  public LostWork lost(
      Upstream leader, boolean namesake, Consumer<List<Path>> keeper, Duration budget) {
    return lostWal.list(leader, namesake, keeper, Deadline.in(budget));
  }

  /**
   * Rewinds this stopped server to where {@code source} can feed it. Checkpoints the source first
   * if its role may: right after a promotion pg_rewind is otherwise wrong. A {@link
   * PostgresException.CommandFailed} means: {@link #discard} and clone again; never start it as it
   * is.
   *
   * @param source a primary, as a role that may read files there ({@link Provision#rewinder})
   */
  public void rewind(Upstream source, Duration budget) {
    copies.rewind(source, Deadline.in(budget));
  }

  /** A {@link #rewind} was cut off, or failed, after it had begun to change the data. */
  public boolean isHalfRewound() {
    return Files.exists(parts.rewindMark()) && Files.exists(parts.dataDir().resolve("PG_VERSION"));
  }

  /**
   * Starts this stopped server as it is, if it can follow the source so.
   *
   * @param looking how long it may be looked for what it has of its own
   * @throws PostgresException.Diverged if it has WAL that the source's history does not contain, or
   *     may have: where that cannot be found out in that time. Nothing was touched
   */
  public void startUndiverged(ServerRole role, Upstream source, Duration looking, Duration budget) {
    lostWal.requireNone(source, Deadline.in(looking));
    lifecycle.startUndiverged(role, Deadline.in(budget));
  }

  /**
   * Copies the source beside the data directory and puts the copy in its place when it is complete.
   * The data directory must be absent or empty; after a failure nothing is left.
   */
  public void cloneFrom(Upstream source, Duration budget) {
    cloneFrom(source, Map.of("checkpoint", "fast"), budget);
  }

  /** As {@link #cloneFrom(Upstream, Duration)}, with long options of pg_basebackup. */
  public void cloneFrom(Upstream source, Map<String, String> options, Duration budget) {
    copies.cloneFrom(source, options, Deadline.in(budget));
  }

  /** Deletes the data directory's content for good. The server must not run. */
  public void discard(Duration budget) {
    copies.discard(Deadline.in(budget));
  }

  /**
   * Asks an upstream who it is, as a standby would; throws {@link
   * PostgresException.AuthenticationRefused} or {@link PostgresException.UpstreamUnreachable}.
   */
  public UpstreamIdentity identify(Upstream upstream, Duration budget) {
    return Upstreams.identify(upstream, Deadline.in(budget));
  }

  /**
   * Asks an upstream whose data it has; throws {@link PostgresException.WrongState} if it is not
   * this cluster's.
   *
   * @param systemIdentifier the cluster's; empty where any will do
   */
  public void requireCluster(Upstream upstream, String systemIdentifier, Duration budget) {
    String found = identify(upstream, budget).systemIdentifier();
    if (!systemIdentifier.isEmpty() && !found.equals(systemIdentifier)) {
      throw new PostgresException.WrongState(
          "%s belongs to another cluster: its system identifier is %s, this cluster's is %s"
              .formatted(upstream.address(), found, systemIdentifier));
    }
  }

  /** The history of a timeline, asked of an upstream; timeline 1 has an empty one. */
  public TimelineHistory timelineHistory(Upstream upstream, int timeline, Duration budget) {
    return Upstreams.history(upstream, timeline, Deadline.in(budget));
  }

  /** The history of a timeline from this data directory's own files; empty if it has none. */
  public Optional<TimelineHistory> timelineHistory(int timeline) {
    return copies.localHistory(timeline);
  }

  /** The replication slots of this server. */
  public List<Slot> slots(Duration budget) {
    return slots.list(budget);
  }

  /** Creates a physical slot that keeps WAL from now on; one that exists is left as it is. */
  public void createPhysicalSlot(String name, Duration budget) {
    slots.create(name, budget);
  }

  /** Creates a logical slot, on a primary; one that exists is left as it is. */
  public void createLogicalSlot(String name, Slot.Logical what, Duration budget) {
    slots.createLogical(name, what, budget);
  }

  /** Moves an idle slot of this server forward; never backwards, nor past what is replayed. */
  public void advanceSlot(Slot slot, Lsn to, Duration budget) {
    slots.advance(slot, to, budget);
  }

  /**
   * Copies the state of logical slots of the leader into this standby, which is stopped and started
   * in that role for it.
   *
   * @param leader as a role that may read files there ({@link Provision#rewinder})
   */
  public void copySlots(
      Upstream leader, Collection<String> names, ServerRole role, Duration budget) {
    slotCopies.copy(leader, names, role, Deadline.in(budget));
  }

  /** Asks the leader whether this standby's logical slots can be relied on by now. */
  public void proveSlots(Upstream leader, String ownSlot, Duration budget) {
    slotCopies.prove(leader, ownSlot, Deadline.in(budget));
  }

  /** Logical slots of this standby that may lack rows to decode with, if it were promoted now. */
  public SortedSet<String> unprovenSlots() {
    return slotCopies.unproven();
  }

  /** Drops a slot; one that does not exist is fine, one in use throws. */
  public void dropSlot(String name, Duration budget) {
    slots.drop(name, budget);
  }

  /**
   * Creates roles and databases, or brings them to this state. Waits for no standby, and logs none
   * of it.
   *
   * @return the verifier of each role that was given a password, as it is stored now
   */
  public Map<String, ScramVerifier> provision(Provision provision, Duration budget) {
    return provisioner.bring(provision, budget);
  }

  /** The verifiers of all roles that may log in, as stored now: for PgBouncer, on any member. */
  public Map<String, ScramVerifier> verifiers(Duration budget) {
    return provisioner.stored(budget);
  }

  /**
   * Runs one statement as the superuser over the socket; each row's columns as text, null as "".
   * Only pg_catalog is on the search path: name the schema of anything else.
   */
  public List<List<String>> sql(String statement, Duration budget) {
    return parts.sql().call("SQL", budget, (session, end) -> session.command(end, statement));
  }

  /**
   * Calls back, on a thread of its own, once the postmaster has ended; empty when none runs. Take
   * the watch, then {@link #observe} again, so that an end in between is not missed.
   */
  public Optional<ExitWatch> watchExit(Runnable whenGone) {
    return parts.postmaster().watch(whenGone);
  }

  /** Lets go of the kept connection. The server is left alone. */
  @Override
  public void close() {
    observer.close();
  }
}
