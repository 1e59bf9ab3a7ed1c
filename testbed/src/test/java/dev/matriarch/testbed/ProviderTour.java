package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A cluster of three whose services are offered by a host without an agent, too. */
final class ProviderTour {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Pace PACE = Pace.USUAL.withPatience(Duration.ofSeconds(5));

  private final Cluster cluster;
  private final Host proxy;
  private final Path inventory;

  ProviderTour(Product product) {
    this.cluster = product.cluster();
    this.proxy = cluster.client();
    this.inventory = product.folder().resolve("provided.yml");
    write(
        inventory,
        cluster.plan().inventory()
            + "    pg_service_provider: proxy\nproxy: { hosts: { %s: { nodename: proxy-1 } } }\n"
                .formatted(proxy.address()));
  }

  void walk() {
    Proc node = proxy.start("proxy", node());
    try {
      cluster.hosts().forEach(this::learnsOfIt);
      awaitPrimary();
      nobodyNoticesASwitchover();
      whoIsOnAHostThatIsLostIsCutOff();
    } finally {
      node.stop(SOON);
    }
  }

  /** These hosts keep the HAProxy that they began with; the rest is as if they had none. */
  private void learnsOfIt(Host host) {
    Path file = cluster.folder(host).resolve("conf/patroni.yml");
    String text = read(file);
    if (!text.contains("overlap:")) {
      write(file, text.replaceFirst("(\n *)(ini: .+)", "$1$2$1overlap: 3"));
      host.signal(Role.AGENT, Signal.HUP);
    }
  }

  /** Old clients, new ones and readers. */
  private void nobodyNoticesASwitchover() {
    Host former = cluster.primary();
    Host next = cluster.replicas().getFirst();
    Scenario.prepareAlone(cluster);
    Login login = cluster.plan().application();
    Ticker ticker = Ticker.system();
    Newcomers newcomers = new Newcomers();
    Clients coming =
        Clients.start(
            Service.PRIMARY.on(List.of(proxy)),
            login,
            PACE.withConnections(1).withInterval(Duration.ofMillis(50)),
            proxy.threads(),
            ticker,
            newcomers);
    try (NumberedWriter writer =
            NumberedWriter.start(
                "provided",
                Service.PRIMARY.on(List.of(proxy)),
                login,
                PACE,
                proxy.threads(),
                ticker);
        ServiceReader reader =
            ServiceReader.start(
                Service.REPLICA.on(List.of(proxy)), login, PACE, proxy.threads(), ticker)) {
      Await.until("writes", SOON, () -> writer.acknowledged() > 50);
      cluster.plan().stack().switchover(cluster, next);
      awaitPrimary();
      Await.until(
          former + " to get no new clients",
          SOON,
          () ->
              service("list")
                  .contains(
                      cluster.instance(former)
                          + ": keeps the clients that it has and takes no new ones"),
          () -> service("list"));
      assertThat(writer.stop().errorsByReason()).as("of who was there").isEmpty();
      assertThat(reader.stop().errorsByReason()).as("of who reads").isEmpty();
    } finally {
      coming.stop();
    }
    assertThat(newcomers.errors).as("of who came").isEmpty();
    assertThat(newcomers.served).hasSizeGreaterThan(20);
    cluster.awaitSettled(SOON);
  }

  /** Its agent answers nothing any more, so the checks end what is there. */
  private void whoIsOnAHostThatIsLostIsCutOff() {
    Host lost = cluster.primary();
    try (Connection session = proxy.call(() -> connect());
        Statement statement = session.createStatement()) {
      statement.execute("SELECT 1");
      long struck = System.nanoTime();
      lost.crash();
      assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
      Duration cut = Duration.ofNanos(System.nanoTime() - struck);
      System.out.println("cut off after " + cut.toMillis() + " ms");
      assertThat(cut).isLessThan(Duration.ofSeconds(10));
      Await.until(
          "another leads", SOON, () -> cluster.observe().primary().isPresent(), cluster::situation);
      awaitPrimary();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    lost.revive();
    cluster.start(lost);
  }

  private Connection connect() throws SQLException {
    return cluster
        .plan()
        .application()
        .connect(Service.PRIMARY.on(List.of(proxy)).getFirst(), Duration.ofSeconds(20));
  }

  private void awaitPrimary() {
    String lands =
        "(?s).*primary +\\| %s:5433 +\\| %s, a primary +\\| ok.*"
            .formatted(proxy.address(), cluster.instance(cluster.primary()));
    Await.until(
        proxy + " leads to " + cluster.primary(),
        SOON,
        () -> service("check").matches(lands),
        () -> service("list"));
  }

  private String service(String verb) {
    Launch command =
        Launch.of(
            Product.launcher().toString(), "service", verb, "--inventory", inventory.toString());
    return proxy.run(command, SOON).output();
  }

  private Launch node() {
    return Launch.of(
        Product.launcher().toString(),
        "node",
        "run",
        "--inventory",
        inventory.toString(),
        "--node",
        proxy.address(),
        "--root",
        cluster.folder(proxy).toString());
  }

  /** Each comes, writes, and goes. */
  private static final class Newcomers implements Clients.Task {
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final Queue<Long> served = new ConcurrentLinkedQueue<>();

    @Override
    public boolean perform(Connection connection, Endpoint endpoint) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("INSERT INTO matriarch_numbered VALUES ('newcomer', 0)");
        served.add(System.nanoTime());
      } catch (SQLException e) {
        errors.add(Failures.firstLine(e));
      }
      return false;
    }

    @Override
    public void unreachable(Endpoint endpoint, long since, SQLException reason) {
      errors.add(Failures.firstLine(reason));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
