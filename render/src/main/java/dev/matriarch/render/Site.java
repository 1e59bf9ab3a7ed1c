package dev.matriarch.render;

import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Instance;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One instance, seen from its node: all that its files are made of.
 *
 * @param inventory everything declared
 * @param cluster the instance's cluster
 * @param instance the instance
 * @param layout where the node's files are
 */
record Site(Inventory inventory, Cluster cluster, Instance instance, Layout layout) {
  Site {
    requireNonNull(inventory);
    requireNonNull(cluster);
    requireNonNull(instance);
    requireNonNull(layout);
  }

  Settings settings() {
    return instance.settings();
  }

  Address address() {
    return instance.address();
  }

  /** The database superuser. */
  String superuser() {
    return settings().text("pg_dbsu");
  }

  /**
   * Addresses that PostgreSQL and PgBouncer listen at, comma separated: {@code pg_listen} with its
   * placeholders filled in, or the node's own address where it shares its host.
   */
  String listen() {
    if (layout.sharedHost()) {
      return address().text();
    }
    return Arrays.stream(settings().text("pg_listen").split(",", -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .flatMap(this::filledIn)
        .distinct()
        .collect(Collectors.joining(","));
  }

  private Stream<String> filledIn(String part) {
    var filled = part.replace("${ip}", address().text()).replace("${lo}", "127.0.0.1");
    return Arrays.stream(settings().text("pg_vip_address").split(","))
        .map(vip -> filled.replace("${vip}", vip.replaceFirst("/.*", "")));
  }

  /** All members, in the order of the inventory. */
  List<Instance> members() {
    return cluster.instances();
  }
}
