package dev.matriarch.engine.sim;

import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.StandbyLink;
import dev.matriarch.engine.SyncNames;
import java.util.Collections;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How WAL flows from a server to its standbys, and when its commits are acknowledged. Both ends of
 * a connection are kept here: the standby's wish to follow, and the upstream's links.
 */
final class Replication {
  private static final long LOOK_AGAIN = Agenda.millis(600);
  private static final long NOTICE = Agenda.millis(3000);

  /** A connected standby as its upstream sees it. */
  private static final class Link {
    private final ServerModel standby;
    private long flushed;
    private boolean inFlight;

    Link(ServerModel standby) {
      this.standby = standby;
      this.flushed = standby.position().end();
    }
  }

  private final World world;
  private final ServerModel self;
  private final SortedMap<String, Link> links = new TreeMap<>();
  private final Queue<Long> waiting = new PriorityQueue<>();
  private String upstream = "";
  private boolean streaming;

  /** The last connection made as a standby: what an older one still carries is not read. */
  private Link source;

  private long cutSince = -1;

  Replication(World world, ServerModel self) {
    this.world = world;
    this.self = self;
  }

  String upstream() {
    return upstream;
  }

  boolean isStreaming() {
    return streaming;
  }

  SortedMap<String, StandbyLink> links() {
    if (links.isEmpty()) {
      return Collections.emptySortedMap();
    }
    SortedMap<String, StandbyLink> seen = new TreeMap<>();
    links.forEach(
        (name, link) ->
            seen.put(
                name,
                new StandbyLink(
                    name, true, new Lsn(link.flushed), self.syncNames().names().contains(name))));
    return seen;
  }

  // ---- as a standby

  void follow(String member) {
    upstream = member;
  }

  /** The receiver's loop: connects, notices a dead connection, asks for what it lacks. */
  void tend() {
    world.agenda().in(LOOK_AGAIN + world.upTo(LOOK_AGAIN / 3), this::tend);
    if (!streaming) {
      connect();
      return;
    }
    ServerModel from = world.server(upstream);
    if (world.connects(self, from)) {
      cutSince = -1;
      from.replication().ship(self.name());
    } else if (cutSince < 0) {
      cutSince = world.agenda().now();
    } else if (world.agenda().now() - cutSince > NOTICE) {
      from.replication().drop(self.name());
    }
  }

  void connect() {
    if (streaming || !self.isRunningStandby() || upstream.isEmpty()) {
      return;
    }
    ServerModel from = world.server(upstream);
    boolean possible =
        from != self
            && from.isRunning()
            && world.connects(self, from)
            && from.isOfSameCluster(self)
            && from.position().seemsToContain(self.position());
    if (possible) {
      streaming = true;
      cutSince = -1;
      source = new Link(self);
      from.replication().links.put(self.name(), source);
      from.replication().ship(self.name());
      world.changed(self);
      world.changed(from);
    }
  }

  void endReceiver() {
    if (streaming) {
      world.server(upstream).replication().drop(self.name());
    }
    upstream = "";
  }

  /** Whether a commit could be acknowledged now, by the standbys that are connected. */
  boolean canAcknowledge() {
    SyncNames names = self.syncNames();
    int connected = 0;
    for (String name : names.names()) {
      connected += links.containsKey(name) ? 1 : 0;
    }
    return connected >= names.acknowledgements();
  }

  private void lostUpstream() {
    streaming = false;
    self.wal().settle();
    world.changed(self);
  }

  // ---- as an upstream

  /** Ends every connection, as a server that stops does. */
  void disconnectAll() {
    waiting.clear();
    if (streaming) {
      world.server(upstream).replication().drop(self.name());
    }
    for (Link link : links.values()) {
      link.standby.replication().lostUpstream();
    }
    links.clear();
  }

  private void drop(String standby) {
    Link link = links.remove(standby);
    if (link != null) {
      link.standby.replication().lostUpstream();
      world.changed(self);
    }
  }

  /** Sends what the standby lacks, unless something is on its way to it. */
  private void ship(String standby) {
    Link link = links.get(standby);
    if (link == null || link.inFlight || !self.isRunning()) {
      return;
    }
    Position sent = self.position();
    if (sent.equals(link.standby.wal().written())) {
      return;
    }
    link.inFlight = true;
    world.agenda().in(world.latency(self, link.standby), () -> arrive(link, sent));
  }

  private void arrive(Link link, Position sent) {
    link.inFlight = false;
    ServerModel standby = link.standby;
    boolean lost = !world.reaches(self, standby);
    // What was sent before the upstream died still arrives, if the standby waits for it.
    boolean follows =
        standby.isRunningStandby()
            && standby.replication().source == link
            && standby.replication().upstream.equals(self.name());
    if (lost || !follows || standby.disk().isHung()) {
      return;
    }
    if (!standby.wal().written().contains(sent)) {
      world.invariants().streamed(standby, self, sent);
      standby.received();
      standby.wal().write(sent, () -> flushed(link));
    }
    ship(standby.name());
  }

  private void flushed(Link link) {
    ServerModel standby = link.standby;
    standby.replication().shipAll();
    long flushed = standby.position().end();
    world.agenda().in(world.latency(standby, self), () -> confirmed(link, flushed));
  }

  private void confirmed(Link link, long flushed) {
    if (links.get(link.standby.name()) == link && world.reaches(link.standby, self)) {
      link.flushed = Math.max(link.flushed, flushed);
      releaseCommits();
    }
  }

  private void shipAll() {
    for (String standby : links.keySet()) {
      ship(standby);
    }
  }

  /** What a clean shutdown ends with reaches every standby that can be reached. */
  void shipLast() {
    for (Link link : links.values()) {
      ServerModel standby = link.standby;
      boolean takes = standby.isRunningStandby() && !standby.disk().isHung();
      if (world.connects(self, standby) && takes && !world.isLost()) {
        standby.wal().reset(self.position());
      }
    }
  }

  // ---- commits

  /** A client writes: acknowledged once it is flushed here, and on enough standbys. */
  void commit(long bytes) {
    if (self.disk().isHung()) {
      return;
    }
    Position end = self.wal().written().plus(bytes);
    self.wal()
        .write(
            end,
            () -> {
              waiting.add(end.end());
              shipAll();
              releaseCommits();
            });
  }

  void forgetCommits() {
    waiting.clear();
  }

  void releaseCommits() {
    while (!waiting.isEmpty() && self.isRunningPrimary() && isSatisfied(waiting.element())) {
      world.clients().acknowledge(self, waiting.remove());
    }
  }

  private boolean isSatisfied(long end) {
    SyncNames names = self.syncNames();
    if (names.acknowledgements() == 0) {
      return true;
    }
    int asked = 0;
    int flushed = 0;
    for (String name : names.names()) {
      Link link = links.get(name);
      if (link == null || (self.waitsByPriority() && asked == names.acknowledgements())) {
        continue;
      }
      asked++;
      flushed += link.flushed >= end ? 1 : 0;
    }
    return flushed >= names.acknowledgements();
  }
}
