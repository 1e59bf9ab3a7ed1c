package dev.matriarch.render;

import static dev.matriarch.render.AgentFile.ordered;

import dev.matriarch.inventory.Database;
import dev.matriarch.inventory.DesiredState;
import dev.matriarch.inventory.Instance;
import dev.matriarch.inventory.Service;
import dev.matriarch.inventory.ServiceDestination;
import dev.matriarch.inventory.ServiceMember;
import dev.matriarch.inventory.VirtualAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The section {@code matriarch:} of {@code patroni.yml}: the parts of a node that the agent drives
 * besides PostgreSQL, and what it creates once at bootstrap.
 *
 * <pre>
 * cluster, instance, seq, ip, role      who this is, and what it was declared to be
 * run_dir, heartbeat, deadline_file     paths
 * recording    {dir}                   where decisions are kept; max_mb (16), max_days (7)
 * lease_guard  {mode: auto|off, address, ports}        the kernel lease; 0.0.0.0: of every address
 * vips         [{address, interface}]    addresses, with their prefix, that follow the leader
 * haproxy      {socket, master, backends: [{name, service, check, dest, servers, backups}]}
 * pgbouncer    {socket_dir, port, admin_user, admin_password, ini, overlap}
 * users        [{name, password, roles, pgbouncer, login, superuser, createdb, createrole, inherit,
 *              replication, bypassrls, connlimit, expire_in, expire_at}]  in order of creation; those
 *              from login on only where declared (login always); password is a SCRAM verifier,
 *              absent for a role without one
 * databases    [{name, owner}]
 * members      {NAME: {ip, port, rest_port}}
 * </pre>
 *
 * <p>{@code haproxy}, {@code pgbouncer} or {@code vips} is absent where there is none; {@code
 * overlap}, seconds, where no HAProxy has to do without an agent.
 */
final class MatriarchSection {
  private final Site site;
  private final Accounts accounts;

  MatriarchSection(Site site, Accounts accounts) {
    this.site = site;
    this.accounts = accounts;
  }

  Map<String, Object> map() {
    var instance = site.instance();
    var layout = site.layout();
    var section =
        ordered(
            "cluster", site.cluster().name(),
            "instance", instance.name(),
            "seq", instance.seq(),
            "ip", instance.address().text(),
            "role", instance.role().word(),
            "run_dir", layout.run().toString(),
            "heartbeat", layout.heartbeat().toString(),
            "deadline_file", layout.run("deadline").toString(),
            "recording", ordered("dir", layout.log().resolve("recording").toString()),
            "lease_guard", leaseGuard());
    if (!vips().isEmpty()) {
      section.put("vips", vips());
    }
    if (NodeFiles.haproxyEnabled(site)) {
      section.put("haproxy", haproxy());
    }
    if (NodeFiles.poolerEnabled(site)) {
      section.put("pgbouncer", pgbouncer());
    }
    section.put("users", accounts.all().stream().map(MatriarchSection::user).toList());
    section.put("databases", databases());
    section.put("members", members());
    return section;
  }

  private Map<String, Object> leaseGuard() {
    var ports = site.instance().ports();
    return ordered(
        "mode", "auto",
        "address", guarded(),
        "ports", List.of(ports.postgres(), ports.pooler()));
  }

  /** Whatever else this host is called, an address that follows the leader say, is guarded too. */
  private String guarded() {
    var own = site.address().text();
    return site.listen().equals(own) ? own : "0.0.0.0";
  }

  private List<Object> vips() {
    return VirtualAddress.of(site.settings()).stream()
        .map(vip -> (Object) ordered("address", vip.block().toString(), "interface", vip.network()))
        .toList();
  }

  private Map<String, Object> haproxy() {
    return ordered(
        "socket",
        site.layout().run(HaproxyFile.SOCKET).toString(),
        "master",
        site.layout().run(HaproxyFile.MASTER_SOCKET).toString(),
        "backends",
        site.cluster().services().stream().map(this::backend).toList());
  }

  private Map<String, Object> backend(Service service) {
    var members = service.members(site.members());
    return ordered(
        "name", service.nameIn(site.cluster()),
        "service", service.name(),
        "check", service.check(),
        "dest", destination(service.destination()),
        "servers", names(members),
        "backups", names(members.stream().filter(ServiceMember::backup).toList()));
  }

  private static Object destination(ServiceDestination destination) {
    return switch (destination) {
      case ServiceDestination.Pooler() -> "pgbouncer";
      case ServiceDestination.Postgres() -> "postgres";
      case ServiceDestination.Port(int number) -> Integer.toString(number);
    };
  }

  private static List<String> names(List<ServiceMember> members) {
    return members.stream().map(m -> m.instance().name()).toList();
  }

  private Map<String, Object> pgbouncer() {
    var entry =
        ordered(
            "socket_dir", site.layout().run().toString(),
            "port", site.instance().ports().pooler(),
            "admin_user", site.settings().text("pg_admin_username"),
            "admin_password", site.settings().secret("pg_admin_password").reveal(),
            "ini", site.layout().conf(PgbouncerFiles.INI).toString());
    boolean alone =
        site.inventory().proxies(site.cluster()).stream()
            .anyMatch(host -> !HaproxyFile.isToldByAgent(host, site.cluster()));
    if (alone) {
      entry.put("overlap", site.cluster().timing().routing().overlap().toSeconds());
    }
    return entry;
  }

  private static Map<String, Object> user(Accounts.Account account) {
    var entry = ordered("name", account.name());
    account.secret().ifPresent(secret -> entry.put("password", secret));
    entry.put("roles", account.roles());
    entry.put("pgbouncer", account.pooled());
    // A role without the word can log in, as the described system creates it.
    entry.put("login", account.options().getOrDefault("login", true));
    account.options().forEach(entry::put);
    if (account.user().connectionLimit() >= 0) {
      entry.put("connlimit", account.user().connectionLimit());
    }
    account.user().expireInDays().ifPresent(days -> entry.put("expire_in", days));
    account.user().expireAt().ifPresent(date -> entry.put("expire_at", date));
    return entry;
  }

  private List<Object> databases() {
    return site.cluster().databases().stream()
        .filter(d -> d.state() != DesiredState.ABSENT)
        .map(this::database)
        .toList();
  }

  private Object database(Database database) {
    return ordered("name", database.name(), "owner", database.owner().orElse(site.superuser()));
  }

  private Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    for (Instance member : site.members()) {
      members.put(
          member.name(),
          ordered(
              "ip", member.address().text(),
              "port", member.ports().postgres(),
              "rest_port", member.ports().agent()));
    }
    return members;
  }
}
