package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import dev.matriarch.render.ScramVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The system that is described to us, from Debian's packages with its own settings: the peer of
 * comparisons. Its files are the resources in the folder {@code described}.
 *
 * @param timing one of its plans
 * @param zeroLoss its {@code crit} template: no write is acknowledged without a standby
 * @param restarting whether a controller that dies is started again, as Debian's own unit has it,
 *     but the described system's has not
 */
public record Described(Timing timing, boolean zeroLoss, boolean restarting) implements Stack {
  /** With its defaults. */
  public static final Described USUAL = new Described(Timing.NORM, false, false);

  /** Its plans, in seconds: lease, loop, retries, crash recovery; and the health checks' pace. */
  public enum Timing {
    /** The default. */
    NORM(30, 5, 10, 25, "inter 2s fastinter 1s downinter 2s"),
    /** The shortest: its controller takes no {@code ttl} below 20. */
    FAST(20, 5, 5, 15, "inter 1s fastinter 500ms downinter 1s");

    private final int ttl;
    private final int loop;
    private final int retry;
    private final int start;
    private final String pace;

    Timing(int ttl, int loop, int retry, int start, String pace) {
      this.ttl = ttl;
      this.loop = loop;
      this.retry = retry;
      this.start = start;
      this.pace = pace;
    }
  }

  private record Route(Service service, String check, int target) {
    static final List<Route> ALL =
        List.of(
            new Route(Service.PRIMARY, "/primary", 6432),
            new Route(Service.REPLICA, "/read-only", 6432),
            new Route(Service.DEFAULT, "/primary", 5432),
            new Route(Service.OFFLINE, "/replica", 5432));

    String name() {
      return service.name().toLowerCase(Locale.ROOT);
    }

    /** The server for a member, told by its number as the inventory has it: 1 leads, 3 analyses. */
    String server(Map<String, String> values, int seq, String address) {
      boolean member = service != Service.OFFLINE || seq != 1;
      boolean backup =
          switch (service) {
            case PRIMARY, DEFAULT -> false;
            case REPLICA -> seq == 1;
            case OFFLINE -> seq != 3;
          };
      return member
          ? "    server %s-%d %s:%d check port 8008 weight 100%s%n"
              .formatted(values.get("CLUSTER"), seq, address, target, backup ? " backup" : "")
          : "";
    }
  }

  /** Validates. */
  public Described {
    requireNonNull(timing, "timing is null");
  }

  @Override
  public String title() {
    return "described";
  }

  @Override
  public Launch node(Cluster cluster, Host host) {
    Path folder = cluster.folder(host);
    Path node = folder.resolve("conf/node");
    if (!Files.exists(node)) {
      lay(cluster, host);
    }
    return Launch.of(node.toString());
  }

  @Override
  public void switchover(Cluster cluster, Host candidate) {
    control(
        cluster,
        "switchover",
        cluster.plan().cluster(),
        "--master",
        cluster.instance(cluster.primary()),
        "--candidate",
        cluster.instance(candidate),
        "--force");
  }

  @Override
  public void restart(Cluster cluster) {
    control(cluster, "restart", cluster.plan().cluster(), "--force");
  }

  @Override
  public void startAgent(Cluster cluster, Host host) {
    if (host.pids(Role.AGENT).isEmpty()) {
      host.start(
          "patroni",
          Launch.of("patroni", cluster.folder(host).resolve("conf/patroni.yml").toString())
              .as("postgres")
              .with("LC_ALL", "C.UTF-8"));
    }
  }

  private static void control(Cluster cluster, String... words) {
    Path file = cluster.folder(cluster.hosts().getFirst()).resolve("conf/patroni.yml");
    List<String> line = new ArrayList<>(List.of("patronictl", "-c", file.toString()));
    line.addAll(List.of(words));
    cluster.client().run(Launch.of(line).with("LC_ALL", "C.UTF-8"));
  }

  private void lay(Cluster cluster, Host host) {
    Path folder = cluster.folder(host);
    Map<String, String> values = values(cluster, host);
    try {
      for (String part : List.of("conf", "run", "log/postgres", "etcd")) {
        Files.createDirectories(folder.resolve(part));
      }
      for (String name :
          List.of(
              "etcd.yml",
              "patroni.yml",
              "pgbouncer.ini",
              "pgb_hba.conf",
              "userlist.txt",
              "provision",
              "node")) {
        Files.writeString(folder.resolve("conf").resolve(name), filled(name, values));
      }
      Files.writeString(folder.resolve("conf/haproxy.cfg"), haproxy(cluster, values));
      for (String name : List.of("provision", "node")) {
        Files.setPosixFilePermissions(
            folder.resolve("conf").resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write below " + folder, e);
    }
    Shell.run("chown", "-R", "postgres:postgres", folder.toString()).orThrow();
  }

  private Map<String, String> values(Cluster cluster, Host host) {
    Login login = cluster.plan().application();
    String name = cluster.plan().cluster();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("CLUSTER", name);
    values.put("INSTANCE", cluster.instance(host));
    values.put("ADDRESS", host.address());
    values.put("FIRST", cluster.hosts().getFirst().address());
    values.put("ROOT", cluster.folder(host).toString());
    values.put("STORES", joined(cluster, "'%2$s:2379'", ", "));
    values.put("PEERS", joined(cluster, "%1$s=http://%2$s:2380", ","));
    values.put("PLAN", timing.name().toLowerCase(Locale.ROOT));
    values.put("TTL", Integer.toString(timing.ttl));
    values.put("LOOP", Integer.toString(timing.loop));
    values.put("RETRY", Integer.toString(timing.retry));
    values.put("START", Integer.toString(timing.start));
    values.put("PACE", timing.pace);
    values.put("SYNC", Boolean.toString(zeroLoss));
    values.put("RESTARTED", restarting ? "restarted" : "");
    values.put("USER", login.user());
    values.put("DATABASE", login.database());
    values.put("VERIFIER", ScramVerifier.of(name, login.user(), login.password()));
    return values;
  }

  private static String joined(Cluster cluster, String format, String separator) {
    return cluster.hosts().stream()
        .map(host -> format.formatted(cluster.instance(host), host.address()))
        .collect(Collectors.joining(separator));
  }

  private static String haproxy(Cluster cluster, Map<String, String> values) {
    StringBuilder text = new StringBuilder(filled("haproxy.cfg", values));
    for (Route route : Route.ALL) {
      Map<String, String> more = new LinkedHashMap<>(values);
      more.put("SERVICE", route.name());
      more.put("PORT", Integer.toString(route.service().port()));
      more.put("CHECK", route.check());
      more.put(
          "SERVERS",
          IntStream.range(0, cluster.hosts().size())
              .mapToObj(i -> route.server(values, i + 1, cluster.hosts().get(i).address()))
              .collect(Collectors.joining()));
      text.append(filled("service.cfg", more));
    }
    return text.toString();
  }

  private static String filled(String name, Map<String, String> values) {
    try (InputStream in = Described.class.getResourceAsStream("/described/" + name)) {
      if (in == null) {
        throw new TestbedException("there is no resource described/" + name);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (Map.Entry<String, String> value : values.entrySet()) {
        text = text.replace("@" + value.getKey() + "@", value.getValue());
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource described/" + name, e);
    }
  }
}
