package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What clients find a cluster by when they know no host of it: a virtual address and a name. */
@Tag("root")
@Tag("e2e")
class AddressesTest {
  private static final String VIP = "10.10.10.2";
  private static final String INFRA = "10.10.10.14";
  private static final String NAME = "pg-test.db.example";
  private static final Duration SOON = Duration.ofMinutes(1);

  /** P161: the virtual address moves within 1 to 2 s; counted here from the first new write. */
  private static final Duration MOVED = Duration.ofSeconds(2);

  private static final int PRIMARY_SERVICE = 5433;
  private static final int DEFAULT_SERVICE = 5436;

  private static ClusterPlan plan() {
    ClusterPlan plain =
        ClusterPlan.pgTest(
            Product.launcher(),
            "pg_rto: 5",
            "pg_vip_enabled: true",
            "pg_vip_address: " + VIP + "/24",
            "pg_dns_suffix: db.example",
            "pg_dns_target: primary");
    return new ClusterPlan(
        plain.cluster(),
        plain.inventory() + "infra: { hosts: { " + INFRA + ": { infra_seq: 1 } } }\n",
        plain.addresses(),
        List.of(INFRA),
        plain.application(),
        plain.stack());
  }

  @Test
  @Promise({"P11", "P12", "P13", "P40", "P41", "P45", "P46", "P110", "P159", "P160", "P161"})
  void addressAndNameFollowThePrimary() {
    try (Product product = Product.servingWith(plan())) {
      Cluster cluster = product.cluster();
      awaitFound(cluster);
      awaitEveryWay(cluster);
      assertThat(cluster.matriarch(cluster.client(), "vip")).contains(VIP + "/24", "here");
      try (FieldVips field = FieldVips.start(cluster)) {
        field.awaitAtPrimary();
        strike(cluster, new Fault.Switchover());
        field.awaitAtPrimary();
        strike(cluster, new Fault.AgentKill());
        strike(cluster, new Fault.AgentAndSupervisorFreeze());
        field.awaitAtPrimary();
      }
      strike(cluster, new Fault.NodeCrash());
    }
  }

  private static void strike(Cluster cluster, Fault fault) {
    Host before = cluster.primary();
    Ticker ticker = Ticker.system();
    try (WriterWatch watch =
            WriterWatch.start(
                network(cluster),
                cluster.plan().application(),
                cluster.client().threads(),
                ticker);
        NumberedWriter writer =
            NumberedWriter.start(
                fault.title(),
                List.of(new Endpoint.Tcp(VIP, PRIMARY_SERVICE)),
                cluster.plan().application(),
                Pace.USUAL.withPatience(Duration.ofSeconds(1)),
                cluster.client().threads(),
                ticker);
        Holders holders = Holders.watch(cluster.hosts())) {
      awaitMore(cluster, writer);
      Fault.Applied applied = fault.apply(cluster);
      if (fault.expected().leader() != Fault.Leader.SAME) {
        Await.until(
            VIP + " on another host",
            SOON,
            () ->
                !holders(cluster.hosts()).contains(before.address())
                    && !holders(cluster.hosts()).isEmpty(),
            cluster::situation);
      }
      awaitMore(cluster, writer);
      if (fault.expected().leader() == Fault.Leader.ANOTHER) {
        long moved = ticker.nanos();
        awaitFound(cluster);
        assertThat(ticker.since(moved)).as(fault.title()).isLessThan(MOVED);
        assertThat(cluster.primary()).isNotEqualTo(before);
        awaitEveryWay(cluster);
      }
      applied.heal();
      cluster.awaitSettled(SOON);
      awaitFound(cluster);
      ClientLog log = writer.stop();
      System.out.printf(
          "%s: longest gap through the virtual address %d ms, errors %s%n",
          fault.title(), log.gap().toMillis(), log.errorsByReason());
      assertThat(holders.stop()).as(fault.title() + ": on two hosts at once").isEmpty();
      assertThat(watch.stop().overlaps()).as(fault.title()).isEmpty();
      assertThat(goneBack(log)).as(fault.title() + ": led to a former primary").isEmpty();
    }
  }

  /** A server's own socket is no way for clients: packets are what the kernel stops. */
  private static List<WriterWatch.Way> network(Cluster cluster) {
    return cluster.ways().stream().filter(way -> way.endpoint() instanceof Endpoint.Tcp).toList();
  }

  private static void awaitMore(Cluster cluster, NumberedWriter writer) {
    long enough = writer.acknowledged() + 50;
    Await.until(
        "writes through " + VIP,
        SOON,
        () -> writer.acknowledged() >= enough,
        () -> writer.log().errorsByReason() + "\n" + cluster.situation());
  }

  /** Waits until both lead to the primary, and nobody else has the address. */
  private static void awaitFound(Cluster cluster) {
    Await.until(
        VIP + " and " + NAME + " lead to the primary",
        SOON,
        () -> {
          List<String> primary =
              cluster
                  .observe()
                  .primary()
                  .map(name -> List.of(cluster.host(name).address()))
                  .orElse(List.of());
          return !primary.isEmpty()
              && holders(cluster.hosts()).equals(primary)
              && resolved(cluster).equals(primary);
        },
        () -> holders(cluster.hosts()) + " " + resolved(cluster) + "\n" + cluster.situation());
  }

  /**
   * Nobody has to connect elsewhere than before: by the address, by the name, or to any host, as
   * does a balancer (LVS) before all of them. The service without a pooler tells who answers.
   */
  private static void awaitEveryWay(Cluster cluster) {
    List<String> ways = new ArrayList<>(List.of(VIP));
    ways.addAll(resolved(cluster));
    cluster.hosts().stream()
        .filter(host -> !host.pids(Role.HAPROXY).isEmpty())
        .map(Host::address)
        .forEach(ways::add);
    String primary = cluster.primary().address();
    Await.until(
        ways + " lead to " + primary,
        SOON,
        () -> ways.stream().allMatch(way -> serverBehind(cluster, way).equals(primary)),
        () -> ways.stream().map(way -> serverBehind(cluster, way)).toList().toString());
  }

  private static String serverBehind(Cluster cluster, String address) {
    Endpoint endpoint = new Endpoint.Tcp(address, DEFAULT_SERVICE);
    try (Connection connection =
            cluster
                .client()
                .call(() -> cluster.plan().application().connect(endpoint, Duration.ofSeconds(1)));
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery("SELECT host(inet_server_addr())")) {
      return answer.next() ? answer.getString(1) : "";
    } catch (SQLException e) {
      return "(" + e.getMessage() + ")";
    }
  }

  private static List<String> resolved(Cluster cluster) {
    return cluster.client().call(() -> new Resolver(INFRA).ask(NAME));
  }

  /** Addresses of the hosts that have the virtual one. */
  private static List<String> holders(List<Host> hosts) {
    return holders(hosts, VIP);
  }

  static List<String> holders(List<Host> hosts, String address) {
    List<String> holders = new ArrayList<>();
    for (Host host : hosts) {
      if (!host.run("ip", "address", "show", "to", address).isBlank()) {
        holders.add(host.address());
      }
    }
    return holders;
  }

  /** Writes that a server acknowledged after another had begun a newer timeline. */
  private static List<Attempt.Acknowledged> goneBack(ClientLog log) {
    List<Attempt.Acknowledged> wrong = new ArrayList<>();
    for (Attempt.Acknowledged late : log.acknowledged()) {
      boolean stale =
          log.acknowledged().stream()
              .anyMatch(it -> it.timeline() > late.timeline() && late.sent() - it.answered() > 0);
      if (stale) {
        wrong.add(late);
      }
    }
    return wrong;
  }

  /** Looks who has the address, again and again; two at once are only counted when seen twice. */
  private static final class Holders implements AutoCloseable {
    private final List<List<String>> several = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread thread;

    private Holders(List<Host> hosts) {
      this.thread = Thread.ofPlatform().daemon().start(() -> look(hosts));
    }

    static Holders watch(List<Host> hosts) {
      return new Holders(hosts);
    }

    /** One host is looked at after the other: an address may move meanwhile. */
    private void look(List<Host> hosts) {
      while (!over.get()) {
        List<String> found = holders(hosts);
        if (found.size() > 1 && holders(hosts).equals(found)) {
          several.add(found);
        }
      }
    }

    List<List<String>> stop() {
      over.set(true);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return several;
    }

    @Override
    public void close() {
      stop();
    }
  }
}
