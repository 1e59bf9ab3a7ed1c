package dev.matriarch.engine;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is under way and what went wrong before.
 *
 * @param nextOrder the next order's number
 * @param running the order under way in each lane
 * @param setbacks failures in a row by kind of effect
 * @param successes when each kind of effect last succeeded
 */
public record Work(
    long nextOrder,
    Map<Lane, Order> running,
    Map<String, Setback> setbacks,
    Map<String, Instant> successes) {
  public static final Work IDLE = new Work(1, Map.of(), Map.of(), Map.of());

  public Work {
    running =
        running.isEmpty()
            ? Map.of()
            : Collections.unmodifiableMap(new EnumMap<Lane, Order>(running));
    setbacks = Collections.unmodifiableMap(new TreeMap<>(setbacks));
    successes = Collections.unmodifiableMap(new TreeMap<>(successes));
  }

  public Optional<Effect> in(Lane lane) {
    return Optional.ofNullable(running.get(lane)).map(Order::effect);
  }

  public boolean isFree(Lane lane) {
    return !running.containsKey(lane);
  }

  public Optional<Setback> setback(Class<? extends Effect> kind) {
    return Optional.ofNullable(setbacks.get(kind.getSimpleName()));
  }

  /** Whether an effect of this kind failed so recently that it has to wait. */
  public boolean isResting(Class<? extends Effect> kind, Instant now) {
    return setback(kind).filter(setback -> now.isBefore(setback.retryAt())).isPresent();
  }

  /** Whether an effect of this kind succeeded after {@code since}. */
  public boolean succeededSince(Class<? extends Effect> kind, Instant since) {
    Instant at = successes.get(kind.getSimpleName());
    return at != null && at.isAfter(since);
  }

  /** Whether an effect of this kind ended, however, since the last success of another. */
  boolean endedAfter(Class<? extends Effect> kind, Class<? extends Effect> other) {
    Instant since = successes.getOrDefault(other.getSimpleName(), Instant.MIN);
    return succeededSince(kind, since)
        || setback(kind).filter(setback -> setback.lastAt().isAfter(since)).isPresent();
  }

  public int failures(Class<? extends Effect> kind) {
    return setback(kind).map(Setback::count).orElse(0);
  }

  /** The order takes its lane, from whoever had it. */
  Work begun(Order order) {
    Map<Lane, Order> more = new EnumMap<>(Lane.class);
    more.putAll(running);
    more.put(order.effect().lane(), order);
    return new Work(Math.max(nextOrder, order.id() + 1), more, setbacks, successes);
  }

  /** The order ended; one that was pushed out of its lane meanwhile does not count. */
  Work ended(long id, Outcome outcome, Instant now) {
    Optional<Order> order = running.values().stream().filter(o -> o.id() == id).findFirst();
    if (order.isEmpty()) {
      return this;
    }
    Effect effect = order.get().effect();
    Map<Lane, Order> fewer = new EnumMap<>(running);
    fewer.remove(effect.lane());
    Map<String, Instant> won = new TreeMap<>(successes);
    if (outcome instanceof Outcome.Done) {
      won.put(effect.kind(), now);
    }
    return new Work(nextOrder, fewer, judged(effect.kind(), outcome, now), won);
  }

  private Map<String, Setback> judged(String kind, Outcome outcome, Instant now) {
    Map<String, Setback> after = new TreeMap<>(setbacks);
    switch (outcome) {
      case Outcome.Done done -> after.remove(kind);
      case Outcome.Refused refused -> after.put(kind, another(kind, refused.reason(), now, true));
      case Outcome.Failed failed -> after.put(kind, another(kind, failed.reason(), now, false));
      case Outcome.Unknown unknown -> after.put(kind, another(kind, unknown.reason(), now, false));
    }
    return after;
  }

  private Setback another(String kind, String reason, Instant now, boolean refused) {
    Setback before = setbacks.get(kind);
    return new Setback(before == null ? 1 : before.count() + 1, now, reason, refused);
  }
}
