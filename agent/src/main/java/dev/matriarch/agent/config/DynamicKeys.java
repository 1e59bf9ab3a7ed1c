package dev.matriarch.agent.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys of the dynamic configuration that are acted on. What the field's controller takes from
 * there besides is read from each member's own file here.
 */
final class DynamicKeys {
  private static final Set<String> OF_THE_CLUSTER =
      Set.of(
          "ttl",
          "loop_wait",
          "retry_timeout",
          "maximum_lag_on_failover",
          "maximum_lag_on_syncnode",
          "max_timelines_history",
          "primary_start_timeout",
          "master_start_timeout",
          "primary_stop_timeout",
          "master_stop_timeout",
          "primary_race_backoff",
          "synchronous_mode",
          "synchronous_mode_strict",
          "synchronous_node_count",
          "failsafe_mode",
          "postgresql",
          "standby_cluster",
          "slots",
          "permanent_slots",
          "permanent_replication_slots",
          "ignore_slots",
          "member_slots_ttl",
          "check_timeline",
          "pause",
          "matriarch");

  private static final Set<String> OF_POSTGRESQL =
      Set.of(
          "parameters",
          UndoingChoice.REWIND,
          UndoingChoice.AFTER_FAILURE,
          UndoingChoice.AFTER_DIVERGENCE,
          "use_slots",
          "recovery_conf",
          "pg_hba",
          "pg_ident");

  private static final List<String> SECTIONS =
      List.of(
          "/postgresql",
          "/postgresql/parameters",
          "/postgresql/recovery_conf",
          "/standby_cluster",
          "/slots",
          "/permanent_slots",
          "/permanent_replication_slots",
          "/matriarch");

  private DynamicKeys() {}

  /** Says which keys are left aside. */
  static void note(JsonNode config, List<String> notes) {
    note("", config, OF_THE_CLUSTER, notes);
    note("postgresql.", config.path("postgresql"), OF_POSTGRESQL, notes);
  }

  /** Says what is no map, or no list, where there must be one. */
  static void noteMisplaced(JsonNode config, List<String> mistakes) {
    for (String path : SECTIONS) {
      JsonNode value = config.at(path);
      if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
        mistakes.add(path.substring(1).replace('/', '.') + " is no map of keys; left aside");
      }
    }
    JsonNode ignored = config.path("ignore_slots");
    if (!ignored.isMissingNode() && !ignored.isNull() && !ignored.isArray()) {
      mistakes.add("ignore_slots is no list; left aside");
    }
  }

  private static void note(String section, JsonNode object, Set<String> known, List<String> notes) {
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      if (!known.contains(entry.getKey()) && !entry.getValue().isNull()) {
        notes.add(section + entry.getKey() + " is not acted on");
      }
    }
  }
}
