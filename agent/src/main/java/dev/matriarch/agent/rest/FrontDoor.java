package dev.matriarch.agent.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsExchange;
import dev.matriarch.agent.config.Credentials;
import dev.matriarch.agent.config.RestConfig;
import dev.matriarch.agent.config.RestConfig.Tls;
import dev.matriarch.agent.config.RestConfig.VerifyClient;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes requests in: who may ask, how much may be sent, and that every one gets an answer. */
final class FrontDoor implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
  private static final int BODY_LIMIT = 1 << 20;

  private volatile RestConfig config;
  private final Endpoints endpoints;
  private final AgentStatus.Source source;

  FrontDoor(RestConfig config, Endpoints endpoints, AgentStatus.Source source) {
    this.config = config;
    this.endpoints = endpoints;
    this.source = source;
  }

  /** From now on others may ask: what the file says of who may was changed. */
  void reload(RestConfig changed) {
    config = changed;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      send(exchange, answer(exchange));
    } catch (InterruptedException e) {
      // The server is closing: the connection goes with it.
      Thread.currentThread().interrupt();
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException, InterruptedException {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    String query = exchange.getRequestURI().getRawQuery();
    try {
      return switch (method) {
        case "GET", "HEAD", "OPTIONS" ->
            endpoints.read(
                path == null ? "/" : path, query == null ? "" : query, method.equals("GET"));
        case "POST", "PUT", "PATCH", "DELETE" -> change(exchange, method, path);
        default -> Answer.text(405, "the method is none that this agent knows");
      };
    } catch (RuntimeException e) {
      // A defect of ours: whole for the log, a sentence for the client.
      LOG.error("{} {} failed", method, path, e);
      return Answer.text(500, "the agent failed to answer; its log says why");
    }
  }

  private Answer change(HttpExchange exchange, String method, String path)
      throws IOException, InterruptedException {
    Optional<Answer> denial = denial(exchange);
    if (denial.isPresent()) {
      return denial.get();
    }
    byte[] body = exchange.getRequestBody().readNBytes(BODY_LIMIT + 1);
    if (body.length > BODY_LIMIT) {
      // A client that is still sending would see a broken pipe instead of the answer.
      exchange.getRequestBody().skip(16L * BODY_LIMIT);
      return Answer.text(413, "the body is larger than " + BODY_LIMIT + " bytes");
    }
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      return endpoints.change(method, path == null ? "/" : path, text);
    } catch (CharacterCodingException e) {
      return Answer.text(400, "the body is not UTF-8 text");
    }
  }

  private Optional<Answer> denial(HttpExchange exchange) {
    InetAddress from = exchange.getRemoteAddress().getAddress();
    Admission admission = new Admission(config.allowlist());
    if (!admission.admits(from, source.status().view().state())) {
      return Optional.of(
          Answer.text(403, "access is denied: " + from.getHostAddress() + " is not on the list"));
    }
    boolean wantsCertificate =
        config.tls().map(Tls::verifyClient).filter(v -> v != VerifyClient.NONE).isPresent();
    if (wantsCertificate && !showsCertificate(exchange)) {
      return Optional.of(Answer.text(403, "client certificate required"));
    }
    if (config.authentication().isEmpty()) {
      return Optional.empty();
    }
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header != null && matches(header, config.authentication().get())) {
      return Optional.empty();
    }
    exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"agent\"");
    return Optional.of(
        Answer.text(401, header == null ? "no auth header received" : "not authenticated"));
  }

  private static boolean showsCertificate(HttpExchange exchange) {
    try {
      return exchange instanceof HttpsExchange https
          && https.getSSLSession().getPeerCertificates().length > 0;
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }

  private static boolean matches(String header, Credentials wanted) {
    String pair = wanted.username() + ":" + wanted.password();
    String expected = Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    int blank = header.indexOf(' ');
    // In constant time: what is compared is a secret.
    return blank > 0
        && header.substring(0, blank).equalsIgnoreCase("Basic")
        && MessageDigest.isEqual(
            header.substring(blank + 1).strip().getBytes(UTF_8), expected.getBytes(UTF_8));
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", answer.contentType());
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    boolean bodiless =
        exchange.getRequestMethod().equals("HEAD") || exchange.getRequestMethod().equals("OPTIONS");
    byte[] body = answer.bytes();
    if (bodiless || body.length == 0) {
      exchange.sendResponseHeaders(answer.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
  }
}
