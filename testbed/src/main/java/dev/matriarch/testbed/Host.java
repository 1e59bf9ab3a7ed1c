package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A host of a {@link Network}: a namespace with its own address, loopback and processes. Its files
 * are the machine's; give each host its own folder. Safe for use by several threads.
 */
public final class Host {
  private final String name;
  private final String address;
  private final String namespace;
  private final String port;
  private final Network network;
  private final Path logs;
  private final List<Proc> started = new CopyOnWriteArrayList<>();
  private final AtomicInteger sequence = new AtomicInteger();

  Host(String name, String address, String namespace, String port, Network network, Path logs) {
    this.name = requireNonNull(name, "name is null");
    this.address = requireNonNull(address, "address is null");
    this.namespace = requireNonNull(namespace, "namespace is null");
    this.port = requireNonNull(port, "port is null");
    this.network = requireNonNull(network, "network is null");
    this.logs = requireNonNull(logs, "logs is null");
  }

  /** Short name. */
  public String name() {
    return name;
  }

  /** Its IPv4 address on the bridge. */
  public String address() {
    return address;
  }

  /** The namespace, as {@code ip netns} knows it. */
  public String namespace() {
    return namespace;
  }

  /** The bridge's end of its cable. */
  String port() {
    return port;
  }

  /** Makes threads of this JVM that connect from this host. They are platform threads. */
  public ThreadFactory threads() {
    return new NamespaceThreads(namespace);
  }

  /**
   * Runs a command to its end as root.
   *
   * @return what it wrote
   * @throws TestbedException when it fails or takes more than a minute
   */
  public String run(String... command) {
    return run(Launch.of(command));
  }

  /** Runs a command to its end. As {@link #run(String...)} for the rest. */
  public String run(Launch launch) {
    return run(launch, Shell.DEADLINE).orThrow().output();
  }

  /** Runs a command to its end and says whether it ended with 0. */
  public boolean succeeds(Launch launch) {
    return run(launch, Shell.DEADLINE).exitCode() == 0;
  }

  /** Runs a command to its end, with a deadline of its own, and hands out whatever came of it. */
  Shell.Result run(Launch launch, Duration deadline) {
    return Shell.run(launch.inside(namespace), launch.environment(), deadline, "");
  }

  /**
   * Runs a piece of Java on a thread of this host.
   *
   * @throws TestbedException with the cause when it throws
   */
  public <T> T call(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    threads().newThread(task).start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new TestbedException("on " + this + ": " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted on " + this, e);
    }
  }

  /** Starts a command as the leader of its own session; its output goes to a file. */
  public Proc start(String processName, Launch launch) {
    Path log =
        logs.resolve("%s-%s-%d.log".formatted(name, processName, sequence.incrementAndGet()));
    // ip-netns, setpriv and env exec what follows, and a child of the JVM leads no group yet, so
    // setsid does not fork either: the pid known here stays that of the command itself.
    List<String> line = new ArrayList<>(List.of("setsid"));
    line.addAll(launch.inside(namespace));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(log.toFile());
    builder.environment().putAll(launch.environment());
    try {
      Proc proc = new Proc(processName, builder.start(), log);
      started.add(proc);
      return proc;
    } catch (IOException e) {
      throw new TestbedException("cannot start %s on %s".formatted(processName, name), e);
    }
  }

  /** Everything started here by {@link #start}, ended or not, oldest first. */
  public List<Proc> started() {
    return List.copyOf(started);
  }

  /** Pids of all processes of the host, whoever started them. */
  public List<Long> pids() {
    return Network.pidsOf(namespace);
  }

  /** Pids of the processes that play a role here, lowest first. */
  public List<Long> pids(Role role) {
    return pids().stream().filter(pid -> role.matches(ProcFs.arguments(pid))).sorted().toList();
  }

  /** Sends a signal to every process of a role; how many got it. */
  public int signal(Role role, Signal signal) {
    int hit = 0;
    for (long pid : pids(role)) {
      hit += signal.send(pid) ? 1 : 0;
    }
    return hit;
  }

  /**
   * Power cut: the cable goes dead first, so that no peer sees a closed connection, then every
   * process is killed.
   */
  public void crash() {
    network.unplug(this);
    Network.killAll(namespace);
  }

  /** Power is back: the cable works; starting things again is up to the caller. */
  public void revive() {
    network.plug(this);
  }

  @Override
  public String toString() {
    return name + " (" + address + ")";
  }
}
