package dev.matriarch.agent.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.matriarch.agent.config.Credentials;
import dev.matriarch.agent.config.RestConfig;
import dev.matriarch.agent.config.RestConfig.Tls;
import dev.matriarch.agent.config.RestConfig.VerifyClient;
import dev.matriarch.agent.http.BadRequest;
import dev.matriarch.agent.http.Exchange;
import dev.matriarch.agent.http.Head;
import dev.matriarch.agent.http.HttpHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes requests in: who may ask, and that every one gets an answer. */
final class FrontDoor implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

  private volatile RestConfig config;
  private final Endpoints endpoints;
  private final AgentStatus.Source source;
  private final Semaphore largeAnswer = new Semaphore(1);

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
  public void handle(Exchange exchange) throws IOException, BadRequest, InterruptedException {
    boolean large = Endpoints.isLarge(exchange.head().path());
    if (large && !largeAnswer.tryAcquire()) {
      send(exchange, Answer.text(503, "another request reads the recording; try again"));
      return;
    }
    // Until it is sent: a few of them that nobody takes in would be all memory there is.
    try {
      send(exchange, answer(exchange));
    } finally {
      if (large) {
        largeAnswer.release();
      }
    }
  }

  private Answer answer(Exchange exchange) throws IOException, BadRequest, InterruptedException {
    Head head = exchange.head();
    try {
      return switch (head.method()) {
        case "GET", "HEAD", "OPTIONS" ->
            endpoints.read(head.path(), head.query(), head.method().equals("GET"));
        case "POST", "PUT", "PATCH", "DELETE" -> change(exchange, head);
        default -> Answer.text(405, "the method is none that this agent knows");
      };
    } catch (RuntimeException e) {
      // A defect of ours: whole for the log, a sentence for the client.
      LOG.error("{} {} failed", head.method(), head.path(), e);
      return Answer.text(500, "the agent failed to answer; its log says why");
    }
  }

  private Answer change(Exchange exchange, Head head)
      throws IOException, BadRequest, InterruptedException {
    Optional<Answer> denial = denial(exchange);
    if (denial.isPresent()) {
      return denial.get();
    }
    byte[] body = exchange.body();
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      return endpoints.change(head.method(), head.path(), text);
    } catch (CharacterCodingException e) {
      return Answer.text(400, "the body is not UTF-8 text");
    }
  }

  private Optional<Answer> denial(Exchange exchange) {
    InetAddress from = exchange.from();
    Admission admission = new Admission(config.allowlist());
    if (!admission.admits(from, source.status().view().state())) {
      return Optional.of(
          Answer.text(403, "access is denied: " + from.getHostAddress() + " is not on the list"));
    }
    boolean wantsCertificate =
        config.tls().map(Tls::verifyClient).filter(v -> v != VerifyClient.NONE).isPresent();
    if (wantsCertificate && !exchange.isCertified()) {
      return Optional.of(Answer.text(403, "client certificate required"));
    }
    if (config.authentication().isEmpty()) {
      return Optional.empty();
    }
    Optional<String> header = exchange.head().header("Authorization");
    if (header.filter(shown -> matches(shown, config.authentication().get())).isPresent()) {
      return Optional.empty();
    }
    String sentence = header.isEmpty() ? "no auth header received" : "not authenticated";
    return Optional.of(
        Answer.text(401, sentence).with("WWW-Authenticate", "Basic realm=\"agent\""));
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

  private void send(Exchange exchange, Answer answer) throws IOException {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(config.headers());
    headers.putAll(answer.headers());
    headers.put("Content-Type", answer.contentType());
    boolean bodiless = exchange.head().method().equals("OPTIONS");
    exchange.answer(answer.status(), headers, bodiless ? new byte[0] : answer.bytes());
  }
}
