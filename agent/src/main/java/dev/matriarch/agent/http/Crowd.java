package dev.matriarch.agent.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is connected. A newcomer always gets in unless everybody is being served: when its source has
 * as many connections as it may, the one of them that keeps us waiting longest makes room; when all
 * places are taken, that of the source with most. So whoever opens connections and says little only
 * pushes out its own.
 */
final class Crowd {
  private final int most;
  private final int mostOfOne;
  private final Map<ByteBuffer, Set<Connection>> sources = new HashMap<>();
  private int size;

  Crowd(HttpLimits limits) {
    this.most = limits.connections();
    this.mostOfOne = limits.perSource();
  }

  /** One network of IPv6 is one source: a host has all of its addresses. */
  private static ByteBuffer source(InetAddress address) {
    byte[] bytes = address.getAddress();
    return ByteBuffer.wrap(bytes, 0, address instanceof Inet6Address ? 8 : bytes.length);
  }

  /** Whether it may stay. */
  synchronized boolean enter(Connection newcomer) {
    ByteBuffer source = source(newcomer.from());
    Set<Connection> own = sources.getOrDefault(source, Set.of());
    boolean room = true;
    if (own.size() >= mostOfOne) {
      room = pushOut(own);
    } else if (size >= most) {
      room = pushOut(sources.values().stream().max(Comparator.comparingInt(Set::size)).orElse(own));
    }
    if (room) {
      sources.computeIfAbsent(source, key -> new HashSet<>()).add(newcomer);
      size++;
    }
    return room;
  }

  private boolean pushOut(Set<Connection> from) {
    long now = System.nanoTime();
    Connection slowest = null;
    long longest = -1;
    for (Connection one : from) {
      long waited = one.phase() instanceof Phase.Clients turn ? now - turn.since() : -1;
      if (waited > longest) {
        slowest = one;
        longest = waited;
      }
    }
    Optional<Connection> found = Optional.ofNullable(slowest);
    found.ifPresent(this::leave);
    found.ifPresent(Connection::cut);
    return found.isPresent();
  }

  synchronized void leave(Connection one) {
    ByteBuffer source = source(one.from());
    Set<Connection> own = sources.get(source);
    if (own != null && own.remove(one)) {
      size--;
      if (own.isEmpty()) {
        sources.remove(source);
      }
    }
  }

  /** Cuts off those whose time is over. */
  synchronized void tidy(long now) {
    everybody().stream()
        .filter(one -> one.phase() instanceof Phase.Clients turn && turn.isOver(now))
        .forEach(Connection::cut);
  }

  synchronized void cutAll() {
    everybody().forEach(Connection::cut);
  }

  private List<Connection> everybody() {
    return sources.values().stream().flatMap(Set::stream).toList();
  }
}
