package dev.matriarch.cli;

import dev.matriarch.fleet.ServiceEntry;
import dev.matriarch.fleet.ServiceSurvey;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.Service;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every verb takes that is about services. */
final class ServiceArguments {
  @Mixin private ClusterArguments clusters;

  @Option(
      names = {"-s", "--service"},
      paramLabel = "NAME",
      description = "only this service, such as primary")
  private String name;

  Inventory inventory(Surroundings surroundings) {
    return clusters.inventory(surroundings);
  }

  /** The clusters that are meant. */
  List<Cluster> clusters(Inventory inventory) {
    return clusters.declared(inventory);
  }

  /** The services of a cluster that are meant. */
  List<Service> services(Cluster cluster) {
    if (name == null) {
      return cluster.services();
    }
    return List.of(
        cluster
            .service(name)
            .orElseThrow(
                () ->
                    new Refused(
                        "%s has no service %s; there is %s"
                            .formatted(
                                cluster.name(),
                                name,
                                cluster.services().stream()
                                    .map(Service::name)
                                    .collect(Collectors.joining(", "))))));
  }

  /** The services of a cluster that are meant, as every host that offers them sees them now. */
  SequencedMap<Service, List<ServiceEntry>> survey(Inventory inventory, Cluster cluster) {
    List<ServiceEntry> entries = ClusterArguments.ask(() -> ServiceSurvey.of(inventory, cluster));
    requireHosts(cluster, !entries.isEmpty());
    SequencedMap<Service, List<ServiceEntry>> survey = new LinkedHashMap<>();
    for (Service service : services(cluster)) {
      survey.put(service, entries.stream().filter(e -> e.service().equals(service)).toList());
    }
    return survey;
  }

  /** Refuses a cluster whose services nobody offers. */
  static void requireHosts(Cluster cluster, boolean offered) {
    if (!offered) {
      throw new Refused(
          cluster.name() + ": no host runs HAProxy; its services need haproxy_enabled: true");
    }
  }
}
