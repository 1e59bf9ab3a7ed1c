package dev.matriarch.render;

import dev.matriarch.inventory.Inventory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a monitoring system of one's own needs to watch the clusters of an inventory: whom to ask,
 * when to call somebody, what to look at. Pure, as everything here.
 */
public final class MonitoringFiles {
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:patroni|matriarch|haproxy|etcd)_[a-z0-9_]+");

  private MonitoringFiles() {}

  /** Contents by path below the folder that they are for. */
  public static Map<String, String> of(Inventory inventory) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(ScrapeFile.NAME, ScrapeFile.text(inventory));
    files.put(AlertRules.NAME, AlertRules.text());
    for (Dashboard board : Dashboards.all()) {
      files.put("dashboards/" + board.name() + ".json", board.json());
    }
    return files;
  }

  /** The names of all metrics that alerts and boards ask for. */
  public static SortedSet<String> metrics() {
    SortedSet<String> names = new TreeSet<>();
    Stream.concat(AlertRules.all().map(Alert::expression), Dashboards.expressions())
        .forEach(
            expression ->
                METRIC.matcher(expression).results().forEach(found -> names.add(found.group())));
    return names;
  }
}
