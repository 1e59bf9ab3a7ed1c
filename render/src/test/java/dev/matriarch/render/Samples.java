package dev.matriarch.render;

import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.InventoryReader;
import dev.matriarch.inventory.InventoryResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Inventories and layouts that the tests share. */
final class Samples {
  static final Programs PROGRAMS = Programs.debian(15, List.of("/opt/matriarch/matriarch"));

  private Samples() {}

  /** A resource of {@code inventory/}. */
  static String text(String name) {
    try (var in = Samples.class.getResourceAsStream("/inventory/" + name + ".yml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Inventory inventory(String yaml) {
    return switch (InventoryReader.read("matriarch.yml", yaml)) {
      case InventoryResult.Valid(Inventory inventory) -> inventory;
      case InventoryResult.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  static Layout layout(boolean sharedHost) {
    return new Layout(Path.of("/var/lib/matriarch"), PROGRAMS, "postgres", sharedHost);
  }

  static List<NodeFile> files(String name, String address, boolean sharedHost) {
    return NodeFiles.of(inventory(text(name)), Address.of(address), layout(sharedHost));
  }

  /** The content of the file of that name. */
  static String content(List<NodeFile> files, String name) {
    return files.stream()
        .filter(f -> f.path().endsWith(name))
        .map(NodeFile::content)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name));
  }
}
