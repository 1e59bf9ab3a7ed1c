package dev.matriarch.agent;

import dev.matriarch.postgres.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parameters that all members share: on the command line, from the dynamic configuration alone
 * (drop-in contract, section 2). A value that PostgreSQL could not start with is not taken.
 */
final class ClusterWide {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterWide.class);
  private static final Map<String, String> DEFAULTS = Settings.defaults().commandLine();
  private static final Map<String, Integer> LEAST =
      Map.of(
          "max_connections", 25,
          "max_wal_senders", 3,
          "max_prepared_transactions", 0,
          "max_locks_per_transaction", 32,
          "max_replication_slots", 4,
          "max_worker_processes", 2);
  private static final Set<String> WORDS =
      Set.of("on", "off", "true", "false", "yes", "no", "1", "0");
  private static final Set<String> LEVELS = Set.of("replica", "hot_standby", "logical");

  private ClusterWide() {}

  static boolean contains(String name) {
    return DEFAULTS.containsKey(name);
  }

  /** Those that can be used; for the others their defaults stay. */
  static Map<String, String> usable(Map<String, String> given) {
    Map<String, String> usable = new LinkedHashMap<>();
    given.forEach(
        (name, value) -> {
          if (isUsable(name, value.strip())) {
            usable.put(name, value.strip());
          } else {
            LOG.warn("{} is not taken as {}; it stays at {}", value, name, DEFAULTS.get(name));
          }
        });
    return usable;
  }

  private static boolean isUsable(String name, String value) {
    if (name.equals("wal_level")) {
      return LEVELS.contains(value);
    }
    Integer least = LEAST.get(name);
    return least == null
        ? WORDS.contains(value)
        : value.matches("[0-9]{1,6}") && Integer.parseInt(value) >= least;
  }
}
