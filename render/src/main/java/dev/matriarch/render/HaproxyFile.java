package dev.matriarch.render;

import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.ProxyHost;
import dev.matriarch.inventory.RoutingTiming;
import dev.matriarch.inventory.Service;
import dev.matriarch.inventory.ServiceDestination;
import dev.matriarch.inventory.ServiceMember;
import dev.matriarch.inventory.VirtualAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code conf/haproxy.cfg}: the services of a cluster on their 543x ports (P14-P20, P146-P157), the
 * statistics and admin page, metrics, and the socket through which the agent tells HAProxy of
 * changes at once.
 *
 * <p>The checks are the described ones and stand on their own. What the agent does on top is
 * compatible with them: {@code set server S health up|down} anticipates a check's verdict; for a
 * planned switchover it says {@code disable health S} and {@code set server S state drain}, since a
 * check that takes the old primary down would end its sessions ({@code shutdown-sessions}). On
 * hosts without an agent the checks ask for the pooler's clients too, and do both by its answer.
 */
final class HaproxyFile {
  static final String NAME = "haproxy.cfg";
  static final String SOCKET = "haproxy.sock";

  /** Of the process that keeps the others: it takes new settings, and knows who still serves. */
  static final String MASTER_SOCKET = "haproxy.ctl";

  /** Where a reload leaves to its successor which servers are up. */
  static final String STATE = "haproxy.state";

  /** As HAProxy wants it to begin; nothing else stands there but while it is reloaded. */
  private static final String NO_STATE = "1\n";

  /** Paths that at most one member of a cluster answers with 200. */
  private static final Set<String> ONE_ANSWERS =
      Set.of("/primary", "/master", "/leader", "/standby-leader", "/standby_leader", "/read-write");

  private static final String KEEP =
      """
          # Its pooler looks after the sessions that it has: they stay, and it gets no more.
          http-check disable-on-404
      """;

  private final ProxyHost host;
  private final List<Cluster> clusters;
  private final Layout layout;

  private HaproxyFile(ProxyHost host, List<Cluster> clusters, Layout layout) {
    this.host = host;
    this.clusters = clusters;
    this.layout = layout;
  }

  /** Where HAProxy at that address offers no services, it has no files. */
  static List<NodeFile> of(Inventory inventory, Address address, Layout layout) {
    return inventory
        .proxy(address)
        .map(host -> new HaproxyFile(host, inventory.offered(address), layout).text())
        .map(
            text ->
                List.of(
                    new NodeFile(layout.run(STATE), NodeFile.Mode.PLAIN, NO_STATE),
                    new NodeFile(layout.conf(NAME), NodeFile.Mode.SECRET, text)))
        .orElse(List.of());
  }

  /** How it is started: a master that can be told to read its file again, and a worker. */
  static List<String> command(Layout layout) {
    return List.of(
        layout.programs().haproxy().toString(),
        "-W",
        "-db",
        "-S",
        layout.run(MASTER_SOCKET) + ",mode,600",
        "-f",
        layout.conf(NAME).toString());
  }

  private String text() {
    var sections = new ArrayList<String>();
    sections.add(global());
    // What is said of all sections holds for those behind it: each cluster has its own.
    for (Cluster cluster : clusters) {
      sections.add(defaults(cluster.timing().routing()));
      if (sections.size() == 2) {
        sections.add(admin());
      }
      cluster.services().forEach(service -> sections.add(service(cluster, service)));
    }
    return String.join("\n", sections);
  }

  private String global() {
    return """
        global
            log stdout format raw daemon notice
            # As many connections as the open files allow, 65,000 at most.
            fd-hard-limit 131200
            nbthread %d
            # A server counts as up until its first check: have all of them at once.
            max-spread-checks 50ms
            # ... unless the process before it, at a reload, has left what it knows:
            server-state-file %s
            stats socket %s mode 600 level admin expose-fd listeners
            stats timeout 1h
        """
        .formatted(layout.sharedHost() ? 1 : 4, layout.run(STATE), layout.run(SOCKET));
  }

  private String defaults(RoutingTiming timing) {
    return """
        defaults
            log global
            load-server-state-from-file global
            mode tcp
            option tcplog
            option dontlog-normal
            # To a server that is gone: give up quickly and let the next try go to another one.
            retries %d
            option redispatch 1
            option clitcpka
            option srvtcpka
            timeout connect %s
            timeout queue 3s
            timeout check %s
            timeout client %s
            timeout server %s
        """
        .formatted(
            timing.retries(),
            time(timing.connect()),
            time(timing.answer()),
            time(host.settings().text("haproxy_client_timeout")),
            time(host.settings().text("haproxy_server_timeout")));
  }

  private String admin() {
    var settings = host.settings();
    var uri = "/haproxy/" + word(host.name());
    return """
        userlist administrators
            user %s insecure-password %s

        listen admin
            bind %s
            mode http
            timeout client 1m
            timeout server 1m
            http-request use-service prometheus-exporter if { path /metrics }
            http-request redirect location %s/ if { path / }
            http-request auth realm HAProxy unless { http_auth(administrators) }
            stats enable
            stats uri %s/
            stats refresh 30s
            stats show-node
            stats admin if TRUE
        """
        .formatted(
            quoted(settings.text("haproxy_admin_username")),
            quoted(settings.secret("haproxy_admin_password").reveal()),
            bind("*", host.adminPort()),
            uri,
            uri);
  }

  private String service(Cluster cluster, Service service) {
    var timing = cluster.timing().routing();
    var asksForPooler =
        !isToldByAgent(host, cluster) && service.destination() instanceof ServiceDestination.Pooler;
    var servers =
        service.members(cluster.instances()).stream()
            .map(HaproxyFile::server)
            .collect(Collectors.joining());
    return """
        listen %s
            bind %s
            mode tcp
            maxconn %d
            balance %s
            option httpchk
            http-check send meth OPTIONS uri %s
        %s    http-check expect status 200
            default-server %s
        %s%s"""
        .formatted(
            service.nameIn(cluster),
            bind(service.bindOn(host.address()), service.port()),
            service.maxConnections(),
            service.balance().name().toLowerCase(Locale.ROOT),
            word(service.check()) + (asksForPooler ? pooled(service.check()) : ""),
            asksForPooler ? KEEP : "",
            service.options().map(HaproxyFile::oneLine).orElseGet(() -> options(timing, service)),
            service.options().isPresent() ? "" : patience(timing),
            servers);
  }

  /** One of the cluster's runs beside it. */
  static boolean isToldByAgent(ProxyHost host, Cluster cluster) {
    return cluster.instances().stream()
        .anyMatch(instance -> instance.address().equals(host.address()));
  }

  private static String pooled(String check) {
    return check.contains("?") ? "&pooled" : "?pooled";
  }

  /**
   * P152, but without {@code slowstart} where one server answers at a time: there is nothing to
   * spread, and for its first second the new primary would take one connection at a time.
   */
  private static String options(RoutingTiming timing, Service service) {
    var slowstart = ONE_ANSWERS.contains(service.check()) ? "" : " slowstart 30s";
    return "inter %s fastinter %s downinter %s rise %d fall %d on-marked-down shutdown-sessions%s maxconn 3000 maxqueue 128 weight 100"
        .formatted(
            time(timing.check().interval()),
            time(timing.check().fastInterval()),
            time(timing.check().downInterval()),
            timing.check().rise(),
            timing.check().fall(),
            slowstart);
  }

  /** A further line, so that the one before it says what the plan says. */
  private static String patience(RoutingTiming timing) {
    return timing.fall() == timing.check().fall()
        ? ""
        : """
              # As long as an agent takes to be started anew: no session of its server is cut for that.
              default-server fall %d
          """
            .formatted(timing.fall());
  }

  private static String server(ServiceMember member) {
    var instance = member.instance();
    return "    server %s %s check port %d weight %d%s\n"
        .formatted(
            instance.name(),
            instance.address().withPort(member.port()),
            instance.ports().agent(),
            instance.weight(),
            member.backup() ? " backup" : "");
  }

  private String bind(String address, int port) {
    if (!address.equals("*")) {
      return oneLine(address) + ":" + port;
    }
    if (layout.sharedHost()) {
      return host.address().withPort(port);
    }
    var reachedByIpv6 =
        VirtualAddress.of(host.settings()).stream().anyMatch(vip -> vip.block().address().isIpv6());
    return (reachedByIpv6 ? ":::%d v4v6" : "*:%d").formatted(port);
  }

  private static String time(Duration duration) {
    return duration.toMillisPart() == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
  }

  /** A checked duration such as {@code 24h}; HAProxy takes whole numbers, and m for minutes. */
  private static String time(String duration) {
    var text = duration.replace(" ", "").replace("min", "m");
    if (text.matches("[0-9]+(us|ms|s|m|h|d)?")) {
      return text;
    }
    throw new RenderException(
        "'%s': HAProxy's time-outs are whole numbers; write 30s or 24h".formatted(duration));
  }

  /** A word that needs no quotes. */
  private static String word(String text) {
    if (text.matches("[A-Za-z0-9_./:?=&@+-]+")) {
      return text;
    }
    throw new RenderException(
        "'%s': cannot stand in HAProxy's configuration; use letters, digits and _./:?=&@+- only"
            .formatted(text.strip()));
  }

  /** Strong quotes: nothing in them has a meaning, and they cannot hold themselves. */
  private static String quoted(String text) {
    return "'" + oneLine(text).replace("'", "'\\''") + "'";
  }

  private static String oneLine(String text) {
    if (text.isEmpty() || text.chars().anyMatch(c -> c < ' ' || c == 127)) {
      throw new RenderException(
          "'%s': HAProxy's configuration cannot hold it: empty or with control characters"
              .formatted(text.strip()));
    }
    return text;
  }
}
