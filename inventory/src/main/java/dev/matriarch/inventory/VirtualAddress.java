package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * An address that follows the primary of a cluster.
 *
 * @param block the address, with the length of its network's prefix
 * @param network the interface that it is put on; {@code auto} for the one with the node's own
 */
public record VirtualAddress(AddressBlock block, String network) {
  public VirtualAddress {
    requireNonNull(block, "block is null");
    requireNonNull(network, "network is null");
  }

  /** Those that these parameters declare; none where {@code pg_vip_enabled} is false. */
  public static List<VirtualAddress> of(Settings settings) {
    if (!settings.flag("pg_vip_enabled")) {
      return List.of();
    }
    List<AddressBlock> blocks = blocks(settings.text("pg_vip_address"));
    List<String> networks = List.of(settings.text("pg_vip_interface").split(","));
    List<VirtualAddress> all = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      all.add(new VirtualAddress(blocks.get(i), networks.get(networks.size() == 1 ? 0 : i)));
    }
    return List.copyOf(all);
  }

  /** The blocks of a value of {@code pg_vip_address}. */
  static List<AddressBlock> blocks(String text) {
    return List.of(text.split(",")).stream()
        .flatMap(block -> AddressBlock.parse(block).stream())
        .toList();
  }
}
