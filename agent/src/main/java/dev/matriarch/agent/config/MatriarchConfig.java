package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The section {@code matriarch}: the parts of a node that the agent drives besides PostgreSQL, and
 * what it creates once at bootstrap.
 *
 * @param instance the instance's name; the member's
 * @param seq its number within the cluster
 * @param ip the node's address
 * @param role the declared role: primary, replica, offline, standby, delayed
 * @param runDir folder for sockets and small files
 * @param heartbeat the FIFO that the parent process reads; empty for none
 * @param deadlineFile where the lease's deadline survives the agent
 * @param vips addresses that follow the leader
 * @param members the declared members by name
 * @param recording where decisions are kept
 */
public record MatriarchConfig(
    String cluster,
    String instance,
    int seq,
    String ip,
    String role,
    Path runDir,
    Optional<Path> heartbeat,
    Path deadlineFile,
    GuardConfig guard,
    Optional<HaproxyConfig> haproxy,
    Optional<PoolerConfig> pooler,
    List<VipConfig> vips,
    List<UserEntry> users,
    List<DatabaseEntry> databases,
    Map<String, MemberAddress> members,
    RecordingConfig recording) {

  /** Whether the kernel lease is used. */
  public enum GuardMode {
    OFF,
    /** Where the host allows it. */
    AUTO,
    /** Without it there is no primary. */
    REQUIRED
  }

  /** The kernel lease: what passes only while the lease lasts. */
  public record GuardConfig(GuardMode mode, String address, List<Integer> ports) {
    public GuardConfig {
      requireNonNull(mode, "mode is null");
      requireNonNull(address, "address is null");
      ports = List.copyOf(ports);
    }
  }

  /**
   * The local HAProxy.
   *
   * @param socket of the process that takes connections now
   * @param master socket of the process that keeps it and those before it; empty for none
   */
  public record HaproxyConfig(Path socket, Optional<Path> master, List<BackendEntry> backends) {
    public HaproxyConfig {
      requireNonNull(socket, "socket is null");
      requireNonNull(master, "master is null");
      backends = List.copyOf(backends);
    }
  }

  /**
   * One service of HAProxy.
   *
   * @param name of the proxy, such as {@code pg-test-primary}
   * @param check the path of its health check
   * @param servers members that it may send to
   * @param backups those of them that serve only while none of the others is up
   * @param pooled its clients are PgBouncer's
   */
  public record BackendEntry(
      String name,
      String service,
      String check,
      List<String> servers,
      List<String> backups,
      boolean pooled) {
    public BackendEntry {
      requireNonNull(name, "name is null");
      requireNonNull(service, "service is null");
      requireNonNull(check, "check is null");
      servers = List.copyOf(servers);
      backups = List.copyOf(backups);
    }
  }

  /**
   * The local PgBouncer.
   *
   * @param overlap for so long after it has come to send to another host, HAProxy on hosts without
   *     an agent may not have found that one by itself; zero where there is no such HAProxy
   */
  public record PoolerConfig(
      Path socketDir, int port, Credentials admin, Path ini, Duration overlap) {
    public PoolerConfig {
      requireNonNull(socketDir, "socketDir is null");
      requireNonNull(admin, "admin is null");
      requireNonNull(ini, "ini is null");
      requireNonNull(overlap, "overlap is null");
    }
  }

  /**
   * A database role to create, in order.
   *
   * @param verifier its password's SCRAM verifier; empty for none
   * @param roles it becomes a member of these
   * @param options the rest by name: login, superuser, createdb, connlimit, expire_at, ... as text
   */
  public record UserEntry(
      String name,
      String verifier,
      List<String> roles,
      boolean pooled,
      Map<String, String> options) {
    public UserEntry {
      requireNonNull(name, "name is null");
      requireNonNull(verifier, "verifier is null");
      roles = List.copyOf(roles);
      options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    @Override
    public String toString() {
      return "UserEntry[name=" + name + ", roles=" + roles + "]";
    }
  }

  /** A database to create. */
  public record DatabaseEntry(String name, String owner) {
    public DatabaseEntry {
      requireNonNull(name, "name is null");
      requireNonNull(owner, "owner is null");
    }
  }

  /** Where a member is. */
  public record MemberAddress(String ip, int port, int restPort) {
    public MemberAddress {
      requireNonNull(ip, "ip is null");
    }
  }

  public MatriarchConfig {
    requireNonNull(cluster, "cluster is null");
    requireNonNull(instance, "instance is null");
    requireNonNull(ip, "ip is null");
    requireNonNull(role, "role is null");
    requireNonNull(runDir, "runDir is null");
    requireNonNull(heartbeat, "heartbeat is null");
    requireNonNull(deadlineFile, "deadlineFile is null");
    requireNonNull(guard, "guard is null");
    requireNonNull(haproxy, "haproxy is null");
    requireNonNull(pooler, "pooler is null");
    vips = List.copyOf(vips);
    users = List.copyOf(users);
    databases = List.copyOf(databases);
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    requireNonNull(recording, "recording is null");
  }

  /** All but whom the services and pools lead to. */
  public MatriarchConfig withoutRoutes() {
    return new MatriarchConfig(
        cluster,
        instance,
        seq,
        ip,
        role,
        runDir,
        heartbeat,
        deadlineFile,
        guard,
        Optional.empty(),
        pooler,
        vips,
        users,
        databases,
        Map.of(),
        recording);
  }
}
