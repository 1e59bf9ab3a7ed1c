package dev.matriarch.fleet;

import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.Service;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Where each service of a cluster leads now, as every HAProxy that offers it tells. */
public final class ServiceSurvey {
  private ServiceSurvey() {}

  /** Asks all at once, and neither etcd nor the members; bounded. Service by service. */
  public static List<ServiceEntry> of(Inventory inventory, Cluster cluster)
      throws InterruptedException {
    Map<ServiceHost, ProxyPage.Answer> pages = pages(ServiceHost.of(inventory, cluster));
    List<ServiceEntry> entries = new ArrayList<>();
    for (Service service : cluster.services()) {
      pages.forEach((host, page) -> entries.add(entry(cluster, service, host, page)));
    }
    return List.copyOf(entries);
  }

  private static Map<ServiceHost, ProxyPage.Answer> pages(List<ServiceHost> hosts)
      throws InterruptedException {
    Web web = new Web();
    Map<ServiceHost, Future<ProxyPage.Answer>> asked = new LinkedHashMap<>();
    Map<ServiceHost, ProxyPage.Answer> pages = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (ServiceHost host : hosts) {
        asked.put(host, threads.submit(() -> ProxyPage.read(web, host)));
      }
      for (ServiceHost host : hosts) {
        try {
          pages.put(host, asked.get(host).get());
        } catch (ExecutionException e) {
          pages.put(host, new ProxyPage.Answer.Silent(String.valueOf(e.getCause())));
        }
      }
    }
    return pages;
  }

  private static ServiceEntry entry(
      Cluster cluster, Service service, ServiceHost host, ProxyPage.Answer page) {
    return switch (page) {
      case ProxyPage.Answer.Silent it ->
          new ServiceEntry(service, host, List.of(), "HAProxy does not tell: " + it.why());
      case ProxyPage.Answer.Told it -> {
        List<ProxyServer> servers =
            it.servers().stream()
                .filter(server -> server.proxy().equals(service.nameIn(cluster)))
                .toList();
        boolean declared = !service.members(cluster.instances()).isEmpty();
        yield new ServiceEntry(
            service,
            host,
            servers,
            servers.isEmpty() && declared
                ? "HAProxy there has no such service: its files are older than the inventory"
                : "");
      }
    };
  }
}
