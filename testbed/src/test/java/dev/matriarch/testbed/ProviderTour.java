package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

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
    ServiceTour.write(
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
      Scenario.prepareAlone(cluster);
      nobodyWhoComesNoticesASwitchover();
      nobodyNoticesASwitchover();
      whoIsOnAHostThatIsLostIsCutOff();
    } finally {
      node.stop(SOON);
    }
  }

  /** These hosts keep the HAProxy that they began with; the rest is as if they had none. */
  private void learnsOfIt(Host host) {
    Path file = cluster.folder(host).resolve("conf/patroni.yml");
    String text = ServiceTour.read(file);
    if (!text.contains("overlap:")) {
      ServiceTour.write(file, text.replaceFirst("(\n *)(ini: .+)", "$1$2$1overlap: 3"));
      host.signal(Role.AGENT, Signal.HUP);
    }
  }

  /** Though a pooler that nobody stays with would soon be its own server's again. */
  private void nobodyWhoComesNoticesASwitchover() {
    try (Newcomers newcomers = new Newcomers()) {
      switchoverTo(cluster.replicas().getLast());
      newcomers.awaitMore(50);
      assertThat(newcomers.stop()).as("of who came").isEmpty();
    }
  }

  private void switchoverTo(Host next) {
    cluster.plan().stack().switchover(cluster, next);
    awaitPrimary();
  }

  /** Old clients, new ones and readers. */
  private void nobodyNoticesASwitchover() {
    Host former = cluster.primary();
    Login login = cluster.plan().application();
    Ticker ticker = Ticker.system();
    try (Newcomers newcomers = new Newcomers();
        NumberedWriter writer =
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
      switchoverTo(cluster.replicas().getFirst());
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
      assertThat(newcomers.stop()).as("of who came").isEmpty();
    }
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
  private final class Newcomers implements Clients.Task, AutoCloseable {
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final AtomicLong served = new AtomicLong();
    private final Clients clients;

    Newcomers() {
      clients =
          Clients.start(
              Service.PRIMARY.on(List.of(proxy)),
              cluster.plan().application(),
              PACE.withConnections(1).withInterval(Duration.ofMillis(50)),
              proxy.threads(),
              Ticker.system(),
              this);
      awaitMore(10);
    }

    void awaitMore(long number) {
      long enough = served.get() + number;
      Await.until("newcomers", SOON, () -> served.get() > enough, errors::toString);
    }

    /** What went wrong for any of them. */
    Queue<String> stop() {
      clients.stop();
      return errors;
    }

    @Override
    public void close() {
      stop();
    }

    @Override
    public boolean perform(Connection connection, Endpoint endpoint) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("INSERT INTO matriarch_numbered VALUES ('newcomer', 0)");
        served.incrementAndGet();
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
}
