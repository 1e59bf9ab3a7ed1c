package dev.matriarch.agent.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.matriarch.engine.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code standby_cluster} of the dynamic configuration (contract, section 14). */
final class StandbyReader {
  /** Settings that a standby recovers with, and that users may give. */
  static final List<String> RECOVERY =
      List.of("restore_command", "archive_cleanup_command", "recovery_min_apply_delay");

  private static final int PORT = 5432;

  private StandbyReader() {}

  /** Active when a host, a port or a restore_command is there. */
  static Optional<Source> source(JsonNode section, List<String> mistakes) {
    String host = text(section, "host");
    boolean active =
        !host.isEmpty()
            || !text(section, "port").isEmpty()
            || !text(section, "restore_command").isEmpty();
    if (!active) {
      return Optional.empty();
    }
    return Optional.of(
        new Source(
            host,
            port(text(section, "port"), mistakes),
            text(section, "primary_slot_name"),
            methods(section.path("create_replica_methods"), mistakes)));
  }

  /** The recovery settings of a section, as parameters. */
  static Map<String, String> recovery(JsonNode section) {
    Map<String, String> found = new LinkedHashMap<>();
    for (String name : RECOVERY) {
      String value = text(section, name);
      if (!value.isEmpty()) {
        found.put(name, value);
      }
    }
    return found;
  }

  private static List<String> methods(JsonNode list, List<String> mistakes) {
    List<String> names = new ArrayList<>();
    list.forEach(name -> names.add(name.asText()));
    boolean absent = list.isMissingNode() || list.isNull();
    if (!absent && (!list.isArray() || names.contains(""))) {
      mistakes.add("standby_cluster.create_replica_methods is no list of names; left aside");
      return List.of();
    }
    return names;
  }

  private static int port(String text, List<String> mistakes) {
    try {
      int port = text.isEmpty() ? PORT : Integer.parseInt(text);
      if (port > 0 && port < 65_536) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Noted below, as any other value that is no port.
    }
    mistakes.add("standby_cluster.port " + text + " is no port; " + PORT + " is used");
    return PORT;
  }

  private static String text(JsonNode section, String key) {
    JsonNode value = section.path(key);
    return value.isValueNode() && !value.isNull() ? value.asText().strip() : "";
  }
}
