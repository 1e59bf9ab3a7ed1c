package dev.matriarch.agent.names;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.NamesConfig;
import dev.matriarch.agent.config.NamesConfig.NamedCluster;
import dev.matriarch.etcd.Change;
import dev.matriarch.etcd.EtcdClient;
import dev.matriarch.etcd.KeyValue;
import dev.matriarch.etcd.Watch;
import dev.matriarch.etcd.WatchNotice;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the names of clusters leading to their primaries (P41): it watches their leader keys and
 * writes a hosts file for each. While nobody leads, a name goes on leading to who led last: there
 * is no better answer.
 */
public final class Names {
  private static final Logger LOG = LoggerFactory.getLogger(Names.class);

  private final NamesConfig config;
  private final HostsFolder folder;

  /** Who was last said to lead each cluster. */
  private final Map<String, String> heard = new ConcurrentHashMap<>();

  public Names(NamesConfig config) {
    this.config = requireNonNull(config, "config is null");
    this.folder = new HostsFolder(config.folder());
  }

  /** Runs until the thread is interrupted. */
  public void run() throws IOException, InterruptedException {
    prepare();
    List<Watch> watches = new ArrayList<>();
    try (EtcdClient client = EtcdClient.open(config.etcd())) {
      for (NamedCluster cluster : config.clusters()) {
        String leader = cluster.keys().leader();
        watches.add(client.watch(leader, leader::equals, it -> hear(cluster, it)));
      }
      new CountDownLatch(1).await();
    } finally {
      watches.forEach(Watch::close);
    }
  }

  /** What can be said before etcd was heard. */
  void prepare() throws IOException {
    folder
        .keep(config.clusters().stream().map(NamedCluster::cluster).toList())
        .forEach(gone -> LOG.info("{} is no cluster any more: its name is gone", gone));
    for (NamedCluster cluster : config.clusters()) {
      if (!folder.has(cluster.cluster())) {
        point(cluster, cluster.primary());
      }
    }
  }

  void hear(NamedCluster cluster, WatchNotice notice) {
    switch (notice) {
      case WatchNotice.Listed listed ->
          listed.all().keys().stream()
              .map(KeyValue::value)
              .findFirst()
              .ifPresent(leader -> point(cluster, leader));
      case WatchNotice.Changed changed ->
          last(changed.changes()).ifPresent(leader -> point(cluster, leader));
      case WatchNotice.Interrupted gone -> LOG.warn("{}", gone.failure().message());
      case WatchNotice.Resumed back -> LOG.debug("etcd {} tells of changes", back.endpoint());
    }
  }

  private static Optional<String> last(List<Change> changes) {
    return changes.getLast() instanceof Change.Put put
        ? Optional.of(put.now().value())
        : Optional.empty();
  }

  private void point(NamedCluster cluster, String leader) {
    // A leader's key is written anew with each renewal.
    if (leader.equals(heard.put(cluster.cluster(), leader))) {
      return;
    }
    InetAddress address = cluster.members().get(leader);
    if (address == null) {
      LOG.warn(
          "{} is led by {}, which the inventory does not declare: {} stays as it is",
          cluster.cluster(),
          leader,
          cluster.name());
      return;
    }
    try {
      if (folder.write(cluster.cluster(), cluster.name(), address)) {
        LOG.info("{} leads to {} ({})", cluster.name(), address.getHostAddress(), leader);
      }
    } catch (IOException e) {
      LOG.error("{} cannot be written down: {}", cluster.name(), e.toString());
      heard.remove(cluster.cluster());
    }
  }
}
