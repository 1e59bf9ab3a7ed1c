package dev.matriarch.testbed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at one server from its own host, past everything of the product. Stateless. */
final class Observer {
  private static final int TAIL = 15;
  private static final String QUERY =
      """
      SELECT CASE
          WHEN NOT pg_is_in_recovery() THEN 'PRIMARY '
            || ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int
          ELSE coalesce((SELECT 'STREAMING ' || received_tli FROM pg_stat_wal_receiver
            WHERE status = 'streaming'), 'WAITING 0')
        END
      """;

  private Observer() {}

  static MemberView ask(Host host, Endpoint.Local socket) {
    MemberView down = new MemberView(host.name(), MemberView.Standing.DOWN, 0);
    String folder = String.valueOf(socket.socket().getParent());
    Launch psql =
        Launch.of(
                "timeout",
                "5",
                "psql",
                "-X",
                "-A",
                "-t",
                "-q",
                "-h",
                folder,
                "-p",
                "5432",
                "-d",
                "postgres",
                "-c",
                QUERY)
            .as("postgres");
    Shell.Result result = host.run(psql, Duration.ofSeconds(10));
    List<String> words = List.of(result.output().strip().split(" ", -1));
    return result.exitCode() == 0 && words.size() == 2
        ? new MemberView(
            host.name(),
            MemberView.Standing.valueOf(words.getFirst()),
            Integer.parseInt(words.getLast()))
        : down;
  }

  /** The ends of a node's logs. */
  static String logs(Path folder) {
    try (Stream<Path> files = Files.list(folder.resolve("log"))) {
      return files
          .filter(Files::isRegularFile)
          .sorted()
          .map(file -> "[" + file.getFileName() + "]\n" + tail(file))
          .collect(Collectors.joining("\n"));
    } catch (IOException none) {
      return "(no logs: " + none.getMessage() + ")";
    }
  }

  private static String tail(Path file) {
    try {
      List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
    } catch (IOException e) {
      return "(" + e.getMessage() + ")";
    }
  }
}
