package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.AgentConfig;
import dev.matriarch.agent.config.ConfigResult;
import dev.matriarch.agent.config.DynamicConfig;
import dev.matriarch.agent.config.MatriarchConfig;
import dev.matriarch.agent.config.RecordingConfig;
import dev.matriarch.agent.guard.DeadlineFile;
import dev.matriarch.agent.guard.Heartbeat;
import dev.matriarch.agent.guard.LeaseGuard;
import dev.matriarch.agent.guard.PromiseFile;
import dev.matriarch.agent.guard.Sentinel;
import dev.matriarch.agent.guard.Watchdog;
import dev.matriarch.agent.rest.AgentStatus;
import dev.matriarch.agent.rest.ClosedMove;
import dev.matriarch.agent.rest.FailsafePoll;
import dev.matriarch.agent.rest.HoldPoll;
import dev.matriarch.agent.rest.PeerProbe;
import dev.matriarch.agent.rest.RestServer;
import dev.matriarch.agent.rest.StoreRequests;
import dev.matriarch.agent.routing.PoolerConsole;
import dev.matriarch.agent.routing.PoolerFile;
import dev.matriarch.agent.routing.Router;
import dev.matriarch.agent.script.Callback;
import dev.matriarch.agent.script.CallbackTale;
import dev.matriarch.agent.script.Callbacks;
import dev.matriarch.agent.vip.LinuxNetwork;
import dev.matriarch.agent.vip.Standing;
import dev.matriarch.agent.vip.VirtualAddresses;
import dev.matriarch.chronicle.Excerpt;
import dev.matriarch.chronicle.Recorder;
import dev.matriarch.chronicle.Ring;
import dev.matriarch.chronicle.Source;
import dev.matriarch.engine.Decision;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Engine;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Lease;
import dev.matriarch.engine.LeaseTerms;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.Self;
import dev.matriarch.engine.SelfPortrait;
import dev.matriarch.engine.Server;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.View;
import dev.matriarch.etcd.ClusterStore;
import dev.matriarch.etcd.EtcdClient;
import dev.matriarch.etcd.MonotonicSource;
import dev.matriarch.etcd.Timeouts;
import dev.matriarch.etcd.Watch;
import dev.matriarch.postgres.PostgresServer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member's agent, put together from its configuration. It runs until it is asked to end, or
 * ends by itself; PostgreSQL goes on if the agent is killed.
 */
public final class Agent {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
  private static final String VERSION = "4.1.0";

  /** Standbys tell within milliseconds what they have flushed, on a busy machine later. */
  private static final Duration SETTLING = Duration.ofSeconds(2);

  /** The wall clock was set if it differs by more than this from what it was expected to say. */
  private static final Duration CLOCK_SET = Duration.ofSeconds(1);

  /** Characters of a recording that are told at once. */
  private static final int RECORDING_ANSWER = 4 << 20;

  private final AgentConfig config;
  private final MonotonicSource monotonic = new MonotonicSource();
  private final AtomicInteger exitCode = new AtomicInteger();
  private final String firstJson;
  private final DynamicConfig firstDynamic;
  private final Settings firstSettings;
  private final Watchdog watchdog;
  private final Sentinel sentinel;
  private final Loop loop;
  private final Reloading reloading;
  private final StrictWatch strictWatch = new StrictWatch();
  private final TakeoverWatch takeovers = new TakeoverWatch();
  private volatile Optional<Fence> fence = Optional.empty();
  private final VirtualAddresses addresses;
  private final CallbackTale tale = new CallbackTale();
  private volatile Optional<Callbacks> callbacks = Optional.empty();
  private volatile Optional<ServerEye> eye = Optional.empty();
  private volatile Optional<LeaseHands> leases = Optional.empty();
  private volatile Optional<Recorder> recorder = Optional.empty();
  private volatile Optional<ClosedMove> closedMove = Optional.empty();
  private volatile Instant storeSeenAt = Instant.EPOCH;

  /**
   * @param file reads the configuration again
   */
  public Agent(AgentConfig config, Supplier<ConfigResult> file) {
    this.config = requireNonNull(config, "config is null");
    this.firstJson = FirstConfig.of(config);
    this.firstDynamic = DynamicConfig.parse(firstJson);
    this.watchdog = new Watchdog(config.watchdog(), monotonic);
    this.sentinel = new Sentinel(config.postgres().dataDir(), monotonic);
    this.addresses = addresses();
    this.firstSettings = guarded(config, firstDynamic.settings());
    this.loop = new Loop(new Engine(), monotonic, start(), this::observe);
    this.reloading = new Reloading(config, file, loop);
  }

  /** The settings as this member goes by them. */
  private Settings guarded(AgentConfig file, Settings shared) {
    return watchdog.leavingTime(file.postgres().undoing().over(shared));
  }

  private View start() {
    return View.atStart(self(), firstSettings)
        .after(new Event.ClockRead(Clock.systemUTC().instant()), monotonic.instant());
  }

  /** Reads the file again; returns at once. */
  public void reload() {
    reloading.begin();
  }

  private Self self() {
    Instant now = monotonic.instant();
    boolean mayBootstrap =
        config.matriarch().map(MatriarchConfig::role).map("primary"::equals).orElse(true);
    return Self.of(config.name(), config.postgres().connUrl(), config.rest().apiUrl(), now)
        .toBuilder()
        .tags(config.tags().tags())
        .resignedTags(config.tags().resigned())
        .version(VERSION)
        .mayBootstrap(mayBootstrap)
        .restoresAlone(config.postgres().restoresAlone())
        .proxyUrl(config.postgres().proxyUrl())
        .leasedUntil( // What the agent before this one wrote down before it died.
            deadlineFile()
                .flatMap(DeadlineFile::read)
                .map(entry -> now.plus(entry.remaining()))
                .filter(now::isBefore)
                .orElse(now))
        .promise(promises().read())
        .startedPaused(firstSettings.paused())
        .build();
  }

  /** As the file says that was read last. */
  private Map<String, MatriarchConfig.MemberAddress> members() {
    return reloading.config().matriarch().map(MatriarchConfig::members).orElse(Map.of());
  }

  /** As the file says it now. */
  private Duration overlap() {
    return reloading
        .config()
        .matriarch()
        .flatMap(MatriarchConfig::pooler)
        .map(MatriarchConfig.PoolerConfig::overlap)
        .orElse(Duration.ZERO);
  }

  private Optional<PoolerHands.Local> pooler(MatriarchConfig matriarch) {
    return matriarch
        .pooler()
        .map(
            found -> {
              PoolerConsole console = new PoolerConsole(found);
              PoolerFile file = new PoolerFile(found);
              return new PoolerHands.Local(
                  console,
                  file,
                  new PoolerEye(console, file, this::members, this::overlap, config.name(), loop),
                  found.socketDir(),
                  config.name(),
                  this::members,
                  new ReentrantLock());
            });
  }

  private VirtualAddresses addresses() {
    return config
        .matriarch()
        .filter(it -> !it.vips().isEmpty())
        .map(it -> new VirtualAddresses(it.vips(), LinuxNetwork.of(it.ip()), monotonic))
        .orElseGet(() -> VirtualAddresses.none(monotonic));
  }

  private Recorder recorder() {
    return Recorder.start(
        ring(), new Source(config.scope(), config.name(), VERSION), Clock.systemUTC());
  }

  private Ring ring() {
    return config
        .matriarch()
        .map(MatriarchConfig::recording)
        .orElse(RecordingConfig.STANDARD)
        .ring(config.postgres().dataDir());
  }

  private LostFolder lostFolder() {
    return LostFolder.beside(config.postgres().dataDir());
  }

  private PromiseFile promises() {
    return PromiseFile.beside(config.postgres().dataDir(), monotonic);
  }

  private Optional<DeadlineFile> deadlineFile() {
    return config.matriarch().map(MatriarchConfig::deadlineFile).map(DeadlineFile::new);
  }

  /** Asks the agent to stop its server, hand over what it holds, and end. */
  public void leave() {
    loop.put(new Event.Leave());
  }

  /**
   * Runs until the end.
   *
   * @return the exit code
   * @throws IOException if what it needs cannot be opened; the message is for humans
   */
  public int run() throws IOException, InterruptedException {
    ServerParts parts = ServerParts.of(config);
    Optional<PoolerHands.Local> pooler = config.matriarch().flatMap(this::pooler);
    try (Recorder taping = recorder();
        EtcdClient client = EtcdClient.open(config.etcd().withTimeouts(timeouts()));
        PeerProbe probe = new PeerProbe(config.peers());
        PostgresServer postgres = new PostgresServer(parts.spec(), parts.settings(firstDynamic));
        Callbacks told = new Callbacks(config.postgres().callbacks(), config.scope());
        LeaseGuard guard = parts.guard(monotonic);
        sentinel) {
      callbacks = Optional.of(told);
      recorder = Optional.of(taping);
      ClusterStore store = new ClusterStore(client, config.keys());
      StartChecks checks = new StartChecks(config);
      checks.refuseIfTaken(store, probe);
      checks.checkGuard(guard);
      checks.checkWatchdog(watchdog);
      Fence door = new Fence(guard, sentinel, deadlineFile(), monotonic);
      fence = Optional.of(door);
      Guards guards = new Guards(door, watchdog, addresses, () -> loop.view().settings());
      StoreEye storeEye = new StoreEye(this::heard);
      Directory directory =
          new Directory(
              config.name(),
              parts.replicator(),
              parts.tls(),
              storeEye::last,
              () -> loop.view().settings().slots().used());
      Marker marker = Marker.beside(parts.spec().dataDir());
      checks.refuseAlienData(postgres, marker);
      ServerEye serverEye =
          new ServerEye(
              postgres,
              new ServerPortrait(
                  directory,
                  () -> postgres.settings().file().getOrDefault("synchronous_commit", "on")),
              marker,
              loop,
              look -> pooler.ifPresent(local -> local.holdAtOnce(look)));
      eye = Optional.of(serverEye);
      Presence presence = new Presence(client, store, () -> loop.view().settings().ttl());
      LeaseHands lease =
          new LeaseHands(
              config.name(),
              client,
              store,
              firstSettings.lease(),
              () -> storeEye.last().status(),
              storeEye::leaderKey,
              monotonic,
              guards,
              loop);
      leases = Optional.of(lease);
      ReentrantLock turn = new ReentrantLock();
      Reconfiguration settings =
          new Reconfiguration(
              parts,
              postgres,
              lease,
              shared -> guarded(reloading.config(), shared),
              turn,
              loop,
              loop::view,
              () -> told.tell(new Callback(Callback.Kind.ON_RELOAD, role())));
      storeEye.onConfig(settings);
      Optional<Router> router =
          config.matriarch().flatMap(MatriarchConfig::haproxy).map(Router::new);
      HoldPoll poll = new HoldPoll(probe, config.name());
      Operators operators = new Operators(loop, this::reload, settings::objection);
      FailsafeHands failsafe =
          new FailsafeHands(
              new FailsafePoll(probe), loop::view, monotonic, guards::spared, promises(), loop);
      Skills skills =
          new Skills(
              lease,
              new StoreHands(
                  config.name(),
                  store,
                  presence,
                  postgres,
                  () -> loop.view().state(),
                  () -> settings.json().orElse(firstJson),
                  Clock.systemUTC()),
              new ServerHands(
                  postgres,
                  parts.recipe(),
                  parts.data(postgres),
                  directory,
                  marker,
                  guards,
                  turn,
                  () -> loop.view().settings()),
              new LostHands(postgres, directory, lostFolder(), turn, Clock.systemUTC()),
              new DiskHands(postgres, serverEye::last),
              failsafe,
              serverEye,
              probe,
              directory,
              router,
              new PoolerHands(pooler, postgres, poll, directory),
              operators,
              this::terms,
              loop,
              this::exit);
      if (pooler.isPresent()) {
        pooler.get().eye().start();
      }
      StoreRequests requests =
          new StoreRequests(store, failsafe::asked, probe::closedMove, operators);
      try (RestServer rest =
          RestServer.start(
              config.rest(),
              new Face(
                  serverEye,
                  new RoundTrips(client, probe, loop::view),
                  new Connections(
                      pooler.map(PoolerHands.Local::console), poll, postgres, loop::view)),
              requests)) {
        LOG.info("{} of {} answers on port {}", config.name(), config.scope(), rest.port());
        reloading.serve(new Reloading.Parts(parts, settings, told, probe, rest, router));
        run(store, storeEye, serverEye, presence, skills);
      }
      lease.close();
      watchdog.close();
      addresses.close();
      // In pause the server goes on without agent and lease.
      if (!loop.view().server().hasProcesses() || loop.view().settings().paused()) {
        door.finish();
      }
      return exitCode.get();
    } finally {
      // After the lease was given back: nothing of it may hold that up.
      pooler.ifPresent(PoolerHands.Local::close);
    }
  }

  private void run(
      ClusterStore store, StoreEye storeEye, ServerEye serverEye, Presence presence, Skills skills)
      throws InterruptedException {
    Thread eye = Tasks.start("server-eye", serverEye::run);
    Thread alive = Tasks.start("presence", presence::run);
    try (Watch _ = store.watch(storeEye)) {
      Optional<Heartbeat> heartbeat = heartbeat();
      loop.run(new Hands(skills, loop)::begin);
      heartbeat.ifPresent(Heartbeat::close);
    } finally {
      eye.interrupt();
      alive.interrupt();
    }
  }

  private String role() {
    return SelfPortrait.of(loop.view(), monotonic.instant()).role().wire();
  }

  private Optional<Heartbeat> heartbeat() {
    return config
        .matriarch()
        .flatMap(MatriarchConfig::heartbeat)
        .map(fifo -> Heartbeat.start(fifo, terms().heartbeat(), loop::turnedAt));
  }

  private Timeouts timeouts() {
    LeaseTerms terms = firstSettings.lease();
    Duration attempt = terms.lease().dividedBy(8);
    Duration second = Duration.ofSeconds(1);
    Duration bounded = attempt.compareTo(second) < 0 ? attempt : second;
    return new Timeouts(bounded, bounded.multipliedBy(3), terms.renewal().multipliedBy(2));
  }

  private LeaseTerms terms() {
    return loop.view().settings().lease();
  }

  private void heard(Event event) {
    if (event instanceof Event.StoreRead) {
      storeSeenAt = Clock.systemUTC().instant();
    }
    loop.put(event);
  }

  /** On the loop's thread, after each decision. */
  private void observe(View before, Event event, Instant now, Decision made) {
    recorder.ifPresent(it -> it.took(before, event, now, made));
    // Orders are begun after this: the reason stands before the wish is gone.
    ClosedMove.by(made).ifPresent(closed -> closedMove = Optional.of(closed));
    View view = made.view();
    strictWatch.observe(view);
    takeovers.observe(view, now);
    callbacks.ifPresent(runner -> tale.next(view, now).ifPresent(runner::tell));
    Server server = view.server();
    boolean guarded = view.leads(now) || server.mayBeWriting();
    watchdog.tend(guarded && !view.settings().paused(), view.settings());
    sentinel.rest(view.settings().paused());
    boolean standby =
        server.role() != Role.PRIMARY && server.condition() != Server.Condition.UNKNOWN;
    boolean standbyWithoutLease = standby && !(view.lease() instanceof Lease.Held);
    boolean leftToRun = view.mayServeWrites(now) && !view.leads(now);
    if (standbyWithoutLease || leftToRun) {
      fence.ifPresent(Fence::open);
    }
    addresses.follow(VirtualAddresses.Course.of(view, now));
    if (leftToRun) {
      addresses.leftToRun(now, terms());
    }
    tellTime(view, now);
    if (event instanceof Event.Tick && watchdog.hasFailed() != view.self().watchdogFailed()) {
      loop.put(new Event.WatchdogSeen(watchdog.hasFailed()));
    }
    if (view.isNamed(now) && !before.isNamed(now)) {
      leases.ifPresent(LeaseHands::prepare);
    }
    // One that is left to an heir is no race: only who is shut down for it has news to tell.
    boolean leaves = view.moveNow(now).filter(it -> it.leader().equals(view.name())).isPresent();
    boolean moving = view.state().leadership().isVacant() || leaves;
    // What standbys have flushed decides the next step, and until it nobody else may be electable.
    boolean settling = view.work().succeededSince(Effect.SetSyncNames.class, now.minus(SETTLING));
    eye.ifPresent(watcher -> watcher.tense(view.store().known() && (moving || settling)));
  }

  /** Schedules are kept in wall time, which may be set: the engine is told when it was. */
  private void tellTime(View view, Instant now) {
    Instant wall = Clock.systemUTC().instant();
    if (Duration.between(view.wall(now), wall).abs().compareTo(CLOCK_SET) > 0) {
      loop.put(new Event.ClockRead(wall));
    }
  }

  /** What the REST interface sees of this agent. */
  private final class Face implements AgentStatus.Source {
    private final ServerEye serverEye;
    private final RoundTrips roundTrips;
    private final Connections connections;

    Face(ServerEye serverEye, RoundTrips roundTrips, Connections connections) {
      this.serverEye = serverEye;
      this.roundTrips = roundTrips;
      this.connections = connections;
    }

    @Override
    public AgentStatus status() {
      return new AgentStatus(
          config.scope(),
          loop.view(),
          monotonic.instant(),
          Clock.systemUTC().instant(),
          serverEye.last(),
          reloading.config().tags(),
          Optional.of(storeSeenAt).filter(Instant.EPOCH::isBefore),
          serverEye.pace(),
          closedMove,
          takeovers.told(),
          leases.map(LeaseHands::ahead).orElse(0L),
          loop.turnedAt(),
          overlap());
    }

    @Override
    public AgentStatus fresh() {
      serverEye.lookWithin(terms().patience().dividedBy(2));
      // The look is told through the loop; what is answered here must not be older than it.
      for (int i = 0; i < 25 && !loop.view().server().equals(serverEye.told()); i++) {
        LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
      }
      return status();
    }

    @Override
    public String recording(Instant since, Instant until) throws IOException {
      return Excerpt.of(ring(), since, until, RECORDING_ANSWER).text();
    }

    @Override
    public String lost() throws IOException {
      return LostHands.told(lostFolder());
    }

    @Override
    public String connections(String leader) throws IOException, InterruptedException {
      return connections.json(leader);
    }

    @Override
    public List<Standing> addresses() {
      return addresses.standings();
    }

    @Override
    public String roundTrips() throws InterruptedException {
      return roundTrips.json();
    }
  }

  private void exit(int code, String why) {
    if (code == 0) {
      LOG.info("ending: {}", why);
    } else {
      LOG.error("ending with {}: {}", code, why);
    }
    exitCode.set(code);
    loop.end();
  }
}
