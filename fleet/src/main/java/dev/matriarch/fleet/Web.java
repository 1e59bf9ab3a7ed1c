package dev.matriarch.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

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

/** Questions over HTTP, each bounded as a whole. Thread-safe. */
final class Web {
  private static final Duration CONNECT = Duration.ofSeconds(2);

  private final AtomicReference<HttpClient> http = new AtomicReference<>();

  /** The value of the header {@code Authorization}. */
  static String login(String user, String password) {
    return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
  }

  /** With the path, which begins with a slash, below or instead of that of the URL. */
  AgentAnswer ask(String url, String path, HttpRequest.Builder request, Duration budget)
      throws InterruptedException {
    URI target;
    try {
      target = URI.create(url).resolve(path);
      request.uri(target);
    } catch (IllegalArgumentException e) {
      return new AgentAnswer.NotThere("its address is no URL: " + url);
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
