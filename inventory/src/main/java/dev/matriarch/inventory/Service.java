package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A named endpoint that is reachable through a port of every node of its cluster (P10).
 *
 * @param name suffix, such as {@code primary}
 * @param port of HAProxy
 * @param bind address to listen at as declared, {@code *} for all
 * @param check path of the agent's REST interface that a healthy member answers with 200
 * @param selector which instances are members
 * @param backup which instances serve only when no other does
 * @param maxConnections of the listener
 * @param options own {@code default-server} line instead of the derived one
 */
public record Service(
    String name,
    int port,
    String bind,
    String check,
    ServiceDestination destination,
    Selector selector,
    Optional<Selector> backup,
    int maxConnections,
    Balance balance,
    Optional<String> options) {
  public Service {
    requireNonNull(name, "name is null");
    requireNonNull(bind, "bind is null");
    requireNonNull(check, "check is null");
    requireNonNull(destination, "destination is null");
    requireNonNull(selector, "selector is null");
    requireNonNull(backup, "backup is null");
    requireNonNull(balance, "balance is null");
    requireNonNull(options, "options is null");
  }

  /** {@code <cluster>-<name>} (P5). */
  public String nameIn(Cluster cluster) {
    return cluster.name() + "-" + name;
  }

  /** Where it listens on that host: an address, or {@code *} for all. */
  public String bindOn(Address host) {
    return switch (bind) {
      case "${ip}" -> host.text();
      case "${lo}" -> "127.0.0.1";
      default -> bind;
    };
  }

  /**
   * The instances that serve, plain ones first as declared, then those that are only backup. Of
   * backups HAProxy takes the first that is up: one that is set apart comes last (P93).
   */
  public List<ServiceMember> members(List<Instance> instances) {
    List<ServiceMember> plain =
        instances.stream()
            .filter(selector::matches)
            .map(i -> new ServiceMember(i, destination.portOf(i), isBackup(i)))
            .toList();
    List<ServiceMember> onlyBackup =
        instances.stream()
            .filter(i -> !selector.matches(i) && isBackup(i))
            .map(i -> new ServiceMember(i, destination.portOf(i), true))
            .toList();
    return Stream.concat(plain.stream(), onlyBackup.stream())
        .sorted(Comparator.comparing(ServiceMember::isLastResort))
        .toList();
  }

  private boolean isBackup(Instance instance) {
    return backup.isPresent() && backup.get().matches(instance);
  }
}
