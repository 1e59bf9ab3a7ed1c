package dev.matriarch.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** Requests over all endpoints: token, moving on, back-off, and the bound of it all. */
final class Calls implements AutoCloseable {

  /** A shorter attempt would only replace what the last one found out by "no answer". */
  private static final Duration LEAST_ATTEMPT = Duration.ofMillis(25);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

  private final List<Endpoint> endpoints;
  private final Login login;
  private final Gateway gateway;
  private final EndpointRing ring;
  private final AtomicReference<String> token = new AtomicReference<>("");

  Calls(EtcdConfig config) {
    endpoints = config.endpoints();
    login = config.login();
    gateway = new Gateway(config.security(), config.timeouts().attempt());
    ring = new EndpointRing(endpoints);
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }

  EndpointRing ring() {
    return ring;
  }

  Gateway gateway() {
    return gateway;
  }

  /** For requests that may be made twice. */
  JsonNode repeat(String path, JsonNode body, Timeouts timeouts)
      throws EtcdException, InterruptedException {
    return call(path, body, timeouts, true);
  }

  /** For requests that must not be made again once they may have been received. */
  JsonNode once(String path, JsonNode body, Timeouts timeouts)
      throws EtcdException, InterruptedException {
    return call(path, body, timeouts, false);
  }

  private JsonNode call(String path, JsonNode body, Timeouts timeouts, boolean repeatable)
      throws EtcdException, InterruptedException {
    long end = System.nanoTime() + timeouts.total().toNanos();
    Map<Endpoint, EtcdFailure> failures = new HashMap<>();
    boolean maybeApplied = false;
    Duration pause = FIRST_PAUSE;
    while (true) {
      Endpoint endpoint = ring.current();
      Duration left = Duration.ofNanos(end - System.nanoTime());
      try {
        return at(endpoint, path, body, min(timeouts.attempt(), left));
      } catch (EtcdException e) {
        maybeApplied |= e.maybeApplied();
        if (!GatewayErrors.worthMovingOn(e.failure())) {
          throw new EtcdException(e.failure(), maybeApplied);
        }
        ring.failed(endpoint, e.failure());
        failures.put(endpoint, e.failure());
        if (e.maybeApplied() && !repeatable) {
          throw e;
        }
      }
      boolean roundDone = failures.size() >= endpoints.size();
      Duration needed = roundDone ? pause.plus(LEAST_ATTEMPT) : LEAST_ATTEMPT;
      if (end - System.nanoTime() <= needed.toNanos()) {
        throw new EtcdException(together(failures), maybeApplied);
      }
      if (roundDone) {
        Thread.sleep(pause);
        pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
      }
    }
  }

  private EtcdFailure together(Map<Endpoint, EtcdFailure> failures) {
    List<EtcdFailure> each =
        endpoints.stream().filter(failures::containsKey).map(failures::get).toList();
    return each.size() == 1 ? each.getFirst() : new EtcdFailure.EveryEndpoint(each);
  }

  /** One attempt at one endpoint, with one more when the token was no longer good. */
  JsonNode at(Endpoint endpoint, String path, JsonNode body, Duration budget)
      throws EtcdException, InterruptedException {
    long end = System.nanoTime() + budget.toNanos();
    String used = tokenAt(endpoint, budget);
    try {
      return answered(endpoint, gateway.post(endpoint, path, body, used, left(end)));
    } catch (EtcdException e) {
      if (!tokenExpired(e.failure()) || used.isEmpty()) {
        throw e;
      }
      token.compareAndSet(used, "");
      String fresh = tokenAt(endpoint, left(end));
      return answered(endpoint, gateway.post(endpoint, path, body, fresh, left(end)));
    }
  }

  /** Every answer of etcd has a header; a proxy's or another server's has not. */
  private JsonNode answered(Endpoint endpoint, JsonNode answer) throws EtcdException {
    if (!answer.has("header") && !answer.path("result").has("header")) {
      throw Gateway.malformed(endpoint, answer.toString());
    }
    ring.answered(endpoint);
    return answer;
  }

  /** Keys at one revision. */
  Listing list(JsonNode range, Timeouts timeouts) throws EtcdException, InterruptedException {
    JsonNode answer = repeat("/v3/kv/range", range, timeouts);
    return Wire.decode(ring.current(), () -> Wire.listing(answer));
  }

  private static boolean tokenExpired(EtcdFailure failure) {
    return failure instanceof EtcdFailure.AuthFailed denied
        && (denied.text().contains("invalid auth token")
            || denied.text().contains("auth store is old"));
  }

  /** A token, from etcd if there is none yet; empty for the anonymous. */
  private String tokenAt(Endpoint endpoint, Duration budget)
      throws EtcdException, InterruptedException {
    String known = token.get();
    if (!known.isEmpty()) {
      return known;
    }
    return switch (login) {
      case Login.Anonymous _ -> "";
      case Login.Password who -> {
        JsonNode body = Wire.object().put("name", who.user()).put("password", who.password());
        String fresh = authenticate(endpoint, body, budget);
        token.set(fresh);
        yield fresh;
      }
    };
  }

  private String authenticate(Endpoint endpoint, JsonNode body, Duration budget)
      throws EtcdException, InterruptedException {
    try {
      return gateway
          .post(endpoint, "/v3/auth/authenticate", body, "", budget)
          .path("token")
          .asText();
    } catch (EtcdException e) {
      // Whatever became of the login, the request itself was not sent.
      throw new EtcdException(e.failure(), false);
    }
  }

  CompletableFuture<HttpResponse<Void>> stream(
      Endpoint endpoint, String path, JsonNode body, Duration budget, LineQueue lines)
      throws EtcdException, InterruptedException {
    return gateway.stream(endpoint, path, body, tokenAt(endpoint, budget), lines);
  }

  void forgetToken() {
    token.set("");
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
  }

  static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  @Override
  public void close() {
    gateway.close();
  }
}
