package dev.matriarch.agent.routing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.matriarch.agent.config.MatriarchConfig.BackendEntry;
import dev.matriarch.agent.config.MatriarchConfig.HaproxyConfig;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Routing;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a real HAProxy whose checks go on; two servers that say their name. */
@Tag("real")
@Timeout(60)
class RouterHaproxyTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @TempDir Path folder;
  private final Map<String, Integer> verdicts = new ConcurrentHashMap<>(Map.of("a", 200, "b", 503));
  private final List<AutoCloseable> open = Collections.synchronizedList(new ArrayList<>());
  private Process haproxy;
  private int port;
  private Router router;

  @BeforeEach
  void start() throws IOException {
    StringBuilder servers = new StringBuilder();
    for (String name : List.of("a", "b")) {
      servers.append(
          "  server %s 127.0.0.1:%d check port %d\n".formatted(name, server(name), health(name)));
    }
    try (ServerSocket free = new ServerSocket(0, 1, HERE)) {
      port = free.getLocalPort();
    }
    Path socket = folder.resolve("s");
    Path file =
        Files.writeString(
            folder.resolve("haproxy.cfg"),
            """
            global
              server-state-file %s
              stats socket %s mode 600 level admin expose-fd listeners
              max-spread-checks 50ms
            defaults
              load-server-state-from-file global
              mode tcp
              timeout connect 1s
              timeout client 1m
              timeout server 1m
            listen x
              bind 127.0.0.1:%d
              option httpchk
              http-check send meth OPTIONS uri /primary
              http-check expect status 200
              default-server inter 300ms fastinter 100ms downinter 300ms rise 3 fall 3 on-marked-down shutdown-sessions
            %s"""
                .formatted(folder.resolve("state"), socket, port, servers));
    Files.writeString(folder.resolve("state"), "1\n");
    haproxy =
        new ProcessBuilder(
                "haproxy",
                "-W",
                "-db",
                "-S",
                folder.resolve("m") + ",mode,600",
                "-f",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    router =
        new Router(
            new HaproxyConfig(
                socket,
                Optional.of(folder.resolve("m")),
                List.of(
                    new BackendEntry("x", "x", "/primary", List.of("a", "b"), List.of(), true))));
    awaitFirstChecks(socket);
  }

  /** Until then every server counts as up. */
  private static void awaitFirstChecks(Path socket) {
    String stat = "";
    while (stat.lines().noneMatch(l -> l.startsWith("x,b,") && l.contains(",DOWN,"))
        || stat.lines().noneMatch(l -> l.startsWith("x,a,") && l.contains(",L7OK,"))) {
      try {
        stat = new RuntimeSocket(socket).send("show stat", Duration.ofSeconds(5));
      } catch (IOException e) {
        Thread.onSpinWait();
      }
    }
  }

  @AfterEach
  void stop() throws Exception {
    haproxy.destroyForcibly().waitFor();
    for (AutoCloseable thing : open) {
      thing.close();
    }
  }

  private int server(String name) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, HERE);
    open.add(server);
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (true) {
                  Socket client = server.accept();
                  open.add(client);
                  client.getOutputStream().write(name.getBytes(US_ASCII));
                }
              } catch (IOException e) {
                Thread.currentThread().interrupt();
              }
            });
    return server.getLocalPort();
  }

  private int health(String name) throws IOException {
    HttpServer health = HttpServer.create(new InetSocketAddress(HERE, 0), 10);
    open.add(() -> health.stop(0));
    health.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(verdicts.getOrDefault(name, 503), -1);
          }
        });
    health.start();
    return health.getAddress().getPort();
  }

  private Socket connected() throws IOException {
    Socket socket = new Socket(HERE, port);
    socket.setSoTimeout(5000);
    open.add(socket);
    return socket;
  }

  private String answer() {
    try {
      int c = connected().getInputStream().read();
      return c < 0 ? "" : String.valueOf((char) c);
    } catch (IOException e) {
      return "";
    }
  }

  private void awaitAnswerOf(String name) {
    while (!answer().equals(name)) {
      Thread.onSpinWait();
    }
  }

  private Outcome route(String primary) {
    return router.apply(
        new Routing(primary, Collections.emptySortedSet(), Collections.emptySortedSet(), ""));
  }

  @Test
  @Promise("P156")
  void movesAtOnceAndEndsTheOldSessions() throws IOException {
    Socket old = connected();
    assertThat(old.getInputStream().read()).isEqualTo('a');
    verdicts.put("a", 503);
    verdicts.put("b", 200);

    assertThat(route("b")).isEqualTo(new Outcome.Done());
    assertThat(answer()).isEqualTo("b");
    assertThat(old.getInputStream().read()).isEqualTo(-1);

    assertThat(route("b")).isEqualTo(new Outcome.Done());
    verdicts.put("a", 200);
    assertThat(route("a")).isEqualTo(new Outcome.Done());
    assertThat(answer()).isEqualTo("a");
  }

  @Test
  void leavesTheLastWordToTheChecks() {
    assertThat(route("b")).isEqualTo(new Outcome.Done());
    assertThat(answer()).isEqualTo("b");

    awaitAnswerOf("a");
  }

  @Test
  void sendsNobodyAnywhereWhileThereIsNoPrimary() {
    verdicts.put("a", 503);

    assertThat(route("")).isEqualTo(new Outcome.Done());
    assertThat(answer()).isEmpty();
  }

  @Test
  void takesBackAServerThatWasDrained() throws IOException {
    new RuntimeSocket(folder.resolve("s"))
        .send("set server x/a state drain", Duration.ofSeconds(5));

    assertThat(route("a")).isEqualTo(new Outcome.Done());
    assertThat(answer()).isEqualTo("a");
  }

  /** It neither checks servers any more nor takes orders about them. */
  @Test
  void endsTheSessionsThatAReloadLeftToAnOldProcess() throws Exception {
    Socket old = connected();
    assertThat(old.getInputStream().read()).isEqualTo('a');
    proxy().reload(Duration.ofSeconds(10));
    assertThat(answer()).isEqualTo("a");

    old.setSoTimeout(200);
    assertThat(route("a")).isEqualTo(new Outcome.Done());
    assertThatThrownBy(old.getInputStream()::read).isInstanceOf(SocketTimeoutException.class);

    old.setSoTimeout(5000);
    assertThat(route("b")).isEqualTo(new Outcome.Done());
    assertThat(old.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void aReloadForgetsNothingAndCostsNobodyAConnection() throws Exception {
    verdicts.put("a", 503);
    verdicts.put("b", 200);
    assertThat(route("b")).isEqualTo(new Outcome.Done());
    AtomicBoolean enough = new AtomicBoolean();
    Set<String> answers = ConcurrentHashMap.newKeySet();
    Thread client =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!enough.get()) {
                    answers.add(answer());
                  }
                });
    for (int i = 0; i < 3; i++) {
      proxy().reload(Duration.ofSeconds(10));
    }
    enough.set(true);
    client.join();
    assertThat(answers).containsExactly("b");
    assertThat(folder.resolve("state")).hasContent("1");
  }

  @Test
  void aFileThatCannotBeUsedChangesNothing() throws Exception {
    Path file = folder.resolve("haproxy.cfg");
    Files.writeString(file, Files.readString(file) + "\nnonsense\n");
    assertThatThrownBy(() -> proxy().reload(Duration.ofSeconds(10)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("goes on as before");
    assertThat(answer()).isEqualTo("a");
  }

  private ProxyReload proxy() {
    return new ProxyReload(
        haproxy.pid(), folder.resolve("s"), folder.resolve("m"), folder.resolve("state"));
  }

  @Test
  void saysWhatHaproxyDoesNotKnow() {
    Router other =
        new Router(
            new HaproxyConfig(
                folder.resolve("s"),
                Optional.empty(),
                List.of(new BackendEntry("y", "y", "/primary", List.of("a"), List.of(), true))));

    assertThat(other.apply(Routing.NONE).toString()).contains("No such backend");
  }
}
