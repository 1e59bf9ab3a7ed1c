package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The parameters that this server version knows. One unknown line in postgresql.conf keeps a server
 * from starting, so what it does not know is dropped, and said (agent contract section 2).
 */
final class Parameters {
  private static final int SEGMENT_MEGABYTES = 16;
  private static final Duration ASKING = Duration.ofSeconds(10);

  /** What an extension may call its own; anything else in a line would break the file. */
  private static final Pattern CUSTOM = Pattern.compile("[a-z_][a-z0-9_$]*(\\.[a-z_][a-z0-9_$]*)+");

  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]*");

  private final Set<String> known;
  private final Predicate<String> rare;

  /**
   * @param known lower-case names
   * @param rare asked about every other name
   */
  Parameters(Set<String> known, Predicate<String> rare) {
    this.known = Set.copyOf(known);
    this.rare = requireNonNull(rare, "rare");
  }

  /**
   * Asks {@code postgres --describe-config}; developers' options are not in that list, so a name
   * missing there is asked for by itself.
   */
  static Parameters of(Programs programs, ServerSpec spec, Deadline deadline) {
    Set<String> names = new TreeSet<>();
    List<String> lines =
        programs
            .run(
                "postgres", List.of("--describe-config"), spec.binDir(), Optional.empty(), deadline)
            .lines();
    for (String line : lines) {
      int tab = line.indexOf('\t');
      if (tab > 0) {
        names.add(line.substring(0, tab).toLowerCase(Locale.ROOT));
      }
    }
    return new Parameters(names, name -> knownByItself(programs, spec, name));
  }

  private static boolean knownByItself(Programs programs, ServerSpec spec, String name) {
    List<String> arguments =
        List.of("-D", spec.dataDir().toString(), "-C", name, "--config_file=/dev/null");
    try {
      return !programs
          .run("postgres", arguments, spec.binDir(), Optional.empty(), Deadline.in(ASKING))
          .lines()
          .isEmpty();
    } catch (PostgresException.CommandFailed e) {
      return false;
    }
  }

  /**
   * What may be written.
   *
   * @param warnings one sentence for each parameter dropped or translated
   */
  record Checked(Map<String, String> accepted, List<String> warnings) {
    Checked {
      accepted = Collections.unmodifiableMap(new LinkedHashMap<>(accepted));
      warnings = List.copyOf(warnings);
    }
  }

  Checked check(Map<String, String> given) {
    Map<String, String> accepted = new LinkedHashMap<>();
    List<String> warnings = new ArrayList<>();
    given.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (lower.equals("config_file")) {
            warnings.add("config_file: a server would not start with it in a file; dropped");
          } else if (value.indexOf(0) >= 0) {
            warnings.add(name + ": its value holds a zero byte; dropped");
          } else if (CUSTOM.matcher(lower).matches() || known.contains(lower)) {
            accepted.put(name, value);
          } else if (lower.equals("wal_keep_segments") && value.strip().matches("\\d{1,7}")) {
            String size = Long.parseLong(value.strip()) * SEGMENT_MEGABYTES + "MB";
            accepted.putIfAbsent("wal_keep_size", size);
            warnings.add(
                "wal_keep_segments: %s is written as wal_keep_size: %s, which this server knows"
                    .formatted(value, size));
          } else if (NAME.matcher(lower).matches() && rare.test(lower)) {
            accepted.put(name, value);
          } else {
            warnings.add(
                "%s: this server version does not know it; dropped (value was %s)"
                    .formatted(name, value));
          }
        });
    return new Checked(accepted, warnings);
  }
}
