package dev.matriarch.engine.sim;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Engine;
import dev.matriarch.engine.PeerReport;
import dev.matriarch.engine.Rule;
import dev.matriarch.engine.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** All that a cluster consists of and runs on, in virtual time. */
final class World {
  private static final long SLOW_NETWORK = Agenda.millis(1200);
  private static final long SLOW_DISK = Agenda.millis(2500);
  static final long LONGEST_ECHO = Agenda.millis(3000);

  private final Setup setup;
  private final RandomGenerator random;
  private final Flaw flaw;
  private final Agenda agenda = new Agenda();
  private final Network network;
  private final Store store;
  private final Transcript transcript;
  private final Invariants invariants = new Invariants(this);
  private final Clients clients = new Clients(this);
  private final List<MemberModel> members = new ArrayList<>();
  private final Map<String, MemberModel> byName = new HashMap<>();
  private final Configurations configurations;
  private final long jitter;
  private final long roundTime;
  private Weather weather;
  private Optional<Troubles> troubles = Optional.empty();
  private final int[] slowDisks;
  private final Outside outside;
  private int clusters;

  World(Setup setup, RandomGenerator random, Engine engine, Flaw flaw, Transcript transcript) {
    this.setup = setup;
    this.random = random;
    this.flaw = flaw;
    this.transcript = transcript;
    this.configurations = new Configurations(setup.settings());
    this.weather = setup.weather();
    this.jitter = Agenda.micros(weather.jitter());
    this.roundTime = Math.min(Agenda.millis(2000), Agenda.micros(setup.settings().loopWait()) / 2);
    this.network = new Network(setup.members());
    this.store = new Store(agenda, this::storeChanged);
    this.slowDisks = new int[setup.members() + 1];
    this.outside = new Outside(this, setup.members());
    transcript.startsAt(this);
    for (int i = 0; i < setup.members(); i++) {
      MemberModel member = new MemberModel(this, engine, i, setup.tags().get(i));
      members.add(member);
      byName.put(member.name(), member);
    }
  }

  void begin() {
    for (MemberModel member : members) {
      agenda.in(upTo(Agenda.millis(2000)), member::startIfDown);
      agenda.in(upTo(Agenda.millis(500)), member.server().replication()::tend);
    }
    agenda.in(0, clients::write);
    if (setup.settings().source().isPresent()) {
      outside.begin();
    }
  }

  Agenda agenda() {
    return agenda;
  }

  Network network() {
    return network;
  }

  Store store() {
    return store;
  }

  Transcript transcript() {
    return transcript;
  }

  Invariants invariants() {
    return invariants;
  }

  Clients clients() {
    return clients;
  }

  List<MemberModel> members() {
    return members;
  }

  MemberModel member(String name) {
    return byName.get(name);
  }

  ServerModel server(String name) {
    return name.equals(Outside.NAME) ? outside.server() : byName.get(name).server();
  }

  Outside outside() {
    return outside;
  }

  /** What a member knows before it has read etcd. */
  Settings firstSettings() {
    return setup.settings();
  }

  /** What operators have decided, whoever knows it already. */
  Settings settings() {
    return configurations.of(store.state().config());
  }

  Configurations configurations() {
    return configurations;
  }

  /** An operator changes the configuration. */
  void configure(UnaryOperator<Settings.Builder> change) {
    Settings before = settings();
    Settings after = change.apply(before.toBuilder()).build();
    if (!after.equals(before)) {
      invariants.configured(after);
      store.configure(configurations.written(after));
    }
  }

  boolean hasPoolers() {
    return setup.poolers();
  }

  boolean guarded() {
    return setup.guarded();
  }

  Flaw flaw() {
    return flaw;
  }

  Weather weather() {
    return weather;
  }

  void calm() {
    weather = weather.calmed();
  }

  // ---- time and chance

  Clock newClock() {
    double drift = weather.drift() == 0 ? 0 : random.nextDouble(-weather.drift(), weather.drift());
    return new Clock(Agenda.millis(random.nextInt(1_000_000_000)), 1 + drift);
  }

  /** What the wall clock of that host shows. */
  Instant wall(int host) {
    Duration ahead = host < members.size() ? members.get(host).wallAhead() : Duration.ZERO;
    return agenda.instant().plus(ahead);
  }

  long jitter() {
    return jitter;
  }

  long roundTime() {
    return roundTime;
  }

  long upTo(long most) {
    return most <= 0 ? 0 : random.nextLong(most);
  }

  boolean chance(double share) {
    return share > 0 && random.nextDouble() < share;
  }

  /** Most messages are fast, some take as long as the weather allows, a few much longer. */
  long latency() {
    long longest = Agenda.micros(weather.latency());
    if (chance(weather.loss() / 4)) {
      return longest + upTo(Agenda.millis(3000));
    }
    return 100 + upTo(random.nextInt(4) == 0 ? longest : longest / 10);
  }

  /** Messages between two places; etcd's is after the last member's. */
  private long latency(int from, int to) {
    return latency() + (network.isSlow(from, to) ? upTo(SLOW_NETWORK) : 0);
  }

  long fromStore(MemberModel to) {
    return latency(network.store(), to.index());
  }

  long latency(ServerModel from, ServerModel to) {
    return latency(from.index(), to.index());
  }

  /** How long a disk takes until WAL is safe on it. */
  long flushTime(int member) {
    long usual = 200 + upTo(Agenda.micros(weather.flush()));
    return slowDisks[member] > 0 ? usual + upTo(SLOW_DISK) : usual;
  }

  void slowDisk(int member, int change) {
    slowDisks[member] += change;
  }

  boolean isLost() {
    return chance(weather.loss());
  }

  boolean effectFails() {
    return chance(weather.failures());
  }

  long slowed(long micros) {
    return weather.slowness() == 1 ? micros : (long) (micros * weather.slowness());
  }

  long recovery() {
    return Agenda.millis(100) + upTo(Agenda.micros(weather.recovery()));
  }

  String newSystemIdentifier() {
    clusters++;
    return "70000000000000000" + clusters;
  }

  // ---- messages

  boolean reaches(ServerModel from, ServerModel to) {
    return network.reaches(from.index(), to.index());
  }

  boolean connects(ServerModel one, ServerModel other) {
    return network.connects(one.index(), other.index());
  }

  /** A request to etcd. The operation may be carried out though no answer comes. */
  <T> void request(
      MemberModel from, long timeout, Supplier<T> operation, Consumer<T> answer, Runnable silence) {
    int me = from.index();
    int there = network.store();
    boolean[] answered = {false};
    from.later(
        timeout,
        () -> {
          if (!answered[0]) {
            answered[0] = true;
            silence.run();
          }
        });
    if (!network.reaches(me, there) || isLost()) {
      return;
    }
    if (from.asksTwice()) {
      agenda.in(upTo(LONGEST_ECHO), () -> echo(me, operation));
    }
    agenda.in(
        latency(me, there) + from.lateness(),
        () -> {
          if (!store.isAvailable() || !network.reaches(me, there)) {
            return;
          }
          T result = operation.get();
          if (!network.reaches(there, me) || isLost()) {
            return;
          }
          from.later(
              latency(there, me),
              () -> {
                if (!answered[0]) {
                  answered[0] = true;
                  answer.accept(result);
                }
              });
        });
  }

  /** The same request once more, perhaps before the first: nobody waits for its answer. */
  private void echo(int from, Supplier<?> operation) {
    if (store.isAvailable() && network.reaches(from, network.store())) {
      var _ = operation.get();
    }
  }

  void askPeer(
      MemberModel from,
      MemberModel peer,
      long timeout,
      Consumer<PeerReport> answer,
      Runnable silence) {
    boolean[] answered = {false};
    from.later(
        timeout,
        () -> {
          if (!answered[0]) {
            answered[0] = true;
            silence.run();
          }
        });
    if (!network.reaches(from.index(), peer.index()) || isLostOf(peer)) {
      return;
    }
    agenda.in(
        heard(peer, latency(from.index(), peer.index())),
        () -> {
          if (!peer.isActive() || !network.reaches(peer.index(), from.index()) || isLostOf(peer)) {
            return;
          }
          PeerReport report = peer.report();
          from.later(
              heard(peer, latency(peer.index(), from.index())),
              () -> {
                if (!answered[0]) {
                  answered[0] = true;
                  answer.accept(report);
                }
              });
        });
  }

  private boolean isLostOf(MemberModel peer) {
    boolean lost = isLost();
    if (lost) {
      invariants.standing().unheard(peer);
    }
    return lost;
  }

  /** An election does not wait for what takes too long. */
  private long heard(MemberModel peer, long latency) {
    if (latency > Agenda.micros(settings().lease().patience()) / 2) {
      invariants.standing().unheard(peer);
    }
    return latency;
  }

  private void storeChanged(ClusterState state) {
    invariants.standing().storeChanged();
    invariants.firstBack().storeChanged();
    for (MemberModel member : members) {
      if (member.isUp() && network.reaches(network.store(), member.index())) {
        member.watch(state);
      }
    }
  }

  // ---- what the models tell

  void watchedBy(Troubles who) {
    troubles = Optional.of(who);
  }

  void acted(MemberModel member, Rule rule) {
    troubles.ifPresent(who -> who.acted(member.index(), rule));
  }

  void changed(ServerModel server) {
    transcript.server(server);
    if (server != outside.server()) {
      members.get(server.index()).look(Agenda.millis(15));
    }
  }

  void promoted(ServerModel server) {
    if (server != outside.server()) {
      invariants.promoted(server);
    }
  }

  /** A server was started as primary. */
  void leads(ServerModel server) {
    if (server != outside.server()) {
      invariants.leads(server);
    }
  }

  void exits(MemberModel member, int code) {
    invariants.partsFrom(member, code);
    member.die();
    transcript.note(member.name() + " agent ends with code " + code);
    if (code != 0 || elapsed().compareTo(setup.trouble()) >= 0) {
      agenda.in(Agenda.millis(2000), member::startIfDown);
    }
  }

  Duration elapsed() {
    return Duration.of(agenda.now(), ChronoUnit.MICROS);
  }
}
