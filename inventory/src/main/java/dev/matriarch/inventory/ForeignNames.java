package dev.matriarch.inventory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Names of the described system that are no parameter here, and older names of those that are. */
final class ForeignNames {
  private static final Map<String, String> OLD_NAMES =
      Map.of(
          "pg_fs_bkup", "pg_fs_backup",
          "pgbackrest_clean", "pg_rm_backup",
          "etcd_clean", "etcd_rm_data");
  private static final Set<String> NAMES = Set.of("app", "apps", "no_proxy");
  private static final List<String> FAMILIES =
      List.of(
          "ansible_",
          "node_",
          "infra_",
          "nginx_",
          "certbot_",
          "grafana_",
          "minio_",
          "redis_",
          "mysql_",
          "kafka_",
          "docker_",
          "juice_",
          "repo_",
          "vip_",
          "vector_",
          "vmetrics_",
          "vlogs_",
          "vtraces_",
          "vmalert_",
          "prometheus_",
          "loki_",
          "promtail_",
          "pushgateway_",
          "alertmanager_",
          "blackbox_",
          "dns_",
          "dnsmasq_",
          "chrony_",
          "keepalived_",
          "silo_",
          "ferret_",
          "mongo_",
          "postgrest_",
          "jupyter_",
          "code_",
          "vibe_",
          "app_");

  private ForeignNames() {}

  /** Today's name of a parameter that was called otherwise (C14). */
  static Optional<String> renamed(String name) {
    return Optional.ofNullable(OLD_NAMES.get(name));
  }

  /** True for a parameter of a module that Matriarch has nothing to do with. */
  static boolean isOfAnotherModule(String name) {
    return NAMES.contains(name) || FAMILIES.stream().anyMatch(name::startsWith);
  }
}
