package dev.matriarch.agent.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.Credentials;
import dev.matriarch.agent.config.HostPort;
import dev.matriarch.agent.config.RestConfig;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/**
 * Whatever clients at one address do, health checks from another are answered. {@code bench/flood}
 * runs it with a million requests.
 */
class RestFloodTest {
  private static final HostPort ANY = new HostPort("127.0.0.1", 0);
  private static final String LOGIN = "Authorization: Basic YWRtaW46c2VjcmV0\r\n";

  /** None of them may change anything. */
  private static final List<String> MISUSE =
      List.of(
          "GET /primary HTTP/1.1\r\n\r\n",
          "GET /patroni?fresh HTTP/1.1\r\n\r\n",
          "GET /metrics HTTP/1.1\r\n\r\n",
          "OPTIONS /replica HTTP/1.1\r\n\r\n",
          "GET /cluster HTTP/1.1\r\n\r\n",
          "POST /failover HTTP/1.1\r\nContent-Length: 17\r\n\r\n{\"candidate\":\"b\"}",
          "POST /reload HTTP/1.1\r\nAuthorization: Basic eDp5\r\nContent-Length: 0\r\n\r\n",
          "PATCH /config HTTP/1.1\r\n" + LOGIN + "Content-Length: 3\r\n\r\n{\"a",
          "PATCH /config HTTP/1.1\r\n" + LOGIN + "Content-Length: 2000000\r\n\r\n{}",
          "PUT /restart HTTP/1.1\r\n" + LOGIN + "Content-Length: 2\r\n\r\n{}",
          "POST /restart HTTP/1.1\r\n" + LOGIN + "Content-Length: 2\r\n\r\n[]",
          "POST /switchover HTTP/1.1\r\n" + LOGIN + "Content-Length: 14\r\n\r\n{\"leader\":\"x\"}",
          "BREW /pot HTTP/1.1\r\n\r\n",
          "nonsense\r\n\r\n",
          "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n");

  private final FakeRequests requests = new FakeRequests();

  private RestServer start() throws IOException {
    Credentials login = new Credentials("admin", "secret");
    return RestServer.start(
        new RestConfig(ANY, ANY, Optional.empty(), Optional.of(login)),
        () -> Statuses.primary().status(),
        requests);
  }

  private static Socket connect(RestServer server, String from) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** A health check as HAProxy makes it: on a connection of its own. */
  private static Duration check(RestServer server) throws IOException {
    long began = System.nanoTime();
    try (Socket socket = connect(server, "127.0.0.1")) {
      socket.getOutputStream().write("OPTIONS /primary HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n");
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @Test
  void aHealthCheckDoesNotWaitBehindSlowClientsOfAnotherAddress() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try (RestServer server = start()) {
      for (int i = 0; i < 2_000; i++) {
        slow.add(connect(server, "127.0.0.2"));
        slow.getLast().getOutputStream().write("POST /config HTT".getBytes(ISO_8859_1));
      }
      Duration took = check(server);

      assertThat(took).isPositive();
      slow.getLast().setSoTimeout(1);
      assertThat(hasEnded(slow.getLast())).as("the slow ones are not done yet").isFalse();
      slow.getFirst().setSoTimeout(10_000);
      assertThat(hasEnded(slow.getFirst())).as("most of them are not there any more").isTrue();
      slow.getLast().setSoTimeout(20_000);
      String last = new String(slow.getLast().getInputStream().readAllBytes(), ISO_8859_1);
      assertThat(last).startsWith("HTTP/1.1 408 ");
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
    assertThat(requests.asked).isEmpty();
  }

  private static boolean hasEnded(Socket socket) {
    try {
      int first = socket.getInputStream().read();
      assertThat(first).isEqualTo(-1);
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void aFloodOfRequestsChangesNothingAndHoldsNobodyUp() throws Exception {
    int wanted = Integer.getInteger("flood.requests", 20_000);
    AtomicInteger left = new AtomicInteger(wanted);
    Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    List<Duration> checks = new ArrayList<>();
    try (RestServer server = start()) {
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String from = "127.0.0." + (2 + i % 2);
        int first = i;
        clients.add(
            Thread.ofVirtual().start(() -> new Misuser(server, from, left, answers).run(first)));
      }
      while (left.get() > 0) {
        checks.add(check(server));
        Thread.sleep(5);
      }
      for (Thread client : clients) {
        client.join();
      }
      checks.add(check(server));
    }

    assertThat(requests.asked).isEmpty();
    assertThat(answers.keySet())
        .allMatch(status -> status.equals("200") || status.equals("503") || status.startsWith("4"));
    assertThat(answers.keySet()).contains("200", "400", "401", "405", "412", "413", "414");
    checks.sort(Duration::compareTo);
    System.out.printf(
        "%d requests answered %s; %d health checks: p50 %.1f ms, p99 %.1f ms, slowest %.1f ms%n",
        wanted,
        answers,
        checks.size(),
        millis(checks, 0.5),
        millis(checks, 0.99),
        millis(checks, 1));
  }

  private static double millis(List<Duration> sorted, double share) {
    int index = (int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * share));
    return sorted.get(index).toNanos() / 1e6;
  }

  /** One client that sends what it should not, as fast as it gets answers. */
  private record Misuser(
      RestServer server, String from, AtomicInteger left, Map<String, LongAdder> answers) {

    void run(int first) {
      int next = first;
      while (left.get() > 0) {
        try (Socket socket = connect(server, from)) {
          InputStream in = new BufferedInputStream(socket.getInputStream(), 2048);
          boolean open = true;
          while (open && left.getAndDecrement() > 0) {
            String request = MISUSE.get(next++ % MISUSE.size());
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            open = answered(in);
          }
        } catch (IOException e) {
          answers
              .computeIfAbsent("4 cut off: " + e.getMessage(), key -> new LongAdder())
              .increment();
        }
      }
    }

    private boolean answered(InputStream in) throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int b = in.read();
        if (b < 0) {
          throw new IOException("no answer");
        }
        head.append((char) b);
      }
      answers.computeIfAbsent(head.substring(9, 12), key -> new LongAdder()).increment();
      int length = head.indexOf("Content-Length: ") + 16;
      in.skipNBytes(Long.parseLong(head.substring(length, head.indexOf("\r", length))));
      return head.indexOf("Connection: close") < 0;
    }
  }
}
