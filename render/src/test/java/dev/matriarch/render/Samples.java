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

  /** More of the seeds' cluster, and a second one, whose services are offered by a third group. */
  static final String PROVIDED =
      """
          pg_service_provider: proxy
      pg-b:
        hosts: { 10.10.10.15: { pg_seq: 1, pg_role: primary } }
        vars:
          pg_cluster: pg-b
          pg_service_provider: proxy
          pg_rto: 5
          pg_default_services:
            - { name: default, port: 5536, dest: postgres, check: /primary }
      proxy:
        hosts: { 10.10.10.21: { nodename: proxy-1 } }
      """;

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
