package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.Inventory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where the demo keeps everything: its inventory, its passwords, and a folder for each node.
 *
 * @param root absolute
 */
record DemoFolder(Path root) {
  DemoFolder {
    requireNonNull(root, "root");
  }

  /** Where it goes when the operator names no folder: one that the services' user can reach. */
  static DemoFolder usual(Map<String, String> environment) {
    if (OperatingSystem.isRoot()) {
      return new DemoFolder(Path.of("/var/lib/matriarch/demo"));
    }
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    Path base =
        state.startsWith("/")
            ? Path.of(state)
            : Path.of(System.getProperty("user.home"), ".local", "state");
    return new DemoFolder(base.resolve("matriarch").resolve("demo"));
  }

  /** The inventory of the demo. */
  Path inventory() {
    return root.resolve("matriarch.yml");
  }

  /** Passwords in the form psql reads. */
  Path passwords() {
    return root.resolve("pgpass");
  }

  /** A copy of matriarch, where the services' user cannot read the original. */
  Path installation() {
    return root.resolve("lib");
  }

  /** The folder of a node. */
  Path node(Address address) {
    return root.resolve(address.text());
  }

  /** Whether an earlier demo left its inventory here. */
  boolean hasInventory() {
    return Files.exists(inventory());
  }

  /** Whether there is something here that no demo made. */
  boolean isForeign() {
    if (hasInventory() || !Files.exists(root)) {
      return false;
    }
    try (Stream<Path> inside = Files.list(root)) {
      return inside.findAny().isPresent();
    } catch (IOException _) {
      return true;
    }
  }

  /** The nodes of an inventory, in its order. */
  List<SupervisedNode> nodes(Inventory inventory) {
    return inventory.nodes().keySet().stream()
        .map(address -> new SupervisedNode(address, node(address)))
        .toList();
  }
}
