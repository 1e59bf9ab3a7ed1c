package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

/**
 * What follows from a host's size for PostgreSQL's settings: the formulas of the described system,
 * by template.
 *
 * @param maxConnections N
 * @param sharedBuffers S
 * @param parallelWorkersPerGather 0 where one query must not take all processors
 * @param walUnit a twentieth of the disk, 1 to 100 GiB, on which the sizes of WAL are based
 * @param ioWorkers for PostgreSQL 18
 */
public record Sizing(
    int maxConnections,
    Bytes sharedBuffers,
    Bytes maintenanceWorkMem,
    Bytes effectiveCacheSize,
    Bytes workMem,
    int maxPreparedTransactions,
    int maxLocksPerTransaction,
    int maxWorkerProcesses,
    int maxParallelWorkers,
    int parallelWorkersPerGather,
    int maxParallelMaintenanceWorkers,
    Bytes walUnit,
    Bytes minWalSize,
    Bytes maxWalSize,
    Bytes maxSlotWalKeepSize,
    Bytes tempFileLimit,
    int ioWorkers) {
  private static final long GIB = 1L << 30;

  public Sizing {
    requireNonNull(sharedBuffers, "sharedBuffers is null");
    requireNonNull(maintenanceWorkMem, "maintenanceWorkMem is null");
    requireNonNull(effectiveCacheSize, "effectiveCacheSize is null");
    requireNonNull(workMem, "workMem is null");
    requireNonNull(walUnit, "walUnit is null");
    requireNonNull(minWalSize, "minWalSize is null");
    requireNonNull(maxWalSize, "maxWalSize is null");
    requireNonNull(maxSlotWalKeepSize, "maxSlotWalKeepSize is null");
    requireNonNull(tempFileLimit, "tempFileLimit is null");
  }

  /** The sizing of an instance of that cluster on a host of that size. */
  public static Sizing of(HostSize host, ConfTemplate template, Settings settings) {
    int connections = connections(template, settings);
    long memory = host.memory().toMebi();
    long shared = (long) Math.ceil(memory * settings.decimal("pg_shared_buffer_ratio"));
    long unit = Math.clamp(Math.ceilDiv(host.disk().count(), 20 * GIB), 1, 100);
    boolean olap = template == ConfTemplate.OLAP;
    String libraries = settings.text("pg_libs");
    return new Sizing(
        connections,
        Bytes.ofMebi(shared),
        Bytes.ofMebi((long) Math.ceil(shared * (olap ? 0.5 : 0.25))),
        Bytes.ofMebi(memory - shared),
        workMem(template, shared / connections),
        libraries.contains("citus") ? connections : 0,
        locks(template, connections, libraries),
        workerProcesses(template, host.cpus()),
        parallelWorkers(template, host.cpus()),
        perGather(template, host.cpus()),
        template == ConfTemplate.TINY
            ? Math.max(part(host.cpus(), 33), 1)
            : Math.max(partUp(host.cpus(), 33), 2),
        Bytes.ofGibi(unit),
        Bytes.ofGibi(unit),
        Bytes.ofGibi(4 * unit),
        Bytes.ofGibi(6 * unit),
        Bytes.ofGibi(olap ? 4 * unit : unit),
        ioWorkers(template, host.cpus()));
  }

  private static int connections(ConfTemplate template, Settings settings) {
    if (settings.value("pg_max_conn") instanceof Value.Whole(long number)) {
      return Math.toIntExact(number);
    }
    boolean pooled = settings.text("pg_default_service_dest").equals("pgbouncer");
    return switch (template) {
      case OLTP, CRIT -> pooled ? 500 : 1000;
      case OLAP -> 500;
      case TINY -> 250;
    };
  }

  private static Bytes workMem(ConfTemplate template, long perConnection) {
    return Bytes.ofMebi(
        switch (template) {
          case OLTP, CRIT -> Math.clamp(perConnection, 64L, 1024L);
          case OLAP -> Math.clamp(perConnection, 64L, 8192L);
          case TINY -> Math.clamp(perConnection, 16L, 256L);
        });
  }

  private static int locks(ConfTemplate template, int connections, String libraries) {
    boolean many = libraries.contains("citus") || libraries.contains("timescaledb");
    int factor = many ? 2 : 1;
    return connections * (template == ConfTemplate.OLAP ? 2 * factor : factor);
  }

  private static int workerProcesses(ConfTemplate template, int cpus) {
    return 8
        + switch (template) {
          case OLTP, CRIT -> Math.max(cpus + 8, 16);
          case OLAP -> Math.max(cpus + 12, 20);
          case TINY -> Math.max(cpus + 4, 12);
        };
  }

  private static int parallelWorkers(ConfTemplate template, int cpus) {
    return switch (template) {
      case OLTP, CRIT -> Math.max(partUp(cpus, 50), 2);
      case OLAP -> Math.max(partUp(cpus, 80), 2);
      case TINY -> Math.max(part(cpus, 50), 1);
    };
  }

  private static int perGather(ConfTemplate template, int cpus) {
    return switch (template) {
      case OLTP -> Math.clamp(part(cpus, 20), 2, 8);
      case OLAP -> Math.max(part(cpus, 50), 2);
      case CRIT, TINY -> 0;
    };
  }

  private static int ioWorkers(ConfTemplate template, int cpus) {
    return switch (template) {
      case OLTP -> Math.clamp(partUp(cpus, 25), 4, 16);
      case OLAP -> Math.clamp(partUp(cpus, 50), 4, 32);
      case CRIT -> Math.clamp(partUp(cpus, 25), 4, 8);
      case TINY -> 3;
    };
  }

  // Whole numbers: a fraction such as 0.2 is not exact in binary.
  private static int part(int cpus, int percent) {
    return cpus * percent / 100;
  }

  private static int partUp(int cpus, int percent) {
    return Math.ceilDiv(cpus * percent, 100);
  }
}
