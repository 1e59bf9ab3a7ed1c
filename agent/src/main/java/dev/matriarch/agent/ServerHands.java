package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.script.DataPrograms;
import dev.matriarch.agent.script.Hooks;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Settings;
import dev.matriarch.postgres.Lsn;
import dev.matriarch.postgres.PostgresException;
import dev.matriarch.postgres.PostgresServer;
import dev.matriarch.postgres.ServerRole;
import dev.matriarch.postgres.StopMode;
import dev.matriarch.postgres.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does to this member's server what the engine wants. The loop gives it one effect at a time. */
final class ServerHands {
  private static final Logger LOG = LoggerFactory.getLogger(ServerHands.class);
  private static final Duration COPY = Duration.ofHours(24);
  private static final Duration REWIND = Duration.ofHours(4);
  private static final Duration REPLAY = Duration.ofHours(1);
  private static final Duration PROMOTE = Duration.ofSeconds(60);
  private static final Duration SETTING = Duration.ofSeconds(10);
  private static final Duration LONG_CHECKPOINT = Duration.ofSeconds(1);
  private static final Duration EMERGENCY = Duration.ofSeconds(5);
  private static final Duration ARCHIVING = Duration.ofSeconds(60);
  private static final Duration LOOKING = Duration.ofMinutes(5);
  private static final Duration LINGER = Duration.ofSeconds(65);

  /**
   * What it needs to know of the configuration.
   *
   * @param nostream this member takes WAL from the archive alone
   * @param rewinder the role as which another member's files are read; must be able to
   * @param rewinderOptions libpq keywords for that role's connections
   * @param hooks what is run before a promotion and a stop
   * @param stopping how long a stop may take where the cluster has no limit of its own
   */
  record Recipe(
      Directory.Login rewinder,
      Map<String, String> rewinderOptions,
      boolean nostream,
      Hooks hooks,
      Duration stopping) {
    Recipe {
      requireNonNull(rewinder, "rewinder is null");
      rewinderOptions = Map.copyOf(rewinderOptions);
      requireNonNull(hooks, "hooks is null");
      requireNonNull(stopping, "stopping is null");
    }

    Upstream asRewinder(Upstream at) {
      return at.as(rewinder.user(), rewinder.password()).withOptions(rewinderOptions);
    }
  }

  private final PostgresServer postgres;
  private final Recipe recipe;
  private final DataHands data;
  private final Directory directory;
  private final Marker marker;
  private final Guards guards;
  private final Supplier<Settings> settings;

  /** A server takes one order at a time; only an immediate stop waits for nobody. */
  private final ReentrantLock turn;

  private final SlotHands slots;

  ServerHands(
      PostgresServer postgres,
      Recipe recipe,
      DataHands data,
      Directory directory,
      Marker marker,
      Guards guards,
      ReentrantLock turn,
      Supplier<Settings> settings) {
    this.postgres = requireNonNull(postgres, "postgres is null");
    this.recipe = requireNonNull(recipe, "recipe is null");
    this.data = requireNonNull(data, "data is null");
    this.directory = requireNonNull(directory, "directory is null");
    this.marker = requireNonNull(marker, "marker is null");
    this.guards = requireNonNull(guards, "guards is null");
    this.turn = requireNonNull(turn, "turn is null");
    this.slots = new SlotHands(postgres);
    this.settings = requireNonNull(settings, "settings is null");
  }

  Outcome bootstrap() throws InterruptedException {
    if (guards.ensure() instanceof Outcome.Failed failed) {
      return failed;
    }
    return attempt(this::makeCluster);
  }

  private void makeCluster() {
    marker.set("bootstrap");
    postgres.stop(StopMode.IMMEDIATE, EMERGENCY);
    postgres.discard(COPY);
    data.makeCluster();
    marker.clear();
  }

  Outcome startPrimary() throws InterruptedException {
    if (guards.ensure() instanceof Outcome.Failed failed) {
      return failed;
    }
    return attempt(
        () -> {
          postgres.awaitGone(LINGER);
          postgres.start(new ServerRole.Primary(), REPLAY);
        });
  }

  Outcome startStandby(Effect.StartStandby start) throws InterruptedException {
    if (start.upstream().isEmpty()) {
      return start(new ServerRole.Detached());
    }
    Optional<Upstream> upstream = directory.upstream(start.upstream());
    return upstream.isPresent()
        ? start(new ServerRole.StandbyOf(upstream.get()))
        : new Outcome.Failed(start.upstream() + " has no address in etcd");
  }

  private Outcome start(ServerRole role) throws InterruptedException {
    return attempt(
        () -> {
          postgres.awaitGone(LINGER);
          postgres.start(role, REPLAY);
        });
  }

  Outcome stop(Effect.StopServer stop) throws InterruptedException {
    return switch (stop.mode()) {
      case IMMEDIATE -> atOnce(() -> postgres.stop(StopMode.IMMEDIATE, EMERGENCY));
      case FAST ->
          attempt(
              () -> {
                Duration budget = stopBudget();
                recipe.hooks().beforeStop(budget);
                postgres.stop(StopMode.FAST, budget);
                postgres.awaitGone(budget);
              });
    };
  }

  private Duration stopBudget() {
    Duration given = settings.get().primaryStopTimeout();
    return given.isZero() ? recipe.stopping() : given;
  }

  /** What a long checkpoint leaves behind, a second one writes out. */
  Outcome settle() {
    return atOnce(
        () -> {
          long began = System.nanoTime();
          postgres.checkpoint(REPLAY);
          if (System.nanoTime() - began > LONG_CHECKPOINT.toNanos()) {
            postgres.checkpoint(REPLAY);
          }
        });
  }

  Outcome stopForHandover(Effect.StopForHandover stop) throws InterruptedException {
    return attempt(
        () -> {
          if (!stop.settled()) {
            postgres.checkpoint(REPLAY);
          }
          recipe.hooks().beforeStop(stopBudget());
          postgres.stop(StopMode.FAST, stopBudget());
        });
  }

  /**
   * @param promoted called when the server takes writes
   */
  Outcome promote(Effect.Promote promote, Runnable promoted) throws InterruptedException {
    // The door closes by itself at the lease's end; it has to exist before writes can come.
    if (guards.ensure() instanceof Outcome.Failed failed) {
      return failed;
    }
    slots.warnOfUnproven();
    return attempt(
        () -> {
          recipe.hooks().beforePromotion(settings.get().primaryStartTimeout());
          postgres.promote(promote.beyond(), promoted, PROMOTE);
        });
  }

  Outcome follow(Effect.Follow follow) throws InterruptedException {
    return follow.upstream().isEmpty()
        ? promise()
        : from(follow.upstream(), upstream -> postgres.follow(upstream, SETTING));
  }

  /** The look that follows tells how far the standby is: only now nothing more can come. */
  Outcome promise() throws InterruptedException {
    return attempt(
        () -> {
          Lsn position = postgres.unfollow(SETTING);
          LOG.info("streaming from nobody, at {}", position);
        });
  }

  /**
   * Whether another member's server lets in a standby. Waits for no other order; the connection may
   * take longer than the budget to give up, and is not waited for then.
   */
  Outcome probe(Effect.ProbeServer probe, Duration budget) throws InterruptedException {
    Optional<Upstream> server = directory.upstream(probe.member());
    if (server.isEmpty()) {
      return new Outcome.Failed(probe.member() + " has no address in etcd");
    }
    AtomicReference<Outcome> answer =
        new AtomicReference<>(new Outcome.Failed("no answer in " + budget.toMillis() + " ms"));
    Thread asking =
        Thread.ofVirtual()
            .name("probe-" + probe.member())
            .start(() -> answer.set(answerOf(server.get(), budget)));
    if (!asking.join(budget)) {
      asking.interrupt();
    }
    return answer.get();
  }

  private Outcome answerOf(Upstream server, Duration budget) {
    try {
      postgres.identify(server, budget);
      return new Outcome.Done();
    } catch (PostgresException.AuthenticationRefused e) {
      return new Outcome.Done();
    } catch (PostgresException e) {
      return new Outcome.Failed(e.getMessage());
    }
  }

  /** Whether this running standby can go on with the source's WAL. Waits for no other order. */
  Outcome compare(Effect.CompareSource compare) {
    Optional<Upstream> source = directory.upstream(compare.source());
    return source.isEmpty()
        ? new Outcome.Failed("it has no host")
        : atOnce(() -> postgres.requireOnPathOf(source.get(), compare.timeline(), SETTING));
  }

  Outcome rejoin(Effect.Rejoin rejoin) throws InterruptedException {
    Optional<Upstream> source = directory.upstream(rejoin.source());
    if (source.isEmpty()) {
      return new Outcome.Failed(rejoin.source() + " has no address in etcd");
    }
    return attempt(() -> comeBack(source.get(), standbyOf(source.get())));
  }

  private void rewind(Upstream source) {
    marker.set("rewind");
    try {
      postgres.rewind(recipe.asRewinder(source), REWIND);
      marker.clear();
    } catch (PostgresException e) {
      if (!postgres.isHalfRewound()) {
        marker.clear();
      }
      throw e;
    }
  }

  /** Undoes what the source does not have, where it may, and starts. */
  private void comeBack(Upstream source, ServerRole role) {
    postgres.awaitGone(LINGER);
    if (settings.get().undoing().rewinds()) {
      rewind(source);
      postgres.start(role, REPLAY);
    } else {
      postgres.startUndiverged(role, source, LOOKING, REPLAY);
    }
  }

  Outcome cloneFrom(Effect.CloneFrom from) throws InterruptedException {
    return from(
        from.source(),
        upstream -> {
          // Asked before anything is lost: without a source the old data is better than none.
          postgres.requireCluster(upstream, directory.systemIdentifier(), SETTING);
          fill(() -> data.copy(upstream, from.plain() ? DataHands.PLAIN : List.of()));
          postgres.start(standbyOf(upstream), REPLAY);
        });
  }

  Outcome restore() throws InterruptedException {
    return attempt(
        () -> {
          fill(() -> data.restore(List.of()));
          postgres.start(new ServerRole.Detached(), REPLAY);
        });
  }

  /** What a program is cut off at half-way looks like a whole data directory. */
  private void fill(Runnable filling) {
    postgres.stop(StopMode.IMMEDIATE, EMERGENCY);
    marker.set("copy");
    filling.run();
    marker.clear();
  }

  /** One that must not stream lives from the archive alone. */
  private ServerRole standbyOf(Upstream upstream) {
    return recipe.nostream() ? new ServerRole.Detached() : new ServerRole.StandbyOf(upstream);
  }

  Outcome fromSource(Effect.FromSource from) throws InterruptedException {
    Optional<Upstream> source = directory.upstream(from.source());
    ServerRole role = source.<ServerRole>map(this::standbyOf).orElseGet(ServerRole.Detached::new);
    return switch (from.way()) {
      case CLONE -> attempt(() -> copySource(source, role, from.source().methods()));
      case RETIRE -> attempt(this::retire);
      case START -> start(role);
      case REJOIN -> source.isPresent() ? takeBack(source.get(), role) : start(role);
      case FOLLOW ->
          source.isPresent()
              ? attempt(() -> postgres.follow(source.get(), SETTING))
              : attempt(() -> postgres.unfollow(SETTING));
    };
  }

  /** Refused where to try again is not enough: pg_rewind gave up, or sees nothing to undo. */
  private Outcome takeBack(Upstream source, ServerRole role) throws InterruptedException {
    AtomicReference<Outcome> ended = new AtomicReference<>(new Outcome.Done());
    Outcome tried =
        attempt(
            () -> {
              try {
                comeBack(source, role);
              } catch (PostgresException.CommandFailed | PostgresException.DataDirectoryUnfit e) {
                ended.set(new Outcome.Refused(e.getMessage()));
              }
            });
    return tried instanceof Outcome.Done ? ended.get() : tried;
  }

  /** The source that it is to follow may know this server by its archive alone. */
  private void retire() {
    Duration budget = stopBudget();
    recipe.hooks().beforeStop(budget);
    postgres.stop(StopMode.FAST, budget);
    postgres.awaitGone(budget);
    try {
      postgres.archiveLastSegment(ARCHIVING).ifPresent(name -> LOG.info("archived {}", name));
    } catch (PostgresException e) {
      LOG.warn("the segment with the shutdown checkpoint was not archived: {}", e.getMessage());
    }
  }

  /** Without a host, by a program that needs none. */
  private void copySource(Optional<Upstream> source, ServerRole role, List<String> methods) {
    source.ifPresent(upstream -> postgres.identify(upstream, SETTING));
    fill(
        () ->
            source.ifPresentOrElse(
                upstream -> data.copy(upstream, methods), () -> data.restore(methods)));
    postgres.start(role, REPLAY);
  }

  Outcome setSyncNames(Effect.SetSyncNames set) throws InterruptedException {
    String text = StandbyNames.format(set.names(), settings.get().synchrony().mode());
    return attempt(() -> postgres.setSynchronousStandbyNames(text, SETTING));
  }

  Outcome keepSlots(Effect.KeepSlots keep) {
    Optional<Upstream> leader = rewindSource(keep.leader());
    // Not in turn: slots are none of what starts, stops or settings contend for.
    return slots.keep(keep.slots(), leader);
  }

  Outcome copySlots(Effect.CopySlots copy) throws InterruptedException {
    Optional<Upstream> leader = rewindSource(copy.leader());
    if (leader.isEmpty()) {
      return new Outcome.Failed(copy.leader() + " has no address in etcd");
    }
    return from(
        copy.upstream(),
        upstream ->
            postgres.copySlots(
                leader.get(), copy.slots(), new ServerRole.StandbyOf(upstream), REPLAY));
  }

  private Optional<Upstream> rewindSource(String member) {
    return directory.upstream(member).map(recipe::asRewinder);
  }

  /** Not in turn either: it may take minutes. */
  Outcome checkpoint() {
    return atOnce(() -> postgres.checkpoint(REPLAY));
  }

  private interface WithUpstream {
    void run(Upstream upstream);
  }

  private Outcome from(String member, WithUpstream work) throws InterruptedException {
    Optional<Upstream> upstream = directory.upstream(member);
    return upstream.isEmpty()
        ? new Outcome.Failed(member + " has no address in etcd")
        : attempt(() -> work.run(upstream.get()));
  }

  private Outcome attempt(Runnable work) throws InterruptedException {
    turn.lockInterruptibly();
    try {
      return atOnce(work);
    } finally {
      turn.unlock();
    }
  }

  private static Outcome atOnce(Runnable work) {
    try {
      work.run();
      return new Outcome.Done();
    } catch (PostgresException.Diverged e) {
      return new Outcome.Refused(e.getMessage());
    } catch (PostgresException | DataPrograms.Failure e) {
      return new Outcome.Failed(e.getMessage());
    }
  }
}
