package dev.matriarch.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Secret;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** Asks the agents of a cluster over their REST interface. Thread-safe; every call is bounded. */
public final class AgentApi {

  private static final Duration CONNECT = Duration.ofSeconds(2);

  private final String authorization;
  private final AtomicReference<HttpClient> http = new AtomicReference<>();

  private AgentApi(String authorization) {
    this.authorization = authorization;
  }

  /** With the cluster's user and password for what changes something. */
  static AgentApi of(Cluster cluster) {
    Secret password = cluster.settings().secret("patroni_password");
    return with(cluster.settings().text("patroni_username"), password.reveal());
  }

  /** With this user and password; an empty user shows none. */
  public static AgentApi with(String user, String password) {
    requireNonNull(user, "user is null");
    requireNonNull(password, "password is null");
    String login = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    return new AgentApi(user.isEmpty() ? "" : "Basic " + login);
  }

  /** {@code apiUrl} as the member's key has it, with any path; {@code path} with its slash. */
  public AgentAnswer get(String apiUrl, String path, Duration budget) throws InterruptedException {
    return send(apiUrl, path, HttpRequest.newBuilder().GET(), budget);
  }

  public AgentAnswer post(String apiUrl, String path, String json, Duration budget)
      throws InterruptedException {
    return change("POST", apiUrl, path, json, budget);
  }

  /** With a method that may change something, and the login. */
  public AgentAnswer change(String method, String apiUrl, String path, String json, Duration budget)
      throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json, UTF_8));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return send(apiUrl, path, request, budget);
  }

  private AgentAnswer send(String apiUrl, String path, HttpRequest.Builder request, Duration budget)
      throws InterruptedException {
    URI target;
    try {
      target = URI.create(apiUrl).resolve(path);
      request.uri(target);
    } catch (IllegalArgumentException e) {
      return new AgentAnswer.NotThere("its address in etcd is no URL: " + apiUrl);
    }
    String where = target.getHost() + ":" + target.getPort();
    CompletableFuture<HttpResponse<String>> pending =
        client().sendAsync(request.build(), BodyHandlers.ofString(UTF_8));
    try {
      HttpResponse<String> response = pending.get(budget.toMillis(), TimeUnit.MILLISECONDS);
      return new AgentAnswer.Answered(response.statusCode(), response.body().strip());
    } catch (TimeoutException e) {
      pending.cancel(true);
      return new AgentAnswer.NoAnswer(
          "%s: no answer after %d s".formatted(where, budget.toSeconds()));
    } catch (ExecutionException e) {
      return failed(where, e.getCause());
    }
  }

  /** Made when it is first needed: most commands only read etcd. */
  private HttpClient client() {
    return http.updateAndGet(
        made ->
            made != null
                ? made
                : HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .build());
  }

  private static AgentAnswer failed(String where, Throwable cause) {
    if (cause instanceof HttpConnectTimeoutException) {
      return new AgentAnswer.NotThere(where + ": cannot be connected to");
    }
    if (cause instanceof ConnectException) {
      return new AgentAnswer.NotThere(where + ": connection refused");
    }
    String text = cause.getMessage();
    return new AgentAnswer.NoAnswer(
        where + ": " + (text == null ? cause.getClass().getSimpleName() : text));
  }
}
