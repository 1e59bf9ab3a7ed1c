package dev.matriarch.agent;

import dev.matriarch.engine.SyncNames;
import dev.matriarch.engine.Synchrony.Mode;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@link SyncNames} as PostgreSQL's {@code synchronous_standby_names} spells them. */
final class StandbyNames {
  /** A standby that does not exist: commits wait for ever (drop-in contract, section 12). */
  private static final String NOBODY = "__patroni_strict_sync_replica_placeholder__";

  private static final Pattern LIST =
      Pattern.compile(
          "\\s*(?:(?:ANY|FIRST)\\s+)?(\\d+)?\\s*\\(?([^()]*)\\)?\\s*", Pattern.CASE_INSENSITIVE);

  private StandbyNames() {}

  static String format(SyncNames names, Mode mode) {
    if (names.acknowledgements() == 0) {
      return "";
    }
    String any = mode == Mode.QUORUM ? "ANY " : "";
    if (names.names().isEmpty()) {
      return mode == Mode.QUORUM ? any + "1 (" + NOBODY + ")" : NOBODY;
    }
    String quoted =
        names.names().stream()
            .map(name -> "\"" + name.replace("\"", "\"\"") + "\"")
            .collect(Collectors.joining(","));
    boolean bare = mode != Mode.QUORUM && names.names().size() == 1;
    return bare ? quoted : any + names.acknowledgements() + " (" + quoted + ")";
  }

  /** Reads what {@link #format} writes, and the same by hand without quotes. */
  static SyncNames parse(String text) {
    Matcher list = LIST.matcher(text);
    if (text.isBlank() || !list.matches()) {
      return SyncNames.NONE;
    }
    SortedSet<String> names = new TreeSet<>();
    for (String name : list.group(2).split(",", -1)) {
      String bare = name.strip();
      names.add(
          bare.length() > 1 && bare.startsWith("\"")
              ? bare.substring(1, bare.length() - 1).replace("\"\"", "\"")
              : bare);
    }
    if (names.contains(NOBODY)) {
      return SyncNames.NOBODY;
    }
    int needed = list.group(1) == null ? 1 : Integer.parseInt(list.group(1));
    return new SyncNames(Math.min(needed, names.size()), names);
  }
}
