package dev.matriarch.agent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.agent.rest.PeerProbe;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.View;
import dev.matriarch.etcd.Endpoint;
import dev.matriarch.etcd.EtcdClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * How far this member is from etcd's members and from its peers, as requests tell: the shortest of
 * a few on an open connection, so an upper bound of the network's round trip.
 */
record RoundTrips(EtcdClient etcd, PeerProbe peers, Supplier<View> view) {
  private static final int TRIES = 4;

  /** {@code {"etcd": {endpoint: ms}, "members": {name: ms}}}; who does not answer is left out. */
  String json() throws InterruptedException {
    Map<String, Duration> members = new ConcurrentSkipListMap<>();
    Map<Endpoint, Duration> stores;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Member member : view.get().state().members().values()) {
        if (!member.name().equals(view.get().name())) {
          threads.execute(() -> ask(member, members));
        }
      }
      stores = etcd.roundTrips(TRIES);
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode toEtcd = json.putObject("etcd");
    stores.forEach((endpoint, time) -> toEtcd.put(endpoint.toString(), milliseconds(time)));
    ObjectNode toMembers = json.putObject("members");
    members.forEach((name, time) -> toMembers.put(name, milliseconds(time)));
    return json.toString();
  }

  private void ask(Member member, Map<String, Duration> answers) {
    try {
      Optional<Duration> shortest = peers.roundTrip(member.apiUrl(), TRIES);
      shortest.ifPresent(time -> answers.put(member.name(), time));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static double milliseconds(Duration time) {
    return Math.rint(time.toNanos() / 1e3) / 1e3;
  }
}
