package dev.matriarch.agent.config;

import dev.matriarch.agent.config.Entry.Mapping;
import dev.matriarch.agent.config.Entry.Origin;
import dev.matriarch.inventory.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Puts the {@code PATRONI_*} variables over the file (drop-in contract, section 1). */
final class Environment {
  private static final String PREFIX = "PATRONI_";
  private static final List<String> SECTIONS =
      List.of("RESTAPI", "CTL", "ETCD3", "ETCD", "LOG", "POSTGRESQL", "WATCHDOG");
  private static final Map<String, String> LOGINS =
      Map.of("SUPERUSER", "superuser", "REPLICATION", "replication", "REWIND", "rewind");
  private static final List<String> TOP = List.of("SCOPE", "NAMESPACE", "NAME", "TAGS");

  /**
   * Keys whose values are lists or maps, written as in YAML's flow style; a list without brackets.
   */
  private static final Set<String> LISTS = Set.of("hosts", "allowlist");

  private static final Set<String> MAPS =
      Set.of("loggers", "static_fields", "tags", "http_extra_headers", "https_extra_headers");

  /** Read elsewhere, or of no use to anybody. */
  private static final Set<String> OTHERS =
      Set.of("PATRONI_CONFIGURATION", "PATRONI_THREAD_POOL_SIZE", "PATRONI_THREAD_STACK_SIZE");

  private Environment() {}

  static Mapping over(Mapping file, Map<String, String> environment) {
    Mapping result = file;
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      List<String> path = path(variable.getKey());
      if (!path.isEmpty() && !variable.getValue().isEmpty()) {
        result = result.with(path, value(path.getLast(), variable));
      }
    }
    return result;
  }

  /** Variables of the prefix that say nothing here. */
  static SortedSet<String> unknown(Map<String, String> environment) {
    SortedSet<String> unknown = new TreeSet<>();
    environment.forEach(
        (name, value) -> {
          boolean ours = name.startsWith(PREFIX) && !value.isEmpty();
          if (ours && path(name).isEmpty() && !OTHERS.contains(name)) {
            unknown.add(name);
          }
        });
    return unknown;
  }

  private static Entry value(String key, Map.Entry<String, String> variable) {
    String source = "environment variable " + variable.getKey();
    String text = variable.getValue().strip();
    Entry plain = new Entry.Scalar(variable.getValue(), true, new Origin(source, 1));
    boolean list = LISTS.contains(key) && !text.startsWith("[");
    // A log's format is a text, and with log.type json a list as well.
    boolean fields = key.equals("format") && text.startsWith("[");
    if (!LISTS.contains(key) && !MAPS.contains(key) && !fields) {
      return plain;
    }
    // What is no YAML stays as it is; whoever reads the key says that it is no list or map.
    String yaml = key + ": " + (list ? "[" + text + "]" : text);
    List<Problem> problems = new ArrayList<>();
    return YamlFile.parse(source, yaml, problems)
        .filter(parsed -> problems.isEmpty())
        .map(parsed -> parsed.entries().get(key))
        .orElse(plain);
  }

  private static List<String> path(String variable) {
    if (!variable.startsWith(PREFIX)) {
      return List.of();
    }
    String name = variable.substring(PREFIX.length());
    if (TOP.contains(name)) {
      return List.of(name.toLowerCase(Locale.ROOT));
    }
    for (String section : SECTIONS) {
      if (name.startsWith(section + "_")) {
        return below(section, name.substring(section.length() + 1).toLowerCase(Locale.ROOT));
      }
    }
    int underscore = name.indexOf('_');
    String login = underscore < 0 ? null : LOGINS.get(name.substring(0, underscore));
    return login == null
        ? List.of()
        : List.of(
            "postgresql",
            "authentication",
            login,
            name.substring(underscore + 1).toLowerCase(Locale.ROOT));
  }

  private static List<String> below(String section, String key) {
    boolean withLogin = section.equals("RESTAPI") || section.equals("CTL");
    boolean isLogin = key.equals("username") || key.equals("password");
    return withLogin && isLogin
        ? List.of(section.toLowerCase(Locale.ROOT), "authentication", key)
        : List.of(section.toLowerCase(Locale.ROOT), key);
  }

  /**
   * What the servers and scripts that the agent starts may inherit: nothing of {@code PATRONI_}.
   */
  static Map<String, String> forChildren(Map<String, String> environment) {
    Map<String, String> rest = new LinkedHashMap<>(environment);
    new ArrayList<>(rest.keySet()).stream().filter(k -> k.startsWith(PREFIX)).forEach(rest::remove);
    return rest;
  }
}
