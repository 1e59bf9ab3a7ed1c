package dev.matriarch.cli;

import dev.matriarch.fleet.MemberWord;
import dev.matriarch.fleet.ProxyServer;
import dev.matriarch.fleet.ServiceEntry;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.Service;
import dev.matriarch.inventory.ServiceDestination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Every server of every service as every HAProxy sees it, beside what the member itself says. */
@Command(
    name = "show",
    description =
        "Show every server of each service as each host's HAProxy sees it, and what its agent says.")
final class ServiceShowCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private ServiceArguments arguments;
  @Mixin private OutputOption output;

  ServiceShowCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    List<Object> data = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    Inventory inventory = arguments.inventory(surroundings);
    for (Cluster cluster : arguments.clusters(inventory)) {
      Map<Service, List<ServiceEntry>> survey = arguments.survey(inventory, cluster);
      Map<String, MemberWord> members = ClusterArguments.ask(() -> MemberWord.of(cluster));
      survey.forEach(
          (service, here) -> {
            data.add(data(cluster, service, here, members));
            text.append(table(here, members).render(title(cluster, service)));
          });
    }
    output.print(new Answer(data, text.toString()), surroundings.out());
    return ExitCode.DONE.number();
  }

  private static String title(Cluster cluster, Service service) {
    return "%s: port %d, to %s, check %s, %s, at most %d connections"
        .formatted(
            service.nameIn(cluster),
            service.port(),
            destination(service),
            service.check(),
            service.balance().name().toLowerCase(Locale.ROOT),
            service.maxConnections());
  }

  private static String destination(Service service) {
    return switch (service.destination()) {
      case ServiceDestination.Pooler() -> "pgbouncer";
      case ServiceDestination.Postgres() -> "postgres";
      case ServiceDestination.Port(int number) -> "port " + number;
    };
  }

  private TextTable table(List<ServiceEntry> entries, Map<String, MemberWord> members) {
    TextTable table =
        new TextTable(
            Palette.of(surroundings),
            "At",
            "Server",
            "Takes",
            "Weight",
            "Sessions",
            "Status",
            "For",
            "Why",
            "Agent");
    for (ServiceEntry entry : entries) {
      if (entry.servers().isEmpty()) {
        table.row(entry.host().name(), "", "", "", "", "", "", entry.why(), "");
      }
      List<ProxyServer> serving = entry.serving();
      for (ProxyServer server : entry.servers()) {
        table.row(
            entry.host().name(),
            server.name(),
            serving.contains(server) ? "yes" : "no",
            Integer.toString(server.weight()),
            Long.toString(server.sessions()),
            server.backup() ? server.status() + ", backup" : server.status(),
            length(server.since()),
            entry.reason(server),
            word(members, server));
      }
    }
    return table;
  }

  private static String word(Map<String, MemberWord> members, ProxyServer server) {
    return Optional.ofNullable(members.get(server.name()))
        .map(MemberWord::text)
        .orElse("not declared");
  }

  private static String length(Duration time) {
    if (time.toMinutes() < 2) {
      return time.toSeconds() + " s";
    }
    return time.toHours() < 2 ? time.toMinutes() + " min" : time.toHours() + " h";
  }

  private static Map<String, Object> data(
      Cluster cluster,
      Service service,
      List<ServiceEntry> entries,
      Map<String, MemberWord> members) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("cluster", cluster.name());
    data.put("service", service.name());
    data.put("port", service.port());
    data.put("ip", service.bind());
    data.put("dest", destination(service));
    data.put("check", service.check());
    data.put("balance", service.balance().name().toLowerCase(Locale.ROOT));
    data.put("maxconn", service.maxConnections());
    data.put("selector", service.selector().text());
    service.backup().ifPresent(backup -> data.put("backup", backup.text()));
    service.options().ifPresent(options -> data.put("options", options));
    data.put("hosts", entries.stream().map(entry -> data(entry, members)).toList());
    return data;
  }

  private static Map<String, Object> data(ServiceEntry entry, Map<String, MemberWord> members) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("host", entry.host().name());
    data.put("endpoint", entry.host().endpoint(entry.service()));
    if (!entry.trouble().isEmpty()) {
      data.put("trouble", entry.trouble());
    }
    List<ProxyServer> serving = entry.serving();
    List<Object> servers = new ArrayList<>();
    for (ProxyServer server : entry.servers()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("server", server.name());
      row.put("takes", serving.contains(server));
      row.put("backup", server.backup());
      row.put("weight", server.weight());
      row.put("sessions", server.sessions());
      row.put("status", server.status());
      row.put("seconds", server.since().toSeconds());
      row.put("why", entry.reason(server));
      row.put("agent", word(members, server));
      servers.add(row);
    }
    data.put("servers", servers);
    return data;
  }
}
