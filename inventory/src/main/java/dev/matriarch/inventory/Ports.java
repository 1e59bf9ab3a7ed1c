package dev.matriarch.inventory;

/**
 * The TCP ports of one instance on its node.
 *
 * @param postgres {@code pg_port}
 * @param pooler {@code pgbouncer_port}
 * @param agent {@code patroni_port}, the REST interface
 * @param haproxyAdmin {@code haproxy_exporter_port}: metrics, statistics and admin page
 * @param postgresMetrics {@code pg_exporter_port}
 * @param poolerMetrics {@code pgbouncer_exporter_port}
 * @param backupMetrics {@code pgbackrest_exporter_port}
 */
public record Ports(
    int postgres,
    int pooler,
    int agent,
    int haproxyAdmin,
    int postgresMetrics,
    int poolerMetrics,
    int backupMetrics) {}
