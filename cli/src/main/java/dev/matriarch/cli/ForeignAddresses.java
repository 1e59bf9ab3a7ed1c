package dev.matriarch.cli;

import dev.matriarch.inventory.Instance;
import dev.matriarch.inventory.VirtualAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whether a host lets programs listen at addresses that it does not have at the moment: without it
 * a standby that was told to listen at its cluster's virtual address would not, once it leads.
 */
final class ForeignAddresses {
  private ForeignAddresses() {}

  /**
   * What a host refuses that its instance needs.
   *
   * @param network {@code /proc/sys/net}
   */
  static List<String> objections(Instance instance, Path network) {
    if (!instance.settings().text("pg_listen").contains("${vip}")) {
      return List.of();
    }
    return VirtualAddress.of(instance.settings()).stream()
        .map(vip -> vip.block().address().isIpv6() ? "ipv6" : "ipv4")
        .distinct()
        .flatMap(family -> objection(family, network).stream())
        .toList();
  }

  private static Optional<String> objection(String family, Path network) {
    try {
      return Files.readString(network.resolve(family).resolve("ip_nonlocal_bind"))
              .strip()
              .equals("0")
          ? Optional.of(
              "pg_listen has ${vip}, and this host lets nobody listen at an address that it does"
                  + " not have yet; allow it: sysctl -w net."
                  + family
                  + ".ip_nonlocal_bind=1, or listen at 0.0.0.0")
          : Optional.empty();
    } catch (IOException _) {
      // A host that does not tell is not kept from trying.
      return Optional.empty();
    }
  }
}
