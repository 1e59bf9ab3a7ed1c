package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

/**
 * A host whose HAProxy offers services: a member's own, or one of a group that is there for it
 * ({@code pg_service_provider}).
 *
 * @param name of its node
 * @param settings in effect there
 */
public record ProxyHost(Address address, String name, Settings settings) {
  public ProxyHost {
    requireNonNull(address, "address is null");
    requireNonNull(name, "name is null");
    requireNonNull(settings, "settings is null");
  }

  /** The member's own. */
  static ProxyHost of(Instance instance) {
    return new ProxyHost(instance.address(), instance.nodeName(), instance.settings());
  }

  /** Where HAProxy has its metrics, statistics and admin page. */
  public int adminPort() {
    return settings.number("haproxy_exporter_port");
  }
}
