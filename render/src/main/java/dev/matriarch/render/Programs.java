package dev.matriarch.render;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;

/**
 * Where the programs of a node are.
 *
 * @param postgresBin folder with {@code initdb}, {@code postgres}, {@code pg_ctl}
 * @param etcd the etcd server
 * @param haproxy HAProxy
 * @param pgbouncer PgBouncer
 * @param dnsmasq the DNS server
 * @param pooler which release of PgBouncer it is
 * @param matriarch the command (and its leading arguments) to which {@code agent FILE} is appended
 */
public record Programs(
    Path postgresBin,
    Path etcd,
    Path haproxy,
    Path pgbouncer,
    Path dnsmasq,
    PoolerRelease pooler,
    List<String> matriarch) {
  public Programs {
    requireNonNull(postgresBin);
    requireNonNull(etcd);
    requireNonNull(haproxy);
    requireNonNull(pgbouncer);
    requireNonNull(dnsmasq);
    requireNonNull(pooler);
    matriarch = List.copyOf(matriarch);
    if (matriarch.isEmpty()) {
      throw new IllegalArgumentException("matriarch: the command is empty");
    }
  }

  /** The same with that release of PgBouncer. */
  public Programs with(PoolerRelease release) {
    return new Programs(postgresBin, etcd, haproxy, pgbouncer, dnsmasq, release, matriarch);
  }

  /** Where Debian puts them. */
  public static Programs debian(int postgresMajor, List<String> matriarch) {
    return new Programs(
        Path.of("/usr/lib/postgresql", Integer.toString(postgresMajor), "bin"),
        Path.of("/usr/bin/etcd"),
        Path.of("/usr/sbin/haproxy"),
        Path.of("/usr/sbin/pgbouncer"),
        Path.of("/usr/sbin/dnsmasq"),
        PoolerRelease.OLDEST,
        matriarch);
  }
}
