package dev.matriarch.agent.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpListenerTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final HttpLimits LIMITS =
      new HttpLimits(40, 20, 1024, 100_000, LONG, LONG, LONG, LONG);

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable thing : open.reversed()) {
      thing.close();
    }
  }

  /** Tells what it was asked, with the body of what may have one. */
  private static void echo(Exchange exchange) throws IOException, BadRequest, InterruptedException {
    Head head = exchange.head();
    String body = head.method().equals("GET") ? "" : new String(exchange.body(), UTF_8);
    String told = (head.method() + " " + head.path() + "?" + head.query() + " " + body).strip();
    exchange.answer(200, Map.of("Content-Type", "text/plain"), told.getBytes(UTF_8));
  }

  private HttpListener start(HttpLimits limits) throws IOException {
    HttpListener listener =
        HttpListener.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.empty(),
            limits,
            HttpListenerTest::echo);
    open.add(listener);
    return listener;
  }

  private Socket connect(HttpListener to, String from) throws IOException {
    Socket socket = new Socket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), to.port()));
    socket.setSoTimeout(20_000);
    open.add(socket);
    return socket;
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  private static String allOf(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  /** What comes until the server closes. */
  private String answer(HttpListener listener, String request) throws IOException {
    Socket socket = connect(listener, "127.0.0.1");
    say(socket, request);
    return allOf(socket);
  }

  private static String lines(String escaped) {
    return escaped.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "GET /a HTTP/1.0\\r\\n\\r\\n|GET /a? ",
        "GET /a HTTP/1.0\\n\\n|GET /a? ",
        "\\r\\nGET /a HTTP/1.0\\r\\n\\r\\n|GET /a? ",
        "GET //host/b?x=%20 HTTP/1.0\\r\\n\\r\\n|GET //host/b?x=%20 ",
        "GET /a%2Fb HTTP/1.0\\r\\n\\r\\n|GET /a/b? ",
        "GET http://h:1/c?d HTTP/1.1\\r\\nConnection: Close\\r\\n\\r\\n|GET /c?d ",
        "OPTIONS * HTTP/1.0\\r\\n\\r\\n|OPTIONS /? ",
        "PUT /a HTTP/1.0\\r\\nContent-Length: 3\\r\\n\\r\\nxyz|PUT /a? xyz",
        "PUT /a HTTP/1.1\\r\\nconnection: a, close\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n"
            + "2;x=1\\r\\nxy\\r\\n1\\r\\nz\\r\\n0\\r\\nTrailer: t\\r\\n\\r\\n|PUT /a? xyz",
        "PUT /a HTTP/1.0\\r\\nContent-Length: 1\\r\\nContent-Encoding: identity\\r\\n\\r\\nx|PUT /a? x",
        "brew /pot HTTP/1.0\\r\\n\\r\\n|brew /pot? "
      })
  void understands(String request, String told) throws IOException {
    assertThat(answer(start(LIMITS), lines(request)))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("Connection: close\r\n")
        .endsWith("\r\n\r\n" + told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nonsense\\r\\n\\r\\n|400|the first line is no request",
        "GET /\\r\\n\\r\\n|400|the first line is no request",
        "GET  / HTTP/1.1\\r\\n\\r\\n|400|the first line is no request",
        "G(T / HTTP/1.1\\r\\n\\r\\n|400|the first line is no request",
        "PRI * HTTP/2.0\\r\\n\\r\\n|400|only HTTP/1.0 and HTTP/1.1",
        "GET /%zz HTTP/1.1\\r\\n\\r\\n|400|the address is none",
        "GET / HTTP/1.1\\r\\nNo colon\\r\\n\\r\\n|400|a header line is not NAME: VALUE",
        "GET / HTTP/1.1\\r\\nA : b\\r\\n\\r\\n|400|a header line is not NAME: VALUE",
        "GET / HTTP/1.1\\r\\nA: b\\r\\n folded\\r\\n\\r\\n|400|a header line is not NAME: VALUE",
        "GET / HTTP/1.1\\r\\nA: b\\0c\\r\\n\\r\\n|400|the header holds control characters",
        "GET / HTTP/1.1\\r\\nA: b\\rX: y\\r\\n\\r\\n|400|the header holds control characters",
        "PUT / HTTP/1.1\\r\\nContent-Length: -5\\r\\n\\r\\n|400|Content-Length is no number of bytes",
        "PUT / HTTP/1.1\\r\\nContent-Length: 1e3\\r\\n\\r\\n|400|Content-Length is no number of bytes",
        "PUT / HTTP/1.1\\r\\nContent-Length: 1\\r\\nContent-Length: 1\\r\\n\\r\\nx|400|the length of the body is said twice",
        "PUT / HTTP/1.1\\r\\nContent-Length: 1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n|400|the length of the body is said twice",
        "PUT / HTTP/1.1\\r\\nTransfer-Encoding: gzip, chunked\\r\\n\\r\\n|400|only chunked is read",
        "PUT / HTTP/1.0\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n|400|only chunked is read",
        "PUT / HTTP/1.1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nxx\\r\\n|400|a chunk of the body does not say its size",
        "PUT / HTTP/1.1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n1\\r\\nxx\\r\\n|400|a chunk of the body is not as long as it says",
        "PUT / HTTP/1.1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n7fffffff\\r\\n|413|the body is larger than 100000 bytes",
        "PUT / HTTP/1.1\\r\\nContent-Length: 999999999\\r\\n\\r\\n|413|the body is larger than 100000 bytes",
        "PUT / HTTP/1.1\\r\\nContent-Length: 2\\r\\nContent-Encoding: gzip\\r\\n\\r\\nxx|415|not compressed"
      })
  void refuses(String request, int status, String sentence) throws IOException {
    assertThat(answer(start(LIMITS), lines(request)))
        .startsWith("HTTP/1.1 " + status + " ")
        .contains("Content-Type: text/plain", "Connection: close\r\n", sentence);
  }

  @Test
  void refusesWhatIsTooLong() throws IOException {
    HttpListener listener = start(LIMITS);
    String x = "x".repeat(2000);

    assertThat(answer(listener, "GET /" + x + " HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 414 ")
        .contains("the request line is too long: 1024 bytes are read");
    assertThat(answer(listener, "GET / HTTP/1.1\r\nA: " + x + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ")
        .contains("the header is too long");
    assertThat(answer(listener, "\r\n".repeat(2000))).startsWith("HTTP/1.1 414 ");
  }

  @Test
  void refusesWhatEndsTooEarly() throws IOException {
    HttpListener listener = start(LIMITS);
    for (String part :
        List.of(
            "GET / HT", "GET / HTTP/1.1\r\nA: b", "PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx")) {
      Socket socket = connect(listener, "127.0.0.1");
      say(socket, part);
      socket.shutdownOutput();
      assertThat(allOf(socket)).as(part).startsWith("HTTP/1.1 400 ");
    }
    Socket silent = connect(listener, "127.0.0.1");
    silent.shutdownOutput();
    assertThat(allOf(silent)).isEmpty();
  }

  @Test
  void servesSeveralRequestsOfOneConnection() throws IOException {
    Socket socket = connect(start(LIMITS), "127.0.0.1");
    say(
        socket,
        lines(
            """
            GET /1 HTTP/1.1

            PUT /2 HTTP/1.1
            Content-Length: 1

            xHEAD /3 HTTP/1.1

            GET /4 HTTP/1.0
            Connection: keep-alive

            GET /5 HTTP/1.0

            """));
    String all = allOf(socket);
    assertThat(all)
        .containsSubsequence("GET /1", "PUT /2? x", "Connection: keep-alive", "GET /4", "GET /5");
    assertThat(all.split("HTTP/1.1 200 OK", -1)).hasSize(6);
    assertThat(all).doesNotContain("HEAD /3");
  }

  @Test
  void endsAConnectionWhoseBodyNobodyWanted() throws IOException {
    assertThat(
            answer(
                start(LIMITS),
                "GET /1 HTTP/1.1\r\nContent-Length: 19\r\n\r\nGET /2 HTTP/1.1\r\n\r\n"))
        .contains("GET /1", "Connection: close")
        .doesNotContain("/2");
  }

  @Test
  void asksForTheBodyOfAClientThatWaits() throws IOException {
    Socket socket = connect(start(LIMITS), "127.0.0.1");
    say(
        socket,
        "PUT / HTTP/1.1\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    byte[] goOn = socket.getInputStream().readNBytes(25);
    assertThat(new String(goOn, ISO_8859_1)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
    say(socket, "xy");
    assertThat(allOf(socket)).endsWith("PUT /? xy");
  }

  @Test
  void saysToSlowClientsThatTheirTimeIsOver() throws IOException {
    Duration brief = Duration.ofMillis(200);
    HttpListener listener =
        start(new HttpLimits(40, 20, 1024, 100_000, brief, brief, brief, brief));

    assertThat(answer(listener, "GET / HTTP/1.1\r\nHost"))
        .startsWith("HTTP/1.1 408 ")
        .endsWith("the head of the request was not complete within 200 ms");
    assertThat(answer(listener, "PUT / HTTP/1.1\r\nContent-Length: 5\r\n\r\nx"))
        .startsWith("HTTP/1.1 408 ")
        .endsWith("the body of the request was not complete within 200 ms");
    assertThat(answer(listener, "GET / HTTP/1.1\r\n\r\n"))
        .as("ended when no other request follows")
        .startsWith("HTTP/1.1 200 ");
    assertThat(answer(listener, "")).isEmpty();
  }

  @Test
  void cutsOffWhoTakesNoAnswerIn() throws Exception {
    Duration brief = Duration.ofMillis(200);
    byte[] large = new byte[16 << 20];
    HttpListener listener =
        HttpListener.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.empty(),
            new HttpLimits(1, 1, 1024, 100_000, LONG, LONG, LONG, brief),
            exchange ->
                exchange.answer(
                    200, Map.of(), exchange.head().path().equals("/large") ? large : new byte[1]));
    open.add(listener);
    Socket taker = connect(listener, "127.0.0.1");
    say(taker, "GET /large HTTP/1.1\r\n\r\n");
    int first = taker.getInputStream().read();

    assertThat(first).isEqualTo('H');
    long got = 1;
    byte[] piece = new byte[1024];
    try {
      for (int n = 0; n >= 0; n = taker.getInputStream().read(piece)) {
        got += n;
        Thread.sleep(1);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
    assertThat(got).isLessThan(large.length);
  }

  @Test
  void whoOpensManyConnectionsPushesOutItsOwn() throws IOException {
    HttpListener listener = start(LIMITS);
    Socket neighbour = connect(listener, "127.0.0.3");
    say(neighbour, "GET / HT");
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < LIMITS.perSource() + 5; i++) {
      slow.add(connect(listener, "127.0.0.2"));
      say(slow.getLast(), "GET / HT");
    }

    for (int i = 0; i < 5; i++) {
      assertThat(isCut(slow.get(i))).as("the oldest make room: %d", i).isTrue();
    }
    say(slow.getLast(), "TP/1.0\r\n\r\n");
    assertThat(allOf(slow.getLast())).as("the newest are served").startsWith("HTTP/1.1 200 ");
    say(neighbour, "TP/1.0\r\n\r\n");
    assertThat(allOf(neighbour)).as("others are left alone").startsWith("HTTP/1.1 200 ");
  }

  @Test
  void whenAllPlacesAreTakenTheLargestCrowdMakesRoom() throws IOException {
    HttpListener listener = start(LIMITS);
    Socket alone = connect(listener, "127.0.0.9");
    say(alone, "GET / HT");
    Socket first = connect(listener, "127.0.0.2");
    for (int i = 1; i < LIMITS.perSource(); i++) {
      Socket more = connect(listener, "127.0.0.2");
      assertThat(more.isConnected()).isTrue();
    }
    for (int i = 0; i < LIMITS.connections() - LIMITS.perSource() - 1; i++) {
      Socket more = connect(listener, "127.0.0.3");
      assertThat(more.isConnected()).isTrue();
    }
    Socket newcomer = connect(listener, "127.0.0.4");
    say(newcomer, "GET / HTTP/1.0\r\n\r\n");

    assertThat(allOf(newcomer)).startsWith("HTTP/1.1 200 ");
    assertThat(isCut(first)).isTrue();
    say(alone, "TP/1.0\r\n\r\n");
    assertThat(allOf(alone)).startsWith("HTTP/1.1 200 ");
  }

  private static boolean isCut(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void turnsAwayWhereEverybodyIsBeingServed() throws Exception {
    CountDownLatch free = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(2);
    HttpListener listener =
        HttpListener.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.empty(),
            new HttpLimits(10, 2, 1024, 100_000, LONG, LONG, LONG, LONG),
            exchange -> {
              busy.countDown();
              free.await();
              exchange.answer(200, Map.of(), new byte[0]);
            });
    open.add(listener);
    for (int i = 0; i < 2; i++) {
      say(connect(listener, "127.0.0.1"), "GET / HTTP/1.1\r\n\r\n");
    }
    busy.await();

    assertThat(allOf(connect(listener, "127.0.0.1")))
        .startsWith("HTTP/1.1 429 ")
        .endsWith("too many requests are being served; try again");
    free.countDown();
  }

  @Test
  void leavesNothingBehind() throws IOException {
    HttpListener listener = start(LIMITS);
    Socket idle = connect(listener, "127.0.0.1");
    say(idle, "GET / HTTP/1.1\r\n\r\n");
    assertThat(idle.getInputStream().read()).isEqualTo('H');
    listener.close();
    assertThat(allOf(idle)).doesNotContain("500");
    HttpListener next =
        HttpListener.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()),
            Optional.empty(),
            LIMITS,
            HttpListenerTest::echo);
    open.add(next);
    assertThat(answer(next, "GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 ");
  }
}
