package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a cluster is called in DNS, and where that leads (P39 to P44).
 *
 * @param name {@code <cluster>.<pg_dns_suffix>}, or the cluster's name alone
 */
public record ClusterDns(String name, Target target) {

  /** Where a name leads. */
  public sealed interface Target {
    /** To whoever leads. */
    record Primary() implements Target {}

    /** Always to these. */
    record Fixed(List<Address> addresses) implements Target {
      public Fixed {
        addresses = List.copyOf(addresses);
      }
    }

    /** There is no such name. */
    record None() implements Target {}
  }

  public ClusterDns {
    requireNonNull(name, "name is null");
    requireNonNull(target, "target is null");
  }

  /** As a cluster's parameters say. */
  public static ClusterDns of(Cluster cluster) {
    Settings settings = cluster.settings();
    String suffix = settings.text("pg_dns_suffix").replaceFirst("^\\.", "");
    String name = suffix.isEmpty() ? cluster.name() : cluster.name() + "." + suffix;
    return new ClusterDns(name, target(settings));
  }

  private static Target target(Settings settings) {
    List<Address> vips =
        VirtualAddress.of(settings).stream().map(vip -> vip.block().address()).toList();
    return switch (settings.text("pg_dns_target")) {
      case "none" -> new Target.None();
      case "primary" -> new Target.Primary();
      case "vip" -> new Target.Fixed(vips);
      case "auto" -> vips.isEmpty() ? new Target.Primary() : new Target.Fixed(vips);
      case String address -> new Target.Fixed(List.of(Address.of(address)));
    };
  }
}
