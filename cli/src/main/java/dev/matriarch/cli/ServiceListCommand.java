package dev.matriarch.cli;

import dev.matriarch.fleet.ProxyServer;
import dev.matriarch.fleet.ServiceEntry;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.Service;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Which server each service leads to, host by host, and why. */
@Command(
    name = "list",
    description = "Say for each service and host which server takes the connections, and why.")
final class ServiceListCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private ServiceArguments arguments;
  @Mixin private OutputOption output;

  ServiceListCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** What several hosts have in common. */
  private record Way(String to, String why) {}

  @Override
  public Integer call() {
    List<Object> data = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    Inventory inventory = arguments.inventory(surroundings);
    for (Cluster cluster : arguments.clusters(inventory)) {
      TextTable table =
          new TextTable(Palette.of(surroundings), "Service", "Port", "At", "Leads to", "Why");
      arguments
          .survey(inventory, cluster)
          .forEach(
              (service, here) -> {
                here.forEach(entry -> data.add(data(cluster, entry)));
                rows(table, service, here);
              });
      text.append(table.render("Services of " + cluster.name()));
    }
    output.print(new Answer(data, text.toString()), surroundings.out());
    return ExitCode.DONE.number();
  }

  /** One row for all hosts that agree. */
  private static void rows(TextTable table, Service service, List<ServiceEntry> entries) {
    Map<Way, List<String>> ways = new LinkedHashMap<>();
    for (ServiceEntry entry : entries) {
      ways.computeIfAbsent(new Way(to(entry), entry.why()), _ -> new ArrayList<>())
          .add(entry.host().name());
    }
    ways.forEach(
        (way, hosts) ->
            table.row(
                service.name(),
                Integer.toString(service.port()),
                hosts.size() == entries.size() ? "all hosts" : String.join(", ", hosts),
                way.to(),
                way.why()));
  }

  private static String to(ServiceEntry entry) {
    String names =
        entry.serving().stream().map(ProxyServer::name).collect(Collectors.joining(", "));
    return names.isEmpty() ? entry.trouble().isEmpty() ? "nobody" : "unknown" : names;
  }

  private static Map<String, Object> data(Cluster cluster, ServiceEntry entry) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("cluster", cluster.name());
    data.put("service", entry.service().name());
    data.put("host", entry.host().name());
    data.put("endpoint", entry.host().endpoint(entry.service()));
    data.put("leads_to", entry.serving().stream().map(ProxyServer::name).toList());
    data.put("why", entry.why());
    return data;
  }
}
