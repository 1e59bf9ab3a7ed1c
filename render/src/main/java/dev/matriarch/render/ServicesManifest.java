package dev.matriarch.render;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the supervisor of a node runs: the file {@code run/services}.
 *
 * <p>Format: UTF-8, one record a line, fields separated by one TAB, no quoting, no empty lines, no
 * comments. First the settings, then the services in the order of their start (stop: the reverse).
 *
 * <pre>
 * set&lt;TAB&gt;lease_ms&lt;TAB&gt;20000       ms; an agent silent for a quarter of it is killed and started again
 * set&lt;TAB&gt;user&lt;TAB&gt;postgres        OS user of all services, when the supervisor starts as root
 * set&lt;TAB&gt;log_dir&lt;TAB&gt;/d/log       standard output and error of NAME go to log_dir/NAME.log
 * set&lt;TAB&gt;run_dir&lt;TAB&gt;/d/run       the heartbeat FIFO is run_dir/heartbeat
 * NAME&lt;TAB&gt;CLASS&lt;TAB&gt;ARG0&lt;TAB&gt;ARG1...
 * </pre>
 *
 * <p>No service is called {@code set}. CLASS is {@code plain} (started again when it ends), {@code
 * lowport} (the same, and may listen on a port below 1024) or {@code agent} (also watched by its
 * heartbeat, allowed to keep the rights that kernel lease and virtual addresses need, and its end
 * must never stop PostgreSQL). ARG0 is an absolute path. No field holds a secret: what is here
 * shows in process lists.
 *
 * @param settings header lines in order
 * @param services in order of start
 */
public record ServicesManifest(Map<String, String> settings, List<Service> services) {
  /** How a service is looked after. */
  public enum Kind {
    PLAIN("plain"),
    LOW_PORT("lowport"),
    AGENT("agent");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As written in the file. */
    public String word() {
      return word;
    }
  }

  /** One line: what to start and how to look after it. */
  public record Service(String name, Kind kind, List<String> command) {
    public Service {
      requireNonNull(kind);
      command = List.copyOf(command);
      if (command.isEmpty() || !command.getFirst().startsWith("/")) {
        throw new IllegalArgumentException(name + ": its program must be an absolute path");
      }
      if (name.equals("set")) {
        throw new IllegalArgumentException("a service cannot be called 'set'");
      }
      field(name);
      command.forEach(ServicesManifest::field);
    }

    private String line() {
      return name + '\t' + kind.word() + '\t' + String.join("\t", command);
    }
  }

  public ServicesManifest {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    services = List.copyOf(services);
    settings.forEach((key, value) -> field(field(key) + value));
  }

  private static String field(String value) {
    if (value.isEmpty() || value.chars().anyMatch(c -> c < ' ' || c == 127)) {
      throw new IllegalArgumentException(
          "'" + value.strip() + "': empty or with control characters");
    }
    return value;
  }

  /** The text of the file. */
  public String text() {
    var header =
        settings.entrySet().stream()
            .map(e -> "set\t" + e.getKey() + '\t' + e.getValue() + '\n')
            .collect(Collectors.joining());
    return services.stream()
        .map(service -> service.line() + '\n')
        .collect(Collectors.joining("", header, ""));
  }
}
