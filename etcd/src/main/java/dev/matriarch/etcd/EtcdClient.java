package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A client of etcd's JSON gateway. Every call is bounded as a whole; the first timeout or I/O error
 * moves it, and the streams of all watches, to the next endpoint.
 *
 * <p>Thread-safe; calls block, so make them from virtual threads. Close it once, and only the one
 * that {@link #open} gave: clients of {@link #within} share its connections.
 */
public final class EtcdClient implements AutoCloseable {

  private final Calls calls;
  private final Timeouts timeouts;

  private EtcdClient(Calls calls, Timeouts timeouts) {
    this.calls = calls;
    this.timeouts = timeouts;
  }

  /**
   * Prepares connections; opens none yet.
   *
   * @throws IllegalArgumentException if a certificate or key cannot be used, naming the file
   */
  public static EtcdClient open(EtcdConfig config) {
    return new EtcdClient(new Calls(config), config.timeouts());
  }

  /** The same connections with other bounds. */
  public EtcdClient within(Timeouts other) {
    return new EtcdClient(calls, requireNonNull(other, "other"));
  }

  public Timeouts timeouts() {
    return timeouts;
  }

  /** Linearizable read of one key. */
  public Optional<KeyValue> get(String key) throws EtcdException, InterruptedException {
    return calls.list(Wire.range(key), timeouts).find(key);
  }

  /** Linearizable read of all keys that start so, at one revision. */
  public Listing list(String prefix) throws EtcdException, InterruptedException {
    return calls.list(Wire.prefix(prefix), timeouts);
  }

  /** Puts whatever is there. */
  public TxnOutcome put(String key, String value, LeaseId lease) throws InterruptedException {
    return txn(Txn.of(Op.put(key, value, lease)));
  }

  /** Deletes if it is there. */
  public TxnOutcome delete(String key) throws InterruptedException {
    return txn(Txn.of(Op.delete(key)));
  }

  /** Never throws for a failure of etcd: not knowing is an outcome of its own. */
  public TxnOutcome txn(Txn txn) throws InterruptedException {
    try {
      JsonNode body = Wire.txn(txn);
      JsonNode answer =
          txn.repeatable()
              ? calls.repeat("/v3/kv/txn", body, timeouts)
              : calls.once("/v3/kv/txn", body, timeouts);
      return Wire.decode(calls.ring().current(), () -> outcome(txn, answer));
    } catch (EtcdException e) {
      return e.maybeApplied()
          ? new TxnOutcome.Unknown(e.failure())
          : new TxnOutcome.Failed(e.failure());
    }
  }

  private static TxnOutcome outcome(Txn txn, JsonNode answer) {
    long revision = Wire.revisionOf(answer);
    return answer.path("succeeded").asBoolean()
        ? new TxnOutcome.Applied(revision, Wire.reads(answer, txn.then()))
        : new TxnOutcome.CompareFailed(revision, Wire.reads(answer, txn.otherwise()));
  }

  /**
   * Grants a lease. etcd knows whole seconds (rounded up here) and a least time of its own, about
   * 1.5 election timeouts: what it granted is in the answer. A grant whose answer was lost expires
   * by itself.
   */
  public Lease grant(Duration ttl) throws EtcdException, InterruptedException {
    long seconds = Math.max(1, ttl.plusSeconds(1).minusNanos(1).toSeconds());
    JsonNode answer =
        calls.repeat("/v3/lease/grant", Wire.object().put("TTL", Long.toString(seconds)), timeouts);
    return new Lease(
        new LeaseId(answer.path("ID").asLong()), Duration.ofSeconds(answer.path("TTL").asLong()));
  }

  /** Starts the lease's time anew. False: there is no such lease (any more). */
  public boolean keepAlive(LeaseId lease) throws EtcdException, InterruptedException {
    JsonNode answer = calls.repeat("/v3/lease/keepalive", leaseBody(lease), timeouts);
    return answer.path("result").path("TTL").asLong() > 0;
  }

  /** Time the lease has left; zero if there is none. */
  public Duration timeToLive(LeaseId lease) throws EtcdException, InterruptedException {
    JsonNode answer = calls.repeat("/v3/lease/timetolive", leaseBody(lease), timeouts);
    return Duration.ofSeconds(Math.max(0, answer.path("TTL").asLong()));
  }

  /** Ends the lease and deletes the keys on it. An unknown lease is fine. */
  public void revoke(LeaseId lease) throws EtcdException, InterruptedException {
    try {
      calls.repeat("/v3/lease/revoke", leaseBody(lease), timeouts);
    } catch (EtcdException e) {
      boolean gone =
          e.failure() instanceof EtcdFailure.Refused refused
              && refused.text().contains("lease not found");
      if (!gone) {
        throw e;
      }
    }
  }

  /** Each endpoint by itself, in the order given. */
  public List<Health> health() throws InterruptedException {
    List<Health> all = new ArrayList<>();
    for (Endpoint endpoint : calls.endpoints()) {
      all.add(healthOf(endpoint));
    }
    return List.copyOf(all);
  }

  /** The shortest of a few round trips to each endpoint; who does not answer is left out. */
  public Map<Endpoint, Duration> roundTrips(int tries) throws InterruptedException {
    Map<Endpoint, Duration> shortest = new LinkedHashMap<>();
    for (Endpoint endpoint : calls.endpoints()) {
      for (int i = 0; i < tries; i++) {
        long began = System.nanoTime();
        if (healthOf(endpoint) instanceof Health.Silent) {
          break;
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        shortest.merge(endpoint, took, (a, b) -> a.compareTo(b) < 0 ? a : b);
      }
    }
    return shortest;
  }

  private Health healthOf(Endpoint endpoint) throws InterruptedException {
    try {
      JsonNode answer =
          calls.at(endpoint, "/v3/maintenance/status", Wire.object(), timeouts.attempt());
      List<String> errors = new ArrayList<>();
      answer.path("errors").forEach(error -> errors.add(error.asText()));
      long leader = Wire.unsigned(answer.path("leader"));
      return new Health.Answers(
          endpoint,
          answer.path("version").asText(),
          leader != 0 && leader == Wire.unsigned(answer.path("header").path("member_id")),
          leader != 0,
          answer.path("dbSize").asLong(),
          errors);
    } catch (EtcdException e) {
      return new Health.Silent(endpoint, e.failure());
    }
  }

  /** Watches all keys that start so; see {@link Watch}. */
  public Watch watch(String prefix, Consumer<WatchNotice> listener) {
    return watch(prefix, _ -> true, listener);
  }

  /** As {@link #watch(String, Consumer)}, but only changes of keys that {@code wanted} accepts. */
  public Watch watch(String prefix, Predicate<String> wanted, Consumer<WatchNotice> listener) {
    return Watch.start(calls, timeouts, prefix, wanted, listener);
  }

  private static com.fasterxml.jackson.databind.node.ObjectNode leaseBody(LeaseId lease) {
    return Wire.object().put("ID", Long.toString(lease.value()));
  }

  @Override
  public void close() {
    calls.close();
  }
}
