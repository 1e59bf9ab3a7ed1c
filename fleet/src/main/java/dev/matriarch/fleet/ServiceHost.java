package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Instance;
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
    return service.bind().equals("*")
        ? address.withPort(service.port())
        : service.bind() + ":" + service.port();
  }

  /** The hosts of the members, where HAProxy runs there. */
  static List<ServiceHost> of(Cluster cluster) {
    return cluster.instances().stream()
        .filter(instance -> instance.settings().flag("haproxy_enabled"))
        .map(ServiceHost::of)
        .toList();
  }

  private static ServiceHost of(Instance instance) {
    return new ServiceHost(
        instance.nodeName(),
        instance.address(),
        instance.ports().haproxyAdmin(),
        instance.settings().text("haproxy_admin_username"),
        instance.settings().secret("haproxy_admin_password"));
  }
}
