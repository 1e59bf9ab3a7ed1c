package dev.matriarch.agent.config;

import dev.matriarch.agent.config.MatriarchConfig.BackendEntry;
import dev.matriarch.agent.config.MatriarchConfig.DatabaseEntry;
import dev.matriarch.agent.config.MatriarchConfig.GuardConfig;
import dev.matriarch.agent.config.MatriarchConfig.GuardMode;
import dev.matriarch.agent.config.MatriarchConfig.HaproxyConfig;
import dev.matriarch.agent.config.MatriarchConfig.MemberAddress;
import dev.matriarch.agent.config.MatriarchConfig.PoolerConfig;
import dev.matriarch.agent.config.MatriarchConfig.UserEntry;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code matriarch}, as the render room writes it. */
final class MatriarchReader {
  private static final Path NOWHERE = Path.of("/");

  private final Section section;

  private MatriarchReader(Section section) {
    this.section = section;
  }

  static MatriarchConfig read(Section section) {
    return new MatriarchReader(section).config();
  }

  private MatriarchConfig config() {
    Path runDir = path(section, "run_dir");
    String ip = section.required("ip", "give this node's address");
    MatriarchConfig config =
        new MatriarchConfig(
            section.required("cluster", "name the cluster"),
            section.required("instance", "name this instance"),
            section.number("seq", 0, Integer.MAX_VALUE, 0),
            ip,
            section.text("role", "replica"),
            runDir,
            section.absolutePath("heartbeat"),
            section.absolutePath("deadline_file").orElse(runDir.resolve("deadline")),
            guard(section.section("lease_guard"), ip),
            section.has("haproxy")
                ? Optional.of(haproxy(section.section("haproxy")))
                : Optional.empty(),
            section.has("pgbouncer")
                ? Optional.of(pooler(section.section("pgbouncer")))
                : Optional.empty(),
            section.sections("vips").stream().flatMap(vip -> vip(vip).stream()).toList(),
            section.sections("users").stream().map(MatriarchReader::user).toList(),
            section.sections("databases").stream().map(MatriarchReader::database).toList(),
            members(section.section("members")),
            RecordingConfig.read(section.section("recording")));
    section.done();
    return config;
  }

  private static Path path(Section section, String key) {
    section.required(key, "give an absolute path");
    return section.absolutePath(key).orElse(NOWHERE);
  }

  private static GuardConfig guard(Section guard, String ip) {
    List<Integer> ports = new ArrayList<>();
    for (String text : guard.texts("ports")) {
      Words.address("port:" + text, 0).map(HostPort::port).filter(p -> p > 0).ifPresent(ports::add);
    }
    if (ports.size() != guard.texts("ports").size()) {
      guard.reject("ports", "has an item that is no port", "write numbers from 1 to 65535");
    }
    GuardConfig config =
        new GuardConfig(
            guard.word("mode", GuardMode.class, GuardMode.AUTO), guard.text("address", ip), ports);
    guard.done();
    return config;
  }

  private static HaproxyConfig haproxy(Section haproxy) {
    List<BackendEntry> backends = new ArrayList<>();
    for (Section backend : haproxy.sections("backends")) {
      String name = backend.required("name", "name the proxy");
      backends.add(
          new BackendEntry(
              name,
              backend.text("service", name),
              backend.text("check", "/"),
              backend.texts("servers"),
              backend.texts("backups"),
              backend.text("dest", "").equals("pgbouncer")));
      backend.done();
    }
    HaproxyConfig config =
        new HaproxyConfig(path(haproxy, "socket"), haproxy.absolutePath("master"), backends);
    haproxy.done();
    return config;
  }

  private static PoolerConfig pooler(Section pooler) {
    PoolerConfig config =
        new PoolerConfig(
            path(pooler, "socket_dir"),
            pooler.number("port", 1, 65_535, 6432),
            new Credentials(
                pooler.text("admin_user", "pgbouncer"), pooler.text("admin_password", "")),
            path(pooler, "ini"),
            Duration.ofSeconds(pooler.number("overlap", 0, 3600, 0)));
    pooler.done();
    return config;
  }

  private static Optional<VipConfig> vip(Section vip) {
    String block = vip.required("address", "give it with its prefix, as in 10.10.10.2/24");
    String network = vip.text("interface", VipConfig.AUTO);
    vip.done();
    String[] parts = block.split("/", -1);
    try {
      InetAddress address = InetAddress.ofLiteral(parts[0]);
      return Optional.of(new VipConfig(address, Integer.parseInt(parts[1]), network));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      vip.reject("address", "is no address with its prefix", "write it as 10.10.10.2/24");
      return Optional.empty();
    }
  }

  private static UserEntry user(Section user) {
    String name = user.required("name", "name the role");
    String verifier = user.text("password", "");
    List<String> roles = user.texts("roles");
    boolean pooled = user.flag("pgbouncer", false);
    Map<String, String> options = new LinkedHashMap<>();
    for (String key : user.keys()) {
      if (!List.of("name", "password", "roles", "pgbouncer").contains(key)) {
        user.text(key).ifPresent(text -> options.put(key, text));
      }
    }
    return new UserEntry(name, verifier, roles, pooled, options);
  }

  private static DatabaseEntry database(Section database) {
    DatabaseEntry entry =
        new DatabaseEntry(
            database.required("name", "name the database"), database.text("owner", "postgres"));
    database.done();
    return entry;
  }

  private static Map<String, MemberAddress> members(Section members) {
    Map<String, MemberAddress> addresses = new LinkedHashMap<>();
    for (String name : members.keys()) {
      Section member = members.section(name);
      addresses.put(
          name,
          new MemberAddress(
              member.required("ip", "give the member's address"),
              member.number("port", 1, 65_535, 5432),
              member.number("rest_port", 1, 65_535, 8008)));
      member.done();
    }
    return addresses;
  }
}
