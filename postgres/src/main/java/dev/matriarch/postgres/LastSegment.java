package dev.matriarch.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The WAL segment with a stopped primary's shutdown checkpoint. It is not full, so the server's
 * archiver left it; who follows this server through the archive alone would never see its end
 * (contract, section 14).
 */
final class LastSegment {
  private static final Pattern SEGMENT_SIZE = Pattern.compile("Bytes per WAL segment:\\s+(\\d+)");
  private static final Pattern PLACEHOLDER = Pattern.compile("%([pf%])");
  private static final long FILE_SPAN = 1L << 32;

  private final ServerParts parts;

  LastSegment(ServerParts parts) {
    this.parts = parts;
  }

  /**
   * Runs the server's own archive_command for it.
   *
   * @return its name; empty where nothing is archived by a command, or the last stop was no clean
   *     one of a primary
   */
  Optional<String> archive(Deadline deadline) {
    parts.requireNotRunning();
    ControlData control = parts.requireControl();
    String command = setting("archive_command", deadline);
    boolean archives =
        !setting("archive_mode", deadline).equals("off")
            && !command.isBlank()
            && !command.equals("(disabled)");
    if (control.state() != ControlData.State.SHUT_DOWN || !archives) {
      return Optional.empty();
    }
    String name = name(control.timeline(), control.checkpoint(), segmentSize(deadline));
    parts
        .programs()
        .run(
            "/bin/sh",
            List.of("-c", filledIn(command, name)),
            parts.dataDir(),
            Optional.empty(),
            deadline);
    return Optional.of(name);
  }

  static String name(int timeline, Lsn position, long segmentSize) {
    long segment = position.value() / segmentSize;
    long perFile = FILE_SPAN / segmentSize;
    return "%08X%08X%08X".formatted(timeline, segment / perFile, segment % perFile);
  }

  static String filledIn(String command, String name) {
    return PLACEHOLDER
        .matcher(command)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    switch (found.group(1)) {
                      case "p" -> "pg_wal/" + name;
                      case "f" -> name;
                      default -> "%";
                    }));
  }

  private String setting(String name, Deadline deadline) {
    return String.join("", run("postgres", List.of("-C", name), deadline)).strip();
  }

  private long segmentSize(Deadline deadline) {
    for (String line : run("pg_controldata", List.of(), deadline)) {
      Matcher matcher = SEGMENT_SIZE.matcher(line.strip());
      if (matcher.matches()) {
        return Long.parseLong(matcher.group(1));
      }
    }
    throw new PostgresException.DataDirectoryUnfit(
        parts.dataDir(), "pg_controldata does not say how large a WAL segment is");
  }

  private List<String> run(String program, List<String> arguments, Deadline deadline) {
    List<String> all = new ArrayList<>(List.of("-D", parts.dataDir().toString()));
    all.addAll(arguments);
    return parts
        .programs()
        .run(program, all, parts.spec().binDir(), Optional.empty(), deadline)
        .lines();
  }
}
