package dev.matriarch.etcd;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * Which endpoint is in use. The first timeout or I/O error at it moves everybody on to the next,
 * the streams of watches included: a stream alone cannot notice a hung server.
 */
final class EndpointRing {

  private final List<Endpoint> endpoints;
  private final AtomicInteger position = new AtomicInteger();
  private final Map<Endpoint, Long> lastAnswer = new ConcurrentHashMap<>();
  private final Set<BiConsumer<Endpoint, EtcdFailure>> listeners = new CopyOnWriteArraySet<>();

  EndpointRing(List<Endpoint> endpoints) {
    this.endpoints = List.copyOf(endpoints);
  }

  Endpoint current() {
    return endpoints.get(Math.floorMod(position.get(), endpoints.size()));
  }

  int size() {
    return endpoints.size();
  }

  void failed(Endpoint endpoint, EtcdFailure why) {
    int seen = position.get();
    if (endpoints.get(Math.floorMod(seen, endpoints.size())).equals(endpoint)) {
      position.compareAndSet(seen, seen + 1);
    }
    listeners.forEach(listener -> listener.accept(endpoint, why));
  }

  void answered(Endpoint endpoint) {
    lastAnswer.put(endpoint, System.nanoTime());
  }

  boolean answeredWithin(Endpoint endpoint, long nanos) {
    Long at = lastAnswer.get(endpoint);
    return at != null && System.nanoTime() - at < nanos;
  }

  void onFailure(BiConsumer<Endpoint, EtcdFailure> listener) {
    listeners.add(listener);
  }

  void forget(BiConsumer<Endpoint, EtcdFailure> listener) {
    listeners.remove(listener);
  }
}
