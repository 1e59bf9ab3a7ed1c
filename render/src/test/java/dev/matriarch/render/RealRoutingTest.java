package dev.matriarch.render;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.inventory.Address;
import dev.matriarch.promises.Promise;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a real HAProxy sends clients by the rendered file, and by what agents answer. */
@Tag("real")
class RealRoutingTest {
  private static final int PRIMARY = 5433;
  private static final int REPLICA = 5434;
  private static final int DEFAULT = 5436;
  private static final int OFFLINE = 5438;
  private static final int FEW = 5499;
  private static final String[] LEADS = {"/primary", "/read-only"};
  private static final String[] FOLLOWS = {"/replica", "/read-only"};
  private static final String NOBODY = "nobody";

  @TempDir Path folder;
  private final Map<Integer, StandIn> members = new TreeMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  /** Nothing but who they are is declared: no address, no name in DNS, no list of servers. */
  @Test
  @Promise({"P20", "P51", "P96"})
  void clients_go_where_the_agents_say_and_nowhere_else() throws Exception {
    var node = start("", "pg_role: primary", "pg_role: replica", "pg_role: replica");
    node.await(() -> ask(PRIMARY), "1:6432");
    node.await(() -> ask(DEFAULT), "1:5432");
    node.await(() -> spread(REPLICA).keySet().toString(), "[2:6432, 3:6432]");

    // All ports of all members stay open, and the inventory calls the first one the primary.
    members.get(1).answers();
    members.get(2).answers(LEADS);
    members.get(3).answers();
    node.await(() -> ask(PRIMARY), "2:6432");
    node.await(() -> ask(DEFAULT), "2:5432");
    node.await(() -> spread(REPLICA).keySet().toString(), "[2:6432]");
    members.get(2).answers();
    node.await(() -> ask(PRIMARY), NOBODY);
    node.await(() -> ask(REPLICA), NOBODY);
  }

  /** An offline instance takes reads of others only when nobody else is left. */
  @Test
  @Promise("P93")
  void each_role_serves_what_it_is_for() throws Exception {
    var node =
        start(
            "",
            "pg_role: offline",
            "pg_role: primary",
            "pg_role: replica",
            "pg_role: replica",
            "pg_role: delayed");
    node.await(() -> ask(PRIMARY), "2:6432");
    node.await(() -> spread(REPLICA).keySet().toString(), "[3:6432, 4:6432]");
    node.await(() -> spread(OFFLINE).keySet().toString(), "[1:5432]");
    members.get(1).answers();
    node.await(() -> spread(OFFLINE).keySet().toString(), "[3:5432]");
    members.get(1).answers(FOLLOWS);
    members.get(3).answers();
    members.get(4).answers();
    node.await(() -> spread(REPLICA).keySet().toString(), "[2:6432]");
    members.get(2).answers();
    node.await(() -> spread(REPLICA).keySet().toString(), "[1:6432]");
    node.await(() -> spread(OFFLINE).keySet().toString(), "[1:5432]");
  }

  @Test
  @Promise({"P54", "P157"})
  void shares_follow_the_weights() throws Exception {
    var node =
        start("", "pg_role: primary", "pg_role: replica, pg_weight: 200", "pg_role: replica");
    node.await(() -> ask(PRIMARY), "1:6432");
    var shares = new TreeMap<String, Long>();
    for (int i = 0; i < 3; i++) {
      spread(REPLICA).forEach((server, count) -> shares.merge(server, count, Long::sum));
    }
    assertThat(shares).isEqualTo(Map.of("2:6432", 24L, "3:6432", 12L));
  }

  /** The third waits in the kernel until one of the two goes. */
  @Test
  @Promise("P157")
  void no_more_connections_are_let_in_than_a_service_may_have() throws Exception {
    var few =
        "    pg_services: [{name: few, port: %d, dest: postgres, check: /primary, maxconn: 2}]\n"
            .formatted(FEW);
    var node = start(few, "pg_role: primary");
    node.await(() -> ask(FEW), "1:5432");
    var first = connect(FEW);
    var second = connect(FEW);
    assertThat(List.of(first.hears(), second.hears())).containsOnly("1:5432");
    var third = connect(FEW);
    assertThat(third.hears()).isEqualTo(NOBODY);
    first.close();
    node.await(third::hears, "1:5432");
    second.close();
    third.close();
  }

  /** HAProxy of the first of so many stand-ins, which begin as they are declared. */
  private RealNode start(String variables, String... hosts) throws Exception {
    var yaml = new StringBuilder("pg-way:\n  hosts:\n");
    for (int i = 1; i <= hosts.length; i++) {
      var address = RealNode.loopback(40 + i);
      yaml.append("    %s: { pg_seq: %d, %s }\n".formatted(address, i, hosts[i - 1]));
      var member = new StandIn(Integer.toString(i), address);
      member.answers(hosts[i - 1].contains("primary") ? LEADS : FOLLOWS);
      members.put(i, member);
      open.add(member);
    }
    yaml.append("  vars:\n    pg_cluster: pg-way\n    pg_rto: 3\n").append(variables);
    var inventory = Samples.inventory(yaml.toString());
    var node = new RealNode(inventory, Address.of(RealNode.loopback(41)), folder.resolve("n"));
    open.add(node);
    node.startService("haproxy");
    return node;
  }

  /** Who serves twelve clients, and how many of them. */
  private static Map<String, Long> spread(int port) throws IOException {
    var servers = new ArrayList<String>();
    for (int i = 0; i < 12; i++) {
      servers.add(ask(port));
    }
    return servers.stream()
        .collect(Collectors.groupingBy(server -> server, TreeMap::new, Collectors.counting()));
  }

  private static String ask(int port) throws IOException {
    try (var client = connect(port)) {
      return client.hears();
    }
  }

  private static Client connect(int port) throws IOException {
    var socket = new Socket();
    socket.connect(new InetSocketAddress(RealNode.loopback(41), port), 1000);
    socket.setSoTimeout(300);
    return new Client(socket);
  }

  /** One that waits to be told where it is. */
  private record Client(Socket socket) implements AutoCloseable {
    String hears() throws IOException {
      try {
        var line =
            new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
        return line == null ? NOBODY : line;
      } catch (IOException silence) {
        return NOBODY;
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
