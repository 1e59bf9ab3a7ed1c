package dev.matriarch.agent.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.PeerAccess;
import dev.matriarch.engine.PeerReport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Asks other agents, ours or the field's controllers, how they are. Thread-safe. */
public final class PeerProbe implements AutoCloseable {
  private static final int ANSWER_LIMIT = 1 << 20;

  /** How long is waited for what would only be good to know. */
  private static final Duration CHAT = Duration.ofSeconds(2);

  /** What peers are asked with. */
  private record Means(HttpClient client, Optional<String> authorization) {}

  private volatile Means means;

  /**
   * With what peers are shown.
   *
   * @throws IOException if a certificate cannot be read; the message is for humans
   */
  public PeerProbe(PeerAccess access) throws IOException {
    means = means(requireNonNull(access, "access is null"));
  }

  /**
   * Shows something else from now on.
   *
   * @throws IOException if a certificate cannot be read: what was shown before stays
   */
  public void reload(PeerAccess access) throws IOException {
    Means before = means;
    means = means(access);
    before.client().close();
  }

  private static Means means(PeerAccess access) throws IOException {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(2));
    Optional<SSLContext> context = context(access);
    context.ifPresent(builder::sslContext);
    return new Means(
        builder.build(),
        access
            .authentication()
            .map(login -> login.username() + ":" + login.password())
            .map(pair -> "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8))));
  }

  private static Optional<SSLContext> context(PeerAccess access) throws IOException {
    if (access.ca().isEmpty() && access.certificate().isEmpty() && !access.insecure()) {
      return Optional.empty();
    }
    KeyManager[] keys =
        access.certificate().isPresent()
            ? new KeyManager[] {
              Pem.identity(
                  access.certificate().get().certificate(), access.certificate().get().key())
            }
            : new KeyManager[0];
    TrustManager[] trust = null;
    if (access.insecure()) {
      trust = new TrustManager[] {new TrustEveryone()};
    } else if (access.ca().isPresent()) {
      trust = new TrustManager[] {Pem.trust(access.ca().get())};
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
      return Optional.of(context);
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS is not available: " + e.getMessage(), e);
    }
  }

  /**
   * Asks a member at the address in its key; empty when no usable answer came within the budget.
   */
  public Optional<PeerReport> ask(String member, String apiUrl, Duration budget)
      throws InterruptedException {
    return get(apiUrl + "?" + Endpoints.FRESH, budget)
        .flatMap(response -> Json.object(response.body()))
        .flatMap(answer -> PeerAnswer.read(member, answer));
  }

  /** The last wish for a move that the member at this address closed, if it tells of one. */
  public Optional<ClosedMove> closedMove(String apiUrl) throws InterruptedException {
    return get(apiUrl, CHAT)
        .flatMap(response -> Json.object(response.body()))
        .flatMap(ClosedMove::read);
  }

  /**
   * Whether any program answers at a member's address: then its name is taken (contract, section
   * 6). An answer of 401, 403 or 503 counts.
   */
  public boolean isTaken(String apiUrl, Duration budget) throws InterruptedException {
    Optional<URI> address = address(apiUrl);
    return address.isPresent()
        && get(address.get().resolve("/liveness").toString(), budget).isPresent();
  }

  /** The shortest of a few round trips to a member; empty when one of them is not answered. */
  public Optional<Duration> roundTrip(String apiUrl, int tries) throws InterruptedException {
    Optional<URI> address = address(apiUrl);
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < tries; i++) {
      long began = System.nanoTime();
      if (address.isEmpty() || get(address.get().resolve("/liveness").toString(), CHAT).isEmpty()) {
        return Optional.empty();
      }
      shortest = Math.min(shortest, System.nanoTime() - began);
    }
    return Optional.of(Duration.ofNanos(shortest));
  }

  private Optional<HttpResponse<String>> get(String url, Duration budget)
      throws InterruptedException {
    Optional<URI> address = address(url);
    if (address.isEmpty() || !budget.isPositive()) {
      return Optional.empty();
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(address.get()).timeout(budget).GET();
    Means now = means;
    now.authorization().ifPresent(value -> request.header("Authorization", value));
    // The request's own timeout ends with the headers; a peer that stalls in the body is cut here.
    CompletableFuture<HttpResponse<String>> answer =
        now.client()
            .sendAsync(
                request.build(), BodyHandlers.limiting(BodyHandlers.ofString(), ANSWER_LIMIT));
    try {
      return Optional.of(answer.get(budget.toNanos(), TimeUnit.NANOSECONDS));
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    } finally {
      boolean unusedCancelled = answer.cancel(true);
    }
  }

  /** What came of a request that may change something. */
  sealed interface Posted {
    record Answered(int status, String body) implements Posted {}

    /** The host answers, and no program listens there. */
    record NobodyThere() implements Posted {}

    record NoAnswer() implements Posted {}
  }

  /** Sends JSON to a path of the agent at that address. */
  Posted post(String apiUrl, String path, String json, Duration budget)
      throws InterruptedException {
    Optional<URI> address = address(apiUrl);
    if (address.isEmpty() || !budget.isPositive()) {
      return new Posted.NoAnswer();
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.get().resolve(path))
            .timeout(budget)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    Means now = means;
    now.authorization().ifPresent(value -> request.header("Authorization", value));
    CompletableFuture<HttpResponse<String>> answer =
        now.client()
            .sendAsync(
                request.build(), BodyHandlers.limiting(BodyHandlers.ofString(), ANSWER_LIMIT));
    try {
      HttpResponse<String> response = answer.get(budget.toNanos(), TimeUnit.NANOSECONDS);
      return new Posted.Answered(response.statusCode(), response.body());
    } catch (ExecutionException e) {
      return isRefused(e) ? new Posted.NobodyThere() : new Posted.NoAnswer();
    } catch (TimeoutException e) {
      return new Posted.NoAnswer();
    } finally {
      boolean unusedCancelled = answer.cancel(true);
    }
  }

  private static boolean isRefused(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          && String.valueOf(cause.getMessage()).contains("refused")) {
        return true;
      }
    }
    return false;
  }

  private static Optional<URI> address(String url) {
    try {
      URI address = URI.create(url.strip());
      boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
      return http && address.getHost() != null ? Optional.of(address) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    means.client().shutdownNow();
  }
}
