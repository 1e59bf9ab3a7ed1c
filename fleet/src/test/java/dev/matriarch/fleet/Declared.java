package dev.matriarch.fleet;

import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.InventoryReader;
import dev.matriarch.inventory.InventoryResult;

/** The seeds' cluster, with etcd where a test runs it. */
final class Declared {
  private Declared() {}

  static Inventory withEtcdAt(int port) {
    String text =
        """
        all:
          children:
            etcd:
              hosts: {127.0.0.1: {etcd_seq: 1}}
              vars: {etcd_port: %d}
            pg-test:
              hosts:
                10.10.10.11: {pg_seq: 1, pg_role: primary}
                10.10.10.12: {pg_seq: 2, pg_role: replica}
                10.10.10.13: {pg_seq: 3, pg_role: replica}
              vars: {pg_cluster: pg-test}
        """
            .formatted(port);
    return inventory(text);
  }

  static Inventory inventory(String text) {
    return switch (InventoryReader.read("matriarch.yml", text)) {
      case InventoryResult.Valid valid -> valid.inventory();
      case InventoryResult.Invalid invalid ->
          throw new AssertionError(invalid.problems().toString());
    };
  }
}
