package dev.matriarch.agent.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.agent.config.Allowlist;
import dev.matriarch.agent.config.Credentials;
import dev.matriarch.agent.config.HostPort;
import dev.matriarch.agent.config.PeerAccess;
import dev.matriarch.agent.config.RestConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RestServerTest {
  private static final HostPort ANY = new HostPort("127.0.0.1", 0);

  private final FakeRequests requests = new FakeRequests();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable thing : open) {
      thing.close();
    }
  }

  private RestServer start(Optional<Credentials> login) throws IOException {
    RestServer server =
        RestServer.start(
            new RestConfig(ANY, ANY, Optional.empty(), login),
            () -> Statuses.primary().status(),
            requests);
    open.add(server);
    return server;
  }

  private HttpResponse<String> send(
      RestServer server, String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .timeout(Duration.ofSeconds(10));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  /** Sends bytes and returns all that comes until the server closes. */
  private static String raw(RestServer server, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }

  @Test
  void answersGetHeadAndOptionsAlike() throws Exception {
    RestServer server = start(Optional.empty());

    for (String path : List.of("/primary", "/replica", "/patroni", "/nonsense")) {
      int status = send(server, "GET", path, "").statusCode();
      assertThat(send(server, "HEAD", path, "").statusCode()).isEqualTo(status);
      assertThat(send(server, "OPTIONS", path, "").statusCode()).isEqualTo(status);
    }
    assertThat(raw(server, "OPTIONS /primary HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    assertThat(raw(server, "OPTIONS /replica HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 503 ");
    assertThat(raw(server, "HEAD /primary HTTP/1.0\r\n\r\n")).doesNotContain("{");
  }

  @Test
  void asksForCredentialsWhereSomethingCouldChange() throws Exception {
    RestServer server = start(Optional.of(new Credentials("admin", "secret")));

    assertThat(send(server, "GET", "/config", "").statusCode()).isEqualTo(200);
    HttpResponse<String> none = send(server, "POST", "/reload", "");
    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(none.headers().firstValue("WWW-Authenticate")).isPresent();
    assertThat(none.body()).isEqualTo("no auth header received");
    assertThat(send(server, "POST", "/reload", "", "Authorization", "Basic eDp5").body())
        .isEqualTo("not authenticated");
    assertThat(
            send(server, "POST", "/reload", "", "Authorization", "Basic YWRtaW46c2VjcmV0")
                .statusCode())
        .isEqualTo(202);
    assertThat(requests.asked).containsExactly("reload");
  }

  @Test
  void refusesBodiesWithoutAnEnd() throws Exception {
    RestServer server = start(Optional.empty());

    assertThat(send(server, "PATCH", "/config", "x".repeat(2 << 20)).statusCode()).isEqualTo(413);
    assertThat(requests.asked).isEmpty();
  }

  @Test
  void admitsOnlyThoseOnTheList() throws Exception {
    for (Allowlist list :
        List.of(
            new Allowlist(List.of("10.0.0.0/8", "192.0.2.1"), false),
            new Allowlist(List.of(), true))) {
      RestServer server =
          RestServer.start(
              new RestConfig(ANY, ANY, Optional.empty(), Optional.empty(), list, Map.of()),
              () -> Statuses.primary().status(),
              requests);
      open.add(server);
      assertThat(send(server, "GET", "/primary", "").statusCode()).isEqualTo(200);
      HttpResponse<String> denied = send(server, "POST", "/reload", "");
      assertThat(denied.statusCode()).isEqualTo(403);
      assertThat(denied.body()).isEqualTo("access is denied: 127.0.0.1 is not on the list");
      server.reload(
          new RestConfig(
              ANY,
              ANY,
              Optional.empty(),
              Optional.empty(),
              new Allowlist(List.of("127.0.0.0/8"), false),
              Map.of()));
      assertThat(send(server, "POST", "/reload", "").statusCode()).isEqualTo(202);
    }
    Admission members = new Admission(new Allowlist(List.of(), true));
    assertThat(members.admits(InetAddress.getByName("10.0.0.1"), Statuses.primary().view().state()))
        .isTrue();
  }

  @Test
  void touchesNothingForWhatMakesNoSense() throws Exception {
    RestServer server = start(Optional.empty());
    byte[] notUtf8 = {'{', '"', 'a', '"', ':', '"', (byte) 0xff, '"', '}'};
    String deep = "[".repeat(100_000);
    for (String path :
        List.of("/config", "/restart", "/switchover", "/failover", "/reinitialize")) {
      for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW")) {
        for (String body :
            List.of("\0", "[]", "{\"a\"", "\"x\"", "{}{}", "{\"a\":1,\"a\":2}", deep)) {
          HttpResponse<String> answer = send(server, method, path, body);
          assertThat(answer.statusCode()).as("%s %s", method, path).isBetween(400, 503);
          assertThat(answer.body()).isNotBlank();
        }
      }
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/config"))
              .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(notUtf8))
              .build();
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).isEqualTo("the body is not UTF-8 text");
    }
    assertThat(requests.asked).isEmpty();
  }

  @Test
  void survivesWhatIsNoRequest() throws Exception {
    RestServer server = start(Optional.empty());

    for (String junk :
        List.of(
            "nonsense\r\n\r\n",
            "GET\r\n\r\n",
            "GET /%zz HTTP/1.1\r\n\r\n",
            "BREW /config HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "POST /config HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
            "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nConnection: close\r\n\r\n")) {
      try {
        assertThat(raw(server, junk)).doesNotContain("\tat ");
      } catch (java.net.SocketException e) {
        // Closed while we were still sending: an answer as well.
        assertThat(e).hasMessageNotContaining("timed out");
      }
    }
    assertThat(send(server, "GET", "/primary", "").statusCode()).isEqualTo(200);
  }

  @Test
  void isNotHeldUpByClientsThatSayNothing() throws Exception {
    RestServer server = start(Optional.empty());
    for (int i = 0; i < 100; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
      open.add(socket);
      socket.getOutputStream().write("POST /config HTT".getBytes(US_ASCII));
    }

    assertThat(send(server, "GET", "/primary", "").statusCode()).isEqualTo(200);
  }

  @Test
  void addsTheHeadersOfTheConfiguration() throws Exception {
    RestServer server = start(Optional.empty());
    server.reload(
        new RestConfig(
            ANY,
            ANY,
            Optional.empty(),
            Optional.empty(),
            Allowlist.NONE,
            Map.of("X-Frame-Options", "SAMEORIGIN", "content-type", "text/rtf")));

    HttpResponse<String> answer = send(server, "GET", "/patroni", "");
    assertThat(answer.headers().firstValue("X-Frame-Options")).contains("SAMEORIGIN");
    assertThat(answer.headers().allValues("Content-Type")).containsExactly("application/json");
  }

  @Test
  void saysWhichAddressIsTaken() throws Exception {
    RestServer server = start(Optional.empty());
    RestConfig same =
        new RestConfig(
            new HostPort("127.0.0.1", server.port()), ANY, Optional.empty(), Optional.empty());

    assertThatThrownBy(() -> RestServer.start(same, () -> Statuses.primary().status(), requests))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("restapi.listen 127.0.0.1:" + server.port());
  }

  @Test
  void tellsADefectWithoutItsTrace() throws Exception {
    RestServer server =
        RestServer.start(
            new RestConfig(ANY, ANY, Optional.empty(), Optional.empty()),
            () -> {
              throw new IllegalStateException("inner matter");
            },
            requests);
    open.add(server);

    HttpResponse<String> answer = send(server, "GET", "/primary", "");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("inner matter");
  }

  @Test
  void asksPeers() throws Exception {
    RestServer server = start(Optional.empty());
    PeerProbe probe = new PeerProbe(PeerAccess.PLAIN);
    open.add(probe);
    String url = "http://127.0.0.1:" + server.port() + "/patroni";
    Duration budget = Duration.ofSeconds(10);

    assertThat(probe.ask("a", url, budget).orElseThrow().running()).isTrue();
    assertThat(probe.ask("b", url, budget)).isEmpty();
    assertThat(probe.isTaken(url, budget)).isTrue();
    server.close();
    assertThat(probe.ask("a", url, budget)).isEmpty();
    assertThat(probe.isTaken(url, budget)).isFalse();
    assertThat(probe.ask("a", "no address", budget)).isEmpty();
    assertThat(probe.ask("a", "file:///etc/passwd", budget)).isEmpty();
  }

  @Test
  void givesPeersThatStallUp() throws Exception {
    PeerProbe probe = new PeerProbe(PeerAccess.PLAIN);
    open.add(probe);
    try (ServerSocket silent = new ServerSocket()) {
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/patroni";

      assertThat(probe.ask("a", url, Duration.ofMillis(200))).isEmpty();

      Thread halfway =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      Socket accepted = silent.accept();
                      Socket second = silent.accept();
                      open.add(accepted);
                      open.add(second);
                      second
                          .getOutputStream()
                          .write(
                              "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".getBytes(US_ASCII));
                    } catch (IOException e) {
                      Thread.currentThread().interrupt();
                    }
                  });
      assertThat(probe.ask("a", url, Duration.ofMillis(500))).isEmpty();
      halfway.join();
    }
  }
}
