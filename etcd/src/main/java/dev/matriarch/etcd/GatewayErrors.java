package dev.matriarch.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * Gives every way in which etcd's gateway says no, or nothing, its place in {@link EtcdFailure}.
 */
final class GatewayErrors {

  private static final int PERMISSION_DENIED = 7;
  private static final int UNAUTHENTICATED = 16;

  private GatewayErrors() {}

  /** From a connection that failed; only what never left this host is surely not applied. */
  static EtcdException fromIo(Endpoint endpoint, Throwable cause) {
    boolean neverSent =
        cause instanceof ConnectException
            || cause instanceof HttpConnectTimeoutException
            || cause instanceof UnresolvedAddressException
            || cause.getCause() instanceof ConnectException
            || cause instanceof SSLHandshakeException;
    return new EtcdException(
        new EtcdFailure.Unreachable(endpoint, describe(endpoint, cause)), !neverSent);
  }

  private static String describe(Endpoint endpoint, Throwable cause) {
    if (cause instanceof UnresolvedAddressException
        || cause.getCause() instanceof UnresolvedAddressException) {
      return "host name " + endpoint.uri().getHost() + " does not resolve";
    }
    String text = cause.getMessage();
    if (text != null && !text.isBlank()) {
      return cause instanceof SSLException ? "TLS: " + text : text;
    }
    return cause instanceof ConnectException
        ? "connection refused"
        : cause.getClass().getSimpleName();
  }

  /** From an error in JSON: of a call ({@code code}, {@code error}) or of a stream. */
  static EtcdException fromAnswer(Endpoint endpoint, JsonNode answer, Duration elapsed) {
    JsonNode error = answer.path("error");
    boolean streamed = error.isObject();
    int code = streamed ? error.path("grpc_code").asInt() : answer.path("code").asInt();
    String text = streamed ? error.path("message").asText() : error.asText();
    if (code == 0) {
      // JSON of whoever stands before etcd: what became of the request is unknown.
      return Gateway.malformed(endpoint, answer.toString());
    }
    return classify(endpoint, code, text, elapsed);
  }

  static EtcdException classify(Endpoint endpoint, int code, String text, Duration elapsed) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("no leader")) {
      return new EtcdException(new EtcdFailure.NoLeader(endpoint), false);
    }
    if (lower.contains("timed out") || lower.contains("leader changed")) {
      return new EtcdException(new EtcdFailure.TimedOut(endpoint, elapsed), true);
    }
    if (lower.contains("compacted")) {
      return new EtcdException(new EtcdFailure.Compacted(endpoint, 0), false);
    }
    if (lower.contains("space exceeded")) {
      return new EtcdException(new EtcdFailure.NoSpace(endpoint, text), false);
    }
    if (code == PERMISSION_DENIED || code == UNAUTHENTICATED || isAuthentication(lower)) {
      return new EtcdException(new EtcdFailure.AuthFailed(endpoint, text), false);
    }
    return switch (code) {
      // Cancelled, unknown, internal, unavailable, data loss: the member fell over while it worked.
      case 1, 2, 13, 14, 15 -> new EtcdException(new EtcdFailure.Unreachable(endpoint, text), true);
      case 4 -> new EtcdException(new EtcdFailure.TimedOut(endpoint, elapsed), true);
      default -> new EtcdException(new EtcdFailure.Refused(endpoint, code, text), false);
    };
  }

  private static boolean isAuthentication(String lower) {
    return lower.contains("authentication")
        || lower.contains("invalid auth")
        || lower.contains("user name is empty")
        || lower.contains("auth store is old");
  }

  /** Whether another endpoint may answer what this one could not. */
  static boolean worthMovingOn(EtcdFailure failure) {
    return switch (failure) {
      case EtcdFailure.Unreachable _,
          EtcdFailure.TimedOut _,
          EtcdFailure.NoLeader _,
          EtcdFailure.Malformed _ ->
          true;
      case EtcdFailure.AuthFailed _,
          EtcdFailure.Compacted _,
          EtcdFailure.NoSpace _,
          EtcdFailure.Refused _,
          EtcdFailure.EveryEndpoint _ ->
          false;
    };
  }
}
