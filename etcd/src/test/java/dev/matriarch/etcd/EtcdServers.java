package dev.matriarch.etcd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A real etcd cluster on the loopback address, whose members can be killed and frozen. */
final class EtcdServers implements AutoCloseable {

  private final Path folder;
  private final String scheme;
  private final List<String> extra;
  private final List<Integer> clientPorts = new ArrayList<>();
  private final List<Integer> peerPorts = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();

  private EtcdServers(Path folder, int size, String scheme, List<String> extra) throws IOException {
    this.folder = folder;
    this.scheme = scheme;
    this.extra = extra;
    for (int i = 0; i < size; i++) {
      clientPorts.add(freePort());
      peerPorts.add(freePort());
    }
  }

  static EtcdServers start(Path folder, int size) throws Exception {
    return start(folder, size, "http", List.of());
  }

  static EtcdServers start(Path folder, int size, String scheme, List<String> extra)
      throws Exception {
    EtcdServers servers = new EtcdServers(folder, size, scheme, extra);
    for (int i = 0; i < size; i++) {
      servers.processes.add(servers.launch(i));
    }
    return servers;
  }

  /** Waits until a majority serves. */
  EtcdServers ready(EtcdClient client) throws Exception {
    until("etcd serves", () -> !(client.delete("/ready") instanceof TxnOutcome.Failed));
    return this;
  }

  private Process launch(int i) throws IOException {
    List<String> initial = new ArrayList<>();
    for (int n = 0; n < peerPorts.size(); n++) {
      initial.add("m" + n + "=http://127.0.0.1:" + peerPorts.get(n));
    }
    String client = scheme + "://127.0.0.1:" + clientPorts.get(i);
    String peer = "http://127.0.0.1:" + peerPorts.get(i);
    List<String> command =
        new ArrayList<>(
            List.of(
                "etcd",
                "--name=m" + i,
                "--data-dir=" + folder.resolve("m" + i),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=" + String.join(",", initial),
                "--log-level=error"));
    command.addAll(extra);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("m" + i + ".log").toFile()))
        .start();
  }

  Endpoint endpoint(int i) {
    return Endpoint.parse(scheme + "://127.0.0.1:" + clientPorts.get(i));
  }

  /** All endpoints, the given one first. */
  List<Endpoint> endpoints(int first) {
    List<Endpoint> all = new ArrayList<>();
    for (int i = 0; i < clientPorts.size(); i++) {
      all.add(endpoint((first + i) % clientPorts.size()));
    }
    return all;
  }

  EtcdConfig config() {
    return EtcdConfig.of(endpoints(0));
  }

  int leader(EtcdClient client) throws InterruptedException {
    for (Health health : client.health()) {
      if (health instanceof Health.Answers answers && answers.leads()) {
        for (int i = 0; i < clientPorts.size(); i++) {
          if (endpoint(i).equals(answers.endpoint())) {
            return i;
          }
        }
      }
    }
    throw new IllegalStateException("no etcd leader");
  }

  void kill(int i) throws InterruptedException {
    processes.get(i).destroyForcibly();
    processes.get(i).waitFor(10, TimeUnit.SECONDS);
  }

  void restart(int i) throws IOException {
    processes.set(i, launch(i));
  }

  void freeze(int i) throws Exception {
    signal(i, "STOP");
  }

  void thaw(int i) throws Exception {
    signal(i, "CONT");
  }

  private void signal(int i, String signal) throws Exception {
    new ProcessBuilder("kill", "-" + signal, Long.toString(processes.get(i).pid()))
        .start()
        .waitFor();
  }

  @Override
  public void close() {
    for (Process process : processes) {
      process.destroyForcibly();
    }
    for (Process process : processes) {
      process.onExit().join();
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits for a state, 30 s at most. */
  static void until(String what, Callable<Boolean> holds) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!holds.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within 30 s: " + what);
      }
      Thread.sleep(20);
    }
  }

  static Path folder(Path parent, String name) throws IOException {
    return Files.createDirectories(parent.resolve(name));
  }

  /** The lease of a member: 20 s, renewed each 4 s. */
  static LeaderLease lease(
      EtcdClient client, ClusterStore store, String member, MonotonicSource monotonic) {
    return new LeaderLease(
        client,
        new LeaderLease.Terms(
            store.keys().leader(), member, Duration.ofSeconds(20), Duration.ofSeconds(4)),
        monotonic,
        _ -> {});
  }
}
