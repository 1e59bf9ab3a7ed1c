package dev.matriarch.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets PostgreSQL itself judge lines of pg_hba.conf. Only a postmaster reads them, and it does so
 * before it starts anything else: so one is started in a folder without data, where nobody can
 * reach it. It ends either by what it has against the lines, or because there is nothing to start.
 */
final class AccessDryRun {
  /** Without them it would end before it reads the lines. */
  private static final List<String> FOLDERS = List.of("pg_notify", "pg_stat_tmp");

  /** They name files beside the real one. */
  private static final Pattern ELSEWHERE = Pattern.compile("(^|[\\s,])@|^\\s*include");

  private static final Pattern SAID = Pattern.compile(".*? LOG:\\s+(.*)");
  private static final Pattern WHERE = Pattern.compile(".*? CONTEXT:\\s+line (\\d+) of .*");
  private static final Pattern VERDICT = Pattern.compile(".*FATAL:\\s+could not load .*hba.*");

  /** It has read the lines, and found no data. */
  private static final Pattern PASSED = Pattern.compile(".*FATAL:.*pg_wal.*");

  /** The line is right, and of no use to a server like the one that was asked. */
  private static final Pattern IDLE = Pattern.compile(".*cannot match because .*");

  private final ServerParts parts;

  AccessDryRun(ServerParts parts) {
    this.parts = parts;
  }

  /**
   * @param folder with a copy of the control file in it
   */
  Optional<String> objection(Path folder, List<String> lines, Deadline deadline)
      throws IOException {
    Path file = folder.resolve("pg_hba.conf");
    List<String> judged =
        lines.stream().map(line -> ELSEWHERE.matcher(line).find() ? "# " + line : line).toList();
    for (String name : FOLDERS) {
      parts.files().directory(folder.resolve(name));
    }
    parts.files().write(file, String.join("\n", judged) + "\n");
    List<String> arguments =
        List.of(
            "-D",
            folder.toString(),
            "--config_file=/dev/null",
            "--hba_file=" + file,
            "--ident_file=/dev/null",
            "--listen_addresses=",
            // Relative to its data: a whole path could be too long for a socket.
            "--unix_socket_directories=.",
            "--unix_socket_permissions=0700",
            "--shared_buffers=128kB",
            "--max_connections=10",
            "--max_wal_senders=0",
            "--logging_collector=off",
            "--log_destination=stderr");
    try {
      parts
          .programs()
          .run("postgres", arguments, parts.spec().binDir(), Optional.empty(), deadline);
      return Optional.empty();
    } catch (PostgresException.CommandFailed e) {
      if (says(e, VERDICT)) {
        return Optional.of(
            "PostgreSQL says: " + String.join("; ", objections(e.lastLines(), lines)));
      }
      return says(e, PASSED)
          ? Optional.empty()
          : Optional.of("pg_hba could not be judged: " + e.getMessage());
    }
  }

  private static boolean says(PostgresException.CommandFailed ended, Pattern what) {
    return ended.lastLines().stream().anyMatch(line -> what.matcher(line).matches());
  }

  private static List<String> objections(List<String> said, List<String> lines) {
    List<String> all = new ArrayList<>();
    String last = "";
    for (String line : said) {
      Matcher what = SAID.matcher(line);
      Matcher where = WHERE.matcher(line);
      if (what.matches()) {
        last = what.group(1);
      } else if (where.matches() && !IDLE.matcher(last).matches()) {
        int number = Integer.parseInt(where.group(1));
        String text = number <= lines.size() ? lines.get(number - 1).strip() : "";
        all.add("pg_hba line %d (%s): %s".formatted(number, text, last));
      }
    }
    return all.isEmpty() ? List.of("the lines of pg_hba cannot be loaded") : all;
  }
}
