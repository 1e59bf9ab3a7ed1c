package dev.matriarch.render;

import dev.matriarch.inventory.EtcdCluster;
import dev.matriarch.inventory.EtcdMember;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** {@code conf/etcd.yml}: one member of the consensus store (P140-P143). */
final class EtcdFile {
  static final String NAME = "etcd.yml";

  private EtcdFile() {}

  static NodeFile of(EtcdCluster cluster, EtcdMember member, Layout layout) {
    var client = "http://" + member.address().withPort(member.clientPort());
    var settings = cluster.settings();
    var file = new LinkedHashMap<String, Object>();
    file.put("name", member.name());
    file.put("data-dir", layout.etcdData().toString());
    file.put("listen-client-urls", client);
    file.put("advertise-client-urls", client);
    file.put("listen-peer-urls", peer(member));
    file.put("initial-advertise-peer-urls", peer(member));
    file.put(
        "initial-cluster",
        cluster.members().stream()
            .map(m -> m.name() + "=" + peer(m))
            .collect(Collectors.joining(",")));
    file.put("initial-cluster-token", cluster.name());
    file.put("initial-cluster-state", settings.text("etcd_init"));
    file.put("election-timeout", settings.number("etcd_election_timeout"));
    file.put("heartbeat-interval", settings.number("etcd_heartbeat_interval"));
    file.put("quota-backend-bytes", bytes(settings.text("etcd_quota")));
    file.put("auto-compaction-mode", "periodic");
    file.put("auto-compaction-retention", "24h");
    // A switchover writes many keys in one transaction; the default of 128 operations is tight.
    file.put("max-txn-ops", 1024);
    file.put("max-request-bytes", 4 * 1024 * 1024);
    // The default of 100,000 entries costs memory that a store of a few hundred keys never needs.
    file.put("snapshot-count", 10_000);
    file.put("enable-v2", false);
    file.put("enable-grpc-gateway", true);
    file.put("logger", "zap");
    file.put("log-level", "warn");
    file.put("log-outputs", List.of("stderr"));
    return new NodeFile(layout.conf(NAME), NodeFile.Mode.PLAIN, YamlText.of(file));
  }

  /** A checked size such as {@code 16GiB}; C8: the seeds promise 16 GiB. */
  private static long bytes(String size) {
    var units = "kMGT".indexOf(size.replaceAll("[0-9iB]", "").replace('K', 'k')) + 1;
    var number = Long.parseLong(size.replaceAll("[^0-9]", ""));
    return size.matches("[0-9]+B?") ? number : Math.multiplyExact(number, 1L << (10 * units));
  }

  private static String peer(EtcdMember member) {
    return "http://" + member.address().withPort(member.peerPort());
  }
}
