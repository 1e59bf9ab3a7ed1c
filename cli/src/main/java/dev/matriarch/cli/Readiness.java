package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Instance;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.Service;
import dev.matriarch.inventory.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Waits until every part of a cluster answers, and says so part by part. */
final class Readiness {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Inventory inventory;
  private final Consumer<String> progress;

  Readiness(Inventory inventory, Consumer<String> progress) {
    this.inventory = requireNonNull(inventory, "inventory");
    this.progress = requireNonNull(progress, "progress");
  }

  /** Waits that long at most; the names of what does not answer then, none when all do. */
  List<String> await(Duration patience) {
    Map<String, List<Probe>> groups = probes();
    long deadline = System.nanoTime() + patience.toNanos();
    ConcurrentLinkedQueue<String> silent = new ConcurrentLinkedQueue<>();
    List<Thread> waiting = new ArrayList<>();
    groups.forEach(
        (group, probes) -> {
          CountDownLatch left = new CountDownLatch(probes.size());
          for (Probe probe : probes) {
            Runnable answered =
                () -> {
                  left.countDown();
                  if (left.getCount() == 0) {
                    progress.accept(group);
                  }
                };
            Runnable ask = () -> ask(probe, deadline, answered, silent);
            waiting.add(Thread.ofVirtual().start(ask));
          }
        });
    for (Thread thread : waiting) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return List.of("interrupted");
      }
    }
    return silent.stream().sorted().toList();
  }

  private static void ask(
      Probe probe, long deadline, Runnable answered, ConcurrentLinkedQueue<String> silent) {
    while (!probe.question().isAnswered()) {
      if (System.nanoTime() - deadline > 0) {
        silent.add(probe.name());
        return;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    answered.run();
  }

  private Map<String, List<Probe>> probes() {
    Map<String, List<Probe>> groups = new LinkedHashMap<>();
    groups.put(
        "etcd answers",
        inventory.etcd().members().stream()
            .map(m -> Probe.tcp(m.name(), m.address().text(), m.clientPort()))
            .toList());
    for (Cluster cluster : inventory.clusters()) {
      groups.put(
          "the agents of %s answer".formatted(cluster.name()),
          cluster.instances().stream()
              .map(i -> Probe.tcp(i.name(), i.address().text(), i.ports().agent()))
              .toList());
      for (Service service : cluster.services()) {
        groups.put(
            "service %s answers at port %d of every node".formatted(service.name(), service.port()),
            cluster.instances().stream().map(i -> service(cluster, service, i)).toList());
      }
    }
    return groups;
  }

  private Probe service(Cluster cluster, Service service, Instance instance) {
    Address address = instance.address();
    User user = cluster.users().getFirst();
    Properties login = new Properties();
    login.setProperty("user", user.name());
    user.password().ifPresent(p -> login.setProperty("password", p.reveal()));
    login.setProperty("connectTimeout", "1");
    login.setProperty("loginTimeout", "2");
    login.setProperty("socketTimeout", "2");
    // PgBouncer 1.18 keeps no prepared statements between transactions.
    login.setProperty("prepareThreshold", "0");
    String where = address.withPort(service.port());
    return Probe.sql(
        "%s (%s)".formatted(where, service.name()),
        "jdbc:postgresql://%s/%s".formatted(where, cluster.databases().getFirst().name()),
        login,
        service.name().equals("primary") || service.name().equals("default"));
  }
}
