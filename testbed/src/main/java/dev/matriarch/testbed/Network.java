package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hosts in network namespaces on one bridge, which has a namespace of its own: nothing of it shows
 * in the machine's network, so several networks with the same addresses run side by side.
 *
 * <p>Needs root. Frames are dropped silently at the bridge, as a cut cable does it; there is no
 * delay or loss (the kernel here has no netem). Closing kills every process of the hosts and
 * removes all namespaces; so does the JVM's end. Safe for use by several threads.
 */
public final class Network implements AutoCloseable {
  private static final int MAX_HOSTS = 200;
  private static final String RULES =
      """
      table bridge testbed {
        set isolated { type ifname; }
        set cut { type ifname . ifname; }
        set lossy { type ifname; }
        chain frames {
          type filter hook forward priority 0; policy accept;
          iifname @isolated drop
          oifname @isolated drop
          iifname . oifname @cut drop
          iifname @lossy numgen random mod 100 < 33 drop
          oifname @lossy numgen random mod 100 < 33 drop
        }
      }
      """;

  private final Owner owner;
  private final String bridge;
  private final Path logs;
  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final Thread hook;
  private boolean closed;

  private Network(Path logs) {
    this.logs = logs;
    this.owner = Owner.self();
    this.bridge = owner.namespace("bridge");
    this.hook = new Thread(this::removeAll, "remove-" + bridge);
  }

  /**
   * An empty network. What dead runs left behind is removed first.
   *
   * @param logs folder for the output of what is started on the hosts
   */
  public static Network open(Path logs) {
    requireNonNull(logs, "logs is null");
    sweep();
    try {
      Files.createDirectories(logs);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the log folder " + logs, e);
    }
    Network network = new Network(logs);
    Runtime.getRuntime().addShutdownHook(network.hook);
    try {
      network.build();
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
    return network;
  }

  private void build() {
    Shell.run("ip", "netns", "add", bridge).orThrow();
    inBridge("ip", "link", "set", "lo", "up");
    inBridge("ip", "link", "add", "br0", "type", "bridge", "forward_delay", "0");
    inBridge("ip", "link", "set", "br0", "up");
    nft(RULES);
  }

  /** Adds a host with an address of 10.0.0.0/8, in a common /24. */
  public synchronized Host add(String name, String address) {
    if (closed || hosts.containsKey(name) || hosts.size() >= MAX_HOSTS) {
      throw new TestbedException(
          "cannot add host %s: the network is closed, full or has it already".formatted(name));
    }
    String port = "port" + (hosts.size() + 1);
    Host host = new Host(name, address, owner.namespace(name), port, this, logs);
    Shell.run("ip", "netns", "add", host.namespace()).orThrow();
    hosts.put(name, host);
    inBridge(
        "ip",
        "link",
        "add",
        port,
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        host.namespace());
    inBridge("ip", "link", "set", port, "master", "br0", "up");
    host.run("ip", "link", "set", "lo", "up");
    host.run("ip", "addr", "add", address + "/24", "dev", "eth0");
    host.run("ip", "link", "set", "eth0", "up");
    return host;
  }

  /** All hosts, in the order of adding. */
  public synchronized List<Host> hosts() {
    return List.copyOf(hosts.values());
  }

  /** Host of that name. */
  public synchronized Optional<Host> host(String name) {
    return Optional.ofNullable(hosts.get(name));
  }

  /** Drops every frame from and to the host, silently; its processes go on. */
  public void isolate(Host host) {
    nft("add element bridge testbed isolated { %s }".formatted(host.port()));
  }

  /** Ends {@link #isolate}. */
  public void heal(Host host) {
    nft(
        "add element bridge testbed isolated { %s }%n".formatted(host.port())
            + "delete element bridge testbed isolated { %s }".formatted(host.port()));
  }

  /** Drops every frame between the two groups; within each, all goes on. */
  public void partition(Collection<Host> one, Collection<Host> other) {
    List<String> pairs = pairs(one, other);
    if (!pairs.isEmpty()) {
      nft(cut(pairs));
    }
  }

  /** The same, ready to be done in an instant. */
  Trigger partitioning(Collection<Host> one, Collection<Host> other) {
    return Trigger.set(Launch.of("nft", cut(pairs(one, other))).inside(bridge));
  }

  private static String cut(List<String> pairs) {
    return "add element bridge testbed cut { %s }".formatted(String.join(", ", pairs));
  }

  private static List<String> pairs(Collection<Host> one, Collection<Host> other) {
    List<String> pairs = new ArrayList<>();
    for (Host left : one) {
      for (Host right : other) {
        pairs.add("%s . %s".formatted(left.port(), right.port()));
        pairs.add("%s . %s".formatted(right.port(), left.port()));
      }
    }
    return pairs;
  }

  /** Drops what one host sends to the other; what it receives from there goes on. */
  void cutOneWay(Host from, Host to) {
    nft("add element bridge testbed cut { %s . %s }".formatted(from.port(), to.port()));
  }

  /** Loses a third of the host's frames, in both directions. */
  void makeLossy(Host host) {
    nft("add element bridge testbed lossy { %s }".formatted(host.port()));
  }

  /** Ends every isolation, partition and loss. Unplugged hosts stay so. */
  public void healAll() {
    nft(
        """
        flush set bridge testbed isolated
        flush set bridge testbed cut
        flush set bridge testbed lossy
        """);
  }

  void unplug(Host host) {
    inBridge("ip", "link", "set", host.port(), "down");
  }

  void plug(Host host) {
    inBridge("ip", "link", "set", host.port(), "up");
  }

  private void inBridge(String... command) {
    Shell.run(Launch.of(command).inside(bridge)).orThrow();
  }

  private void nft(String commands) {
    Shell.run(Launch.of("nft", "-f", "-").inside(bridge), Shell.DEADLINE, commands).orThrow();
  }

  /** Kills what runs on the hosts and removes everything. Repeating it does nothing. */
  @Override
  public void close() {
    removeAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      return; // The hook itself is running or about to; it finds nothing left.
    }
  }

  private synchronized void removeAll() {
    closed = true;
    namespaces().stream()
        .filter(name -> Owner.of(name).filter(owner::equals).isPresent())
        .forEach(Network::remove);
    hosts.clear();
  }

  /**
   * Removes the networks of dead runs: namespaces that carry the name of a process that is gone.
   *
   * @return the namespaces removed
   */
  public static List<String> sweep() {
    List<String> left =
        namespaces().stream()
            .filter(name -> Owner.of(name).filter(owner -> !owner.alive()).isPresent())
            .toList();
    left.forEach(Network::remove);
    return left;
  }

  private static void remove(String namespace) {
    killAll(namespace);
    // Two sweeps may meet; the second finds the namespace gone, which is what both want.
    Shell.Result result = Shell.run("ip", "netns", "del", namespace);
    if (result.exitCode() != 0 && namespaces().contains(namespace)) {
      result.orThrow();
    }
  }

  /** Kills every process of a namespace, also those that fork meanwhile. */
  static void killAll(String namespace) {
    Await.until(
        "the end of every process in " + namespace,
        Duration.ofSeconds(20),
        () -> {
          List<Long> pids = pidsOf(namespace);
          Signal.KILL.send(pids);
          return pids.isEmpty();
        },
        () -> pidsOf(namespace).toString());
  }

  static List<Long> pidsOf(String namespace) {
    Shell.Result result = Shell.run("ip", "netns", "pids", namespace);
    // This JVM shows up there as soon as one of its threads is in; threads are not its processes.
    long self = ProcessHandle.current().pid();
    return result.exitCode() != 0
        ? List.of()
        : result
            .output()
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .map(Long::valueOf)
            .filter(pid -> pid != self)
            .toList();
  }

  private static List<String> namespaces() {
    return Shell.run("ip", "netns", "list")
        .orThrow()
        .output()
        .lines()
        .map(line -> line.replaceFirst(" .*", ""))
        .toList();
  }
}
