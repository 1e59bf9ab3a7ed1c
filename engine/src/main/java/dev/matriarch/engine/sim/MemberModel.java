package dev.matriarch.engine.sim;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Decision;
import dev.matriarch.engine.Engine;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Order;
import dev.matriarch.engine.PeerReport;
import dev.matriarch.engine.Pooler;
import dev.matriarch.engine.Rule;
import dev.matriarch.engine.Self;
import dev.matriarch.engine.SelfPortrait;
import dev.matriarch.engine.Server;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Tags;
import dev.matriarch.engine.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A member: its agent as a loop around the engine, and its server. The agent may die and come back
 * with nothing but what it observes; frozen, it goes on later with what has piled up.
 */
final class MemberModel {
  private static final int MOST_ROUNDS = 40;
  private static final long MOST_LATE = Agenda.millis(6000);
  private static final Duration CLOCK_SET = Duration.ofSeconds(1);
  private static final Event TICK = new Event.Tick();

  private final World world;
  private final Engine engine;
  private final String name;
  private final int index;
  private final ServerModel server;
  private final Clock clock;
  private final LeaseModel lease;
  private final Hands hands;
  private final SurvivalModel survival;
  private final PoolerModel pooler;
  private final List<Runnable> piledUp = new ArrayList<>();

  private int downs;
  private boolean lost;

  /** What its file says, and what its agent has read of it. */
  private Tags written;

  private Tags tags;
  private boolean retagged;
  private Duration wallAhead = Duration.ZERO;
  private int echoes;
  private int delays;
  private boolean up;
  private int frosts;
  private long wellSince;
  private int life;
  private View view;
  private Rule rule = Rule.IDLE;
  private String reason = "";
  private long wake;
  private long watched;
  private boolean lookDue;

  MemberModel(World world, Engine engine, int index, Tags tags) {
    this.world = world;
    this.engine = engine;
    this.name = "m" + (index + 1);
    this.index = index;
    this.written = tags;
    this.tags = tags;
    this.server = new ServerModel(world, name, index);
    this.clock = world.newClock();
    this.lease = new LeaseModel(world, this, world.firstSettings().lease());
    this.hands = new Hands(world, this);
    this.survival = new SurvivalModel(world, this);
    this.pooler = new PoolerModel(world, this);
    this.view = freshView();
  }

  private View freshView() {
    Self self =
        Self.of(name, "postgres://" + name, "http://" + name, instant()).toBuilder()
            .tags(tags)
            .version("4.0.0")
            .restoresAlone(index % 2 == 1)
            .promise(survival.promise())
            .startedPaused(world.firstSettings().paused())
            .build();
    return View.atStart(self, world.firstSettings());
  }

  String name() {
    return name;
  }

  int index() {
    return index;
  }

  Tags tags() {
    return tags;
  }

  /** Its file is edited, and its agent told. */
  void retag(Tags other) {
    written = other;
    retagged = true;
    later(
        0,
        () -> {
          tags = other;
          handle(new Event.TagsChanged(other, ""));
        });
  }

  /** Its tags are not those it may have been elected by. */
  boolean wasRetagged() {
    return retagged;
  }

  /** How far its wall clock is ahead of everybody else's. */
  Duration wallAhead() {
    return wallAhead;
  }

  /** Somebody sets its wall clock. */
  void setClock(Duration ahead) {
    wallAhead = ahead;
  }

  /** Its requests to etcd arrive twice while there is a reason. */
  void echo(int change) {
    echoes += change;
  }

  boolean asksTwice() {
    return echoes > 0;
  }

  /** Its requests to etcd arrive late, perhaps after it gave up, while there is a reason. */
  void delay(int change) {
    delays += change;
  }

  long lateness() {
    return delays > 0 ? world.upTo(MOST_LATE) : 0;
  }

  ServerModel server() {
    return server;
  }

  Clock clock() {
    return clock;
  }

  Instant instant() {
    return clock.at(world.agenda().now());
  }

  /** How long its own key lives without a sign of life. */
  long keyTtl() {
    return Agenda.micros(view.settings().ttl());
  }

  LeaseModel lease() {
    return lease;
  }

  SurvivalModel survival() {
    return survival;
  }

  PoolerModel pooler() {
    return pooler;
  }

  View view() {
    return view;
  }

  Rule rule() {
    return rule;
  }

  String reason() {
    return reason;
  }

  boolean isUp() {
    return up;
  }

  /** Since when its agent and its server have been as they are. */
  long wellSince() {
    return Math.max(wellSince, server.since());
  }

  boolean isActive() {
    return up && frosts == 0;
  }

  // ---- life and death of the agent

  /** One more reason for the agent to be down. */
  void agentDown() {
    downs++;
    die();
  }

  /** Its host is gone for good. */
  void lose() {
    lost = true;
    agentDown();
    server.hostCrash();
  }

  boolean isLost() {
    return lost;
  }

  void agentMayRun() {
    downs--;
    startIfDown();
  }

  void startIfDown() {
    if (downs == 0 && !up) {
      start();
    }
  }

  void die() {
    if (up) {
      up = false;
      life++;
      piledUp.clear();
      lease.forget();
      server.agentDied();
    }
  }

  private void start() {
    up = true;
    wellSince = world.agenda().now();
    life++;
    lookDue = false;
    tags = written;
    view = freshView().after(new Event.ClockRead(world.wall(index)), instant());
    lease.begin(view.settings().lease());
    handle(new Event.PoolerSeen(pooler.look()));
    look(Agenda.millis(200));
    later(world.upTo(Agenda.millis(100)), this::tendStore);
  }

  void freeze() {
    frosts++;
  }

  void thaw() {
    frosts--;
    wellSince = world.agenda().now();
    if (frosts == 0 && up) {
      List<Runnable> all = List.copyOf(piledUp);
      piledUp.clear();
      for (Runnable one : all) {
        whenAwake(life, one);
      }
      deliver(TICK);
    }
  }

  /** Runs in this life of the agent; piles up while it is frozen. */
  private void whenAwake(int inLife, Runnable action) {
    if (inLife != life || !up) {
      return;
    }
    if (frosts > 0) {
      piledUp.add(action);
    } else {
      action.run();
    }
  }

  /** Something that the agent does after a while, if it still lives. */
  void later(long micros, Runnable action) {
    int mine = life;
    world.agenda().in(micros, () -> whenAwake(mine, action));
  }

  // ---- the loop

  void deliver(Event event) {
    whenAwake(life, () -> handle(event));
  }

  private void handle(Event event) {
    List<Order> orders = decide(event);
    for (int round = 0; !orders.isEmpty(); round++) {
      for (Order order : orders) {
        hands.begin(order);
      }
      if (round == MOST_ROUNDS) {
        world.invariants().broken("endless orders", name + " never stops ordering: " + reason);
        return;
      }
      orders = decide(TICK);
    }
  }

  private List<Order> decide(Event event) {
    View before = view;
    Decision decision = engine.decide(view, event, instant());
    view = decision.view();
    if (view.isNamed(instant()) && !before.isNamed(instant())) {
      lease.prepare();
    }
    if (view.mayServeWrites(instant()) && !view.leads(instant())) {
      lease.leaveDoorOpen();
    }
    world.transcript().decided(this, event, decision, rule, reason);
    if (!Transcript.isRoutine(decision)) {
      rule = decision.rule();
      reason = decision.reason();
    }
    if (!decision.orders().isEmpty()) {
      world.acted(this, rule);
    } else {
      decision.until().ifPresent(this::wakeAt);
    }
    return decision.orders();
  }

  private void wakeAt(Instant until) {
    long mine = ++wake;
    int inLife = life;
    long late = world.upTo(world.jitter());
    world
        .agenda()
        .in(
            clock.when(until) - world.agenda().now() + late,
            () -> {
              if (mine == wake) {
                whenAwake(inLife, () -> handle(TICK));
              }
            });
  }

  // ---- what it observes

  /** The server has changed, or may have: the agent looks soon. */
  void look(long within) {
    if (lookDue || !up) {
      return;
    }
    lookDue = true;
    later(
        world.upTo(within),
        () -> {
          lookDue = false;
          lookNow();
        });
  }

  void lookNow() {
    Server seen = server.look();
    if (!seen.equals(view.server())) {
      deliver(new Event.ServerSeen(seen));
    }
  }

  private void lookAtPooler() {
    Pooler seen = pooler.look();
    boolean news =
        seen.used() != view.pooler().used()
            || seen.held() != view.pooler().held()
            || !seen.target().equals(view.pooler().target());
    if (news) {
      deliver(new Event.PoolerSeen(seen));
    }
  }

  /** A change in etcd is on its way to this member. */
  void watch(ClusterState state) {
    watched = Math.max(watched, world.agenda().now() + world.fromStore(this));
    later(
        watched - world.agenda().now(),
        () -> {
          if (world.network().reaches(world.network().store(), index)) {
            read(state);
          }
        });
  }

  private void read(ClusterState state) {
    Settings configured = world.configurations().of(state.config());
    if (!configured.equals(view.settings())) {
      deliver(new Event.SettingsChanged(configured));
      lease.retune(configured.lease());
    }
    deliver(new Event.StoreRead(state));
  }

  /** The agent's own rounds: it reads etcd, keeps its key's lease, looks at the server. */
  private void tendStore() {
    later(world.roundTime(), this::tendStore);
    look(Agenda.millis(20));
    lookAtPooler();
    tellTime();
    world.request(
        this,
        Agenda.millis(1000),
        () -> {
          if (world.store().state().members().containsKey(name)) {
            world.store().keepAlive(name, keyTtl());
          }
          return world.store().state();
        },
        state -> {
          boolean news = !view.store().isCurrent() || state.revision() > view.state().revision();
          if (news) {
            read(state);
          }
        },
        () -> deliver(new Event.StoreFailed("no answer")));
  }

  /** As the agent does: when its wall clock was set. */
  private void tellTime() {
    Instant wall = world.wall(index);
    if (Duration.between(view.wall(instant()), wall).abs().compareTo(CLOCK_SET) > 0) {
      deliver(new Event.ClockRead(wall));
    }
  }

  /** What it answers to a peer. */
  PeerReport report() {
    Server seen = server.look();
    return PeerReport.of(name).toBuilder()
        .role(seen.role())
        .running(seen.isRunning())
        .timeline(seen.timeline())
        .position(seen.written())
        .tags(tags)
        .seesStore(view.store().isCurrent())
        .disk(SelfPortrait.disk(view, instant()))
        .mayWrite(view.leads(instant()) || seen.mayBeWriting())
        .promised(SelfPortrait.promise(view))
        .leaseAhead(lease.ahead())
        .build();
  }

  /** The leader key as this member knows it. */
  Leadership leadership() {
    return view.state().leadership();
  }

  Settings settings() {
    return view.settings();
  }
}
