package dev.matriarch.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch of a prefix that goes on for ever: {@link WatchNotice.Listed} first, then every change
 * after it. When its endpoint fails, for it or for anybody else's call, it goes on at the next one
 * from the last revision + 1; when that was compacted it lists again.
 *
 * <p>The listener is called on the watch's own virtual thread, one notice at a time; while it runs
 * nothing more is read.
 */
public final class Watch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final Calls calls;
  private final Timeouts timeouts;
  private final String prefix;
  private final Predicate<String> wanted;
  private final Consumer<WatchNotice> listener;
  private final AtomicReference<OpenStream> open = new AtomicReference<>();
  private final BiConsumer<Endpoint, EtcdFailure> condemner = this::condemn;
  private final Thread thread;

  /** Next revision to ask for; 0: list first. Only the watch's thread touches these four. */
  private long next;

  private long cluster;
  private final Set<Told> told = new HashSet<>();
  private Duration pause = FIRST_PAUSE;

  private record OpenStream(
      Endpoint endpoint, LineQueue lines, CompletableFuture<HttpResponse<Void>> response) {
    void close() {
      lines.cancel();
      response.cancel(true);
    }
  }

  private Watch(
      Calls calls,
      Timeouts timeouts,
      String prefix,
      Predicate<String> wanted,
      Consumer<WatchNotice> listener) {
    this.calls = calls;
    this.timeouts = timeouts;
    this.prefix = prefix;
    this.wanted = wanted;
    this.listener = listener;
    thread = Thread.ofVirtual().name("etcd-watch " + prefix).unstarted(this::run);
  }

  static Watch start(
      Calls calls,
      Timeouts timeouts,
      String prefix,
      Predicate<String> wanted,
      Consumer<WatchNotice> listener) {
    Watch watch = new Watch(calls, timeouts, prefix, wanted, listener);
    calls.ring().onFailure(watch.condemner);
    watch.thread.start();
    return watch;
  }

  private record Told(Endpoint endpoint, Class<? extends EtcdFailure> kind) {
    static Set<Told> of(EtcdFailure failure) {
      return switch (failure) {
        case EtcdFailure.Unreachable it -> Set.of(new Told(it.endpoint(), it.getClass()));
        case EtcdFailure.TimedOut it -> Set.of(new Told(it.endpoint(), it.getClass()));
        case EtcdFailure.NoLeader it -> Set.of(new Told(it.endpoint(), it.getClass()));
        case EtcdFailure.AuthFailed it -> Set.of(new Told(it.endpoint(), it.getClass()));
        case EtcdFailure.Compacted it -> Set.of(new Told(it.endpoint(), it.getClass()));
        case EtcdFailure.NoSpace it -> Set.of(new Told(it.endpoint(), it.getClass()));
        case EtcdFailure.Refused it -> Set.of(new Told(it.endpoint(), it.getClass()));
        case EtcdFailure.Malformed it -> Set.of(new Told(it.endpoint(), it.getClass()));
        case EtcdFailure.EveryEndpoint all ->
            all.each().stream().flatMap(one -> of(one).stream()).collect(Collectors.toSet());
      };
    }
  }

  private void condemn(Endpoint endpoint, EtcdFailure why) {
    OpenStream stream = open.get();
    if (stream != null && stream.endpoint().equals(endpoint)) {
      stream.lines().condemn(why);
    }
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          if (next == 0) {
            relist();
          }
          follow();
        } catch (EtcdException e) {
          recover(e.failure());
        } catch (IllegalArgumentException e) {
          recover(
              new EtcdFailure.Malformed(calls.ring().current(), String.valueOf(e.getMessage())));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      calls.ring().forget(condemner);
    }
  }

  private void relist() throws EtcdException, InterruptedException {
    Listing all = calls.list(Wire.prefix(prefix), timeouts);
    List<KeyValue> keys = all.keys().stream().filter(kv -> wanted.test(kv.key())).toList();
    next = all.revision() + 1;
    cluster = all.cluster();
    tell(new WatchNotice.Listed(new Listing(all.cluster(), all.revision(), keys)));
  }

  private void recover(EtcdFailure failure) throws InterruptedException {
    if (failure instanceof EtcdFailure.Compacted) {
      next = 0;
      return;
    }
    if (failure instanceof EtcdFailure.AuthFailed) {
      calls.forgetToken();
    }
    // Each kind of failure once at each endpoint: retries come many a second.
    if (told.addAll(Told.of(failure))) {
      tell(new WatchNotice.Interrupted(failure));
    }
    Thread.sleep(pause);
    pause = Calls.min(pause.multipliedBy(2), LONGEST_PAUSE);
  }

  /** One stream at one endpoint, until it fails. */
  private void follow() throws EtcdException, InterruptedException {
    Endpoint endpoint = calls.ring().current();
    LineQueue lines = new LineQueue();
    CompletableFuture<HttpResponse<Void>> response =
        calls.stream(endpoint, "/v3/watch", request(), timeouts.attempt(), lines);
    var _ =
        response.whenComplete(
            (_, failure) -> {
              if (failure != null) {
                lines.broken(failure);
              }
            });
    OpenStream stream = new OpenStream(endpoint, lines, response);
    open.set(stream);
    try {
      read(stream);
    } catch (EtcdException e) {
      if (GatewayErrors.worthMovingOn(e.failure())) {
        open.set(null);
        calls.ring().failed(endpoint, e.failure());
      }
      throw e;
    } finally {
      open.set(null);
      stream.close();
    }
  }

  private ObjectNode request() {
    ObjectNode create =
        Wire.prefix(prefix).put("start_revision", Long.toString(next)).put("progress_notify", true);
    return Wire.object().set("create_request", create);
  }

  private void read(OpenStream stream) throws EtcdException, InterruptedException {
    Endpoint endpoint = stream.endpoint();
    boolean created = false;
    while (true) {
      Duration wait = created ? timeouts.watchSilence() : timeouts.attempt();
      switch (stream.lines().next(wait)) {
        case LineQueue.Item.Line line -> {
          calls.ring().answered(endpoint);
          created |= handle(endpoint, calls.gateway().parse(endpoint, line.text()));
        }
        case LineQueue.Item.Silence _ -> {
          if (!created) {
            throw new EtcdException(new EtcdFailure.TimedOut(endpoint, wait), false);
          }
          checkAlive(endpoint);
        }
        case LineQueue.Item.End _ ->
            throw new EtcdException(
                new EtcdFailure.Unreachable(endpoint, "ended the watch"), false);
        case LineQueue.Item.Broken broken -> throw GatewayErrors.fromIo(endpoint, root(broken));
        case LineQueue.Item.Condemned condemned -> throw new EtcdException(condemned.why(), false);
      }
    }
  }

  private static Throwable root(LineQueue.Item.Broken broken) {
    Throwable cause = broken.cause();
    return cause instanceof java.util.concurrent.CompletionException && cause.getCause() != null
        ? cause.getCause()
        : cause;
  }

  /** A cheap bounded question, unless somebody's call was just answered there. */
  private void checkAlive(Endpoint endpoint) throws EtcdException, InterruptedException {
    if (!calls.ring().answeredWithin(endpoint, timeouts.watchSilence().toNanos())) {
      calls.at(
          endpoint,
          "/v3/kv/range",
          Wire.prefix(prefix).put("count_only", true),
          timeouts.attempt());
    }
  }

  /** True once the server confirmed the watch. */
  private boolean handle(Endpoint endpoint, JsonNode line)
      throws EtcdException, InterruptedException {
    if (line.has("error")) {
      throw GatewayErrors.fromAnswer(endpoint, line, Duration.ZERO);
    }
    JsonNode result = line.path("result");
    if (!result.has("header")) {
      throw Gateway.malformed(endpoint, line.toString());
    }
    if (Wire.clusterOf(result) != cluster) {
      // Another cluster at the same address counts its own revisions: ours mean nothing there.
      throw new EtcdException(new EtcdFailure.Compacted(endpoint, 0), false);
    }
    if (result.path("canceled").asBoolean()) {
      throw cancelled(endpoint, result);
    }
    if (result.path("created").asBoolean()) {
      told.clear();
      pause = FIRST_PAUSE;
      tell(new WatchNotice.Resumed(endpoint));
      return true;
    }
    deliver(Wire.decode(endpoint, () -> Wire.changes(result.path("events"))), result);
    return true;
  }

  private static EtcdException cancelled(Endpoint endpoint, JsonNode result) {
    long oldest = result.path("compact_revision").asLong();
    if (oldest > 0) {
      return new EtcdException(new EtcdFailure.Compacted(endpoint, oldest), false);
    }
    return GatewayErrors.classify(
        endpoint, 0, result.path("cancel_reason").asText("watch cancelled"), Duration.ZERO);
  }

  private void deliver(List<Change> all, JsonNode result) throws InterruptedException {
    if (all.isEmpty()) {
      // Progress. Only such a notice makes the header's revision count: while a watch catches up,
      // the
      // header is ahead of the events it carries.
      next = Math.max(next, Wire.revisionOf(result) + 1);
      return;
    }
    long last = all.getLast().revision();
    List<Change> fresh =
        all.stream().filter(c -> c.revision() >= next && wanted.test(c.key())).toList();
    next = Math.max(next, last + 1);
    if (!fresh.isEmpty()) {
      tell(new WatchNotice.Changed(last, fresh));
    }
  }

  private void tell(WatchNotice notice) throws InterruptedException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException();
    }
    try {
      listener.accept(notice);
    } catch (RuntimeException e) {
      // A watch that ended by it would leave its owner blind without a word.
      LOG.error("watch of {}: the listener failed on {}", prefix, notice, e);
    }
  }

  /** Ends it; the listener is not called any more once the running call of it is over. */
  @Override
  public void close() {
    thread.interrupt();
    OpenStream stream = open.get();
    if (stream != null) {
      stream.close();
    }
  }
}
