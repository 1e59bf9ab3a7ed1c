package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.ProxyHost;
import dev.matriarch.inventory.Secret;
import dev.matriarch.inventory.Service;
import java.util.List;

/**
 * A host whose HAProxy offers the services of a cluster.
 *
 * @param name of its node
 * @param adminPort where its HAProxy tells how it is
 * @param user of that page, and the password
 */
public record ServiceHost(
    String name, Address address, int adminPort, String user, Secret password) {
  public ServiceHost {
    requireNonNull(name, "name is null");
    requireNonNull(address, "address is null");
    requireNonNull(user, "user is null");
    requireNonNull(password, "password is null");
  }

  /** Where clients connect to that service here. */
  public String endpoint(Service service) {
    String bind = service.bindOn(address);
    return Address.parse(bind).orElse(address).withPort(service.port());
  }

  /** All that offer the services of a cluster. */
  static List<ServiceHost> of(Inventory inventory, Cluster cluster) {
    return inventory.proxies(cluster).stream().map(ServiceHost::of).toList();
  }

  private static ServiceHost of(ProxyHost host) {
    return new ServiceHost(
        host.name(),
        host.address(),
        host.adminPort(),
        host.settings().text("haproxy_admin_username"),
        host.settings().secret("haproxy_admin_password"));
  }
}
