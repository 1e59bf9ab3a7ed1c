package dev.matriarch.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request to one endpoint, bounded as a whole. */
final class Gateway implements AutoCloseable {

  private static final int MAX_QUOTED = 200;

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http;

  Gateway(Security security, Duration connect) {
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(connect)
            .sslContext(TlsContext.of(security))
            .build();
  }

  /** Posts and waits for the whole answer, at most {@code budget}. */
  JsonNode post(Endpoint endpoint, String path, JsonNode body, String token, Duration budget)
      throws EtcdException, InterruptedException {
    long start = System.nanoTime();
    // Not HttpRequest.timeout: that one ends with the headers, a stalled body would go on for ever.
    CompletableFuture<HttpResponse<String>> pending =
        http.sendAsync(request(endpoint, path, body, token), BodyHandlers.ofString(UTF_8));
    HttpResponse<String> response;
    try {
      response = pending.get(budget.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      pending.cancel(true);
      throw new EtcdException(new EtcdFailure.TimedOut(endpoint, since(start)), true);
    } catch (InterruptedException e) {
      pending.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw GatewayErrors.fromIo(endpoint, e.getCause());
    }
    if (response.statusCode() != 200 && response.body().isBlank()) {
      throw malformed(endpoint, "HTTP " + response.statusCode() + " without a word");
    }
    JsonNode answer = parse(endpoint, response.body());
    if (response.statusCode() != 200 || answer.has("error")) {
      throw GatewayErrors.fromAnswer(endpoint, answer, since(start));
    }
    return answer;
  }

  /** Opens a stream; {@code lines} gets what arrives until it is cancelled. */
  CompletableFuture<HttpResponse<Void>> stream(
      Endpoint endpoint, String path, JsonNode body, String token, LineQueue lines) {
    return http.sendAsync(request(endpoint, path, body, token), _ -> lines);
  }

  JsonNode parse(Endpoint endpoint, String text) throws EtcdException {
    try {
      JsonNode answer = json.readTree(text);
      if (answer != null && answer.isObject()) {
        return answer;
      }
    } catch (JsonProcessingException e) {
      throw malformed(endpoint, text);
    }
    throw malformed(endpoint, text);
  }

  static EtcdException malformed(Endpoint endpoint, String text) {
    String quoted = text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "..." : text;
    return new EtcdException(
        new EtcdFailure.Malformed(endpoint, quoted.isBlank() ? "nothing at all" : quoted), true);
  }

  private static HttpRequest request(Endpoint endpoint, String path, JsonNode body, String token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(endpoint.uri() + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString(), UTF_8));
    if (!path.startsWith("/v3/maintenance/")) {
      // Without it a member cut off from the majority keeps a caller waiting for seconds, and a
      // watch
      // for ever; with it both end with "no leader". What a member says of itself needs no leader.
      request.header("Grpc-Metadata-hasleader", "true");
    }
    if (!token.isEmpty()) {
      request.header("Authorization", token);
    }
    return request.build();
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
