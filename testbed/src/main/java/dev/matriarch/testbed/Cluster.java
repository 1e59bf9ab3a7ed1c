package dev.matriarch.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster that runs on hosts of a {@link Network}: one node of a {@link Stack} in each, such as a
 * {@code matriarch node run}, below a folder of its own. A further host, part of no fault, is for
 * clients.
 */
public final class Cluster implements AutoCloseable {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(2);

  private final Network network;
  private final ClusterPlan plan;
  private final Path folder;
  private final Path inventory;
  private final List<Host> hosts = new ArrayList<>();
  private final List<Host> arbiters = new ArrayList<>();
  private final Host client;
  private final Map<Host, Proc> nodes = new LinkedHashMap<>();
  private final Map<Host, SmallDisk> disks = new LinkedHashMap<>();

  /**
   * Makes the hosts and the files; starts nothing.
   *
   * @param folder an existing folder that every user may enter; its path must be short, since
   *     sockets live below it
   */
  public Cluster(Network network, ClusterPlan plan, Path folder) {
    this(network, plan, folder, "", 250);
  }

  /**
   * One of several clusters on a network.
   *
   * @param prefix tells its hosts from those of the others
   * @param last the last number of its clients' address
   */
  Cluster(Network network, ClusterPlan plan, Path folder, String prefix, int last) {
    this.network = network;
    this.plan = plan;
    this.folder = folder.toAbsolutePath();
    this.inventory = folder.resolve("matriarch.yml");
    try {
      Files.writeString(inventory, plan.inventory());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + inventory, e);
    }
    for (String address : plan.addresses()) {
      hosts.add(network.add(prefix + "n" + (hosts.size() + 1), address));
    }
    for (String address : plan.arbiters()) {
      arbiters.add(network.add("arbiter" + (arbiters.size() + 1), address));
    }
    String first = plan.addresses().getFirst();
    String net = first.substring(0, first.lastIndexOf('.') + 1);
    this.client = network.add(prefix + "client", net + last);
  }

  /** The network its hosts are on. */
  public Network network() {
    return network;
  }

  /** What it was made from. */
  public ClusterPlan plan() {
    return plan;
  }

  /** The inventory's file. */
  Path inventory() {
    return inventory;
  }

  /** The hosts of the instances. */
  public List<Host> hosts() {
    return List.copyOf(hosts);
  }

  /** The hosts that run a member of etcd alone. */
  public List<Host> arbiters() {
    return List.copyOf(arbiters);
  }

  /** The host for clients. */
  public Host client() {
    return client;
  }

  /** The host of that name. */
  public Host host(String name) {
    return hosts.stream()
        .filter(host -> host.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new TestbedException("there is no host " + name));
  }

  /** The instance on a host: the hosts have their sequence numbers in order. */
  public String instance(Host host) {
    return plan.cluster() + "-" + (hosts.indexOf(host) + 1);
  }

  /** Where a host's files are. */
  public Path folder(Host host) {
    return folder.resolve(host.name());
  }

  /** The Unix socket of a host's PostgreSQL. */
  public Endpoint.Local socket(Host host) {
    return new Endpoint.Local(folder(host).resolve("run").resolve(".s.PGSQL.5432"));
  }

  /** Gives each host a disk of its own for its data; before the first start. */
  public void giveDisks(int mebibytes) {
    for (Host host : hosts) {
      disks.put(host, SmallDisk.mount(folder(host).resolve("pg"), mebibytes, "postgres"));
    }
  }

  /** The disk of a host's data. */
  SmallDisk disk(Host host) {
    return Optional.ofNullable(disks.get(host))
        .orElseThrow(() -> new TestbedException(host + " was given no disk of its own"));
  }

  /** Takes the disks away; after everything that uses them has ended. */
  public void takeDisks() {
    disks.values().forEach(SmallDisk::close);
    disks.clear();
  }

  /** Starts the node of every host, or of those whose node does not run. */
  public void start() {
    arbiters.forEach(this::start);
    hosts.forEach(this::start);
  }

  /** Starts one node, unless it runs. */
  public synchronized void start(Host host) {
    Proc running = nodes.get(host);
    if (running == null || !running.alive()) {
      nodes.put(host, host.start("node", plan.stack().node(this, host)));
    }
  }

  /** Stops one node as its operator does it; true when it ended by itself. */
  public synchronized boolean stop(Host host) {
    return Optional.ofNullable(nodes.get(host)).map(node -> node.stop(STOP_PATIENCE)).orElse(true);
  }

  /** The process of a host's node, when it was started. */
  public synchronized Optional<Proc> node(Host host) {
    return Optional.ofNullable(nodes.get(host));
  }

  /** Runs the {@code matriarch} command on a host, against this inventory. */
  public String matriarch(Host host, String verb, String... arguments) {
    return host.run(command(verb, arguments));
  }

  /** An operator asks for a switchover to that instance; whoever calls looks what becomes of it. */
  Proc beginSwitchover(String candidate) {
    return client.start(
        "switchover", command("switchover", plan.cluster(), "--candidate", candidate, "--yes"));
  }

  private Launch command(String verb, String... arguments) {
    if (!(plan.stack() instanceof Stack.Ours ours)) {
      throw new TestbedException("`matriarch " + verb + "` is not for this stack");
    }
    List<String> line = new ArrayList<>(List.of(ours.launcher().toString(), verb));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--inventory", inventory.toString()));
    return Launch.of(line);
  }

  /** Waits until every service answers on every host, to a client on the network. */
  public void awaitServing(Duration deadline) {
    Await.until(
        "all services of " + plan.cluster(),
        deadline,
        () -> diedAtStart().isEmpty() && silentServices().isEmpty(),
        this::situation);
  }

  /** Waits until there is one leader and everybody else streams from it. */
  public void awaitSettled(Duration deadline) {
    Await.until(
        "one leader with all others streaming",
        deadline,
        () -> observe().settled(),
        this::situation);
  }

  /** The services that do not do what they are for, as {@code address:port reason}. */
  public List<String> silentServices() {
    return client.call(
        () -> {
          List<String> silent = new ArrayList<>();
          for (Service service : Service.values()) {
            for (Endpoint.Tcp endpoint : service.on(hosts)) {
              complaint(service, endpoint).ifPresent(silent::add);
            }
          }
          return silent;
        });
  }

  private Optional<String> complaint(Service service, Endpoint endpoint) {
    try (Connection connection = plan.application().connect(endpoint, ANSWER);
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
      row.next();
      return service.writes() && row.getBoolean(1)
          ? Optional.of(endpoint + " leads to a standby")
          : Optional.empty();
    } catch (SQLException e) {
      return Optional.of(endpoint + " " + Failures.firstLine(e));
    }
  }

  private List<Proc> diedAtStart() {
    List<Proc> dead = nodes.values().stream().filter(node -> !node.alive()).toList();
    if (!dead.isEmpty()) {
      throw new TestbedException(
          "a node ended by itself: " + dead + "\n" + dead.getFirst().tail(40));
    }
    return dead;
  }

  /** Asks every server through its own socket, as the system's superuser. */
  public ClusterView observe() {
    return new ClusterView(hosts.stream().map(host -> Observer.ask(host, socket(host))).toList());
  }

  /** The host of the only primary. */
  public Host primary() {
    ClusterView view = observe();
    return host(
        view.primary().orElseThrow(() -> new TestbedException("there is no one primary: " + view)));
  }

  /** The hosts that are not the primary's, in the inventory's order. */
  public List<Host> replicas() {
    Host primary = primary();
    return hosts.stream().filter(host -> !host.equals(primary)).toList();
  }

  /** The primary's rows, for whoever judges them; connects through its socket. */
  public Connection connectToPrimary() {
    try {
      return plan.application().connect(socket(primary()), Duration.ofSeconds(10));
    } catch (SQLException e) {
      throw new TestbedException("cannot connect to the primary: " + e.getMessage(), e);
    }
  }

  /** Every way to every server: through its socket and through the network. */
  public List<WriterWatch.Way> ways() {
    List<WriterWatch.Way> ways = new ArrayList<>();
    for (Host host : hosts) {
      ways.add(new WriterWatch.Way(host.name(), socket(host)));
      ways.add(new WriterWatch.Way(host.name(), new Endpoint.Tcp(host.address(), 5432)));
    }
    return List.copyOf(ways);
  }

  /** What a person would look at first: the servers, the services, the ends of the logs. */
  public String situation() {
    StringBuilder text = new StringBuilder(observe().toString()).append('\n');
    silentServices().forEach(line -> text.append(line).append('\n'));
    nodes.forEach(
        (host, node) ->
            text.append("--- %s: %s%n%s%n".formatted(host, node, Observer.logs(folder(host)))));
    return text.toString();
  }

  /**
   * Kills everything; {@link #stop} is for an end in order. The network is its owner's to close.
   */
  @Override
  public void close() {
    arbiters.forEach(host -> Network.killAll(host.namespace()));
    hosts.forEach(host -> Network.killAll(host.namespace()));
  }
}
