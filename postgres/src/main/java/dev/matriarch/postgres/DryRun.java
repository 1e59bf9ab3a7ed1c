package dev.matriarch.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets PostgreSQL itself judge settings without a server: it is asked for a value that it only
 * knows after it has read, checked and weighed all of them against each other and loaded the
 * preloaded libraries. It needs a data directory for that, so it gets one of its own with nothing
 * in it but a copy of the control file.
 */
final class DryRun {
  /** Known from 15 on, and computed last of all. */
  private static final String COMPUTED = "shared_memory_size";

  /** Older servers stop before they weigh settings against each other. */
  private static final String PLAIN = "data_directory";

  private static final Duration BUDGET = Duration.ofSeconds(10);
  private static final Pattern SAID =
      Pattern.compile(".*?(?:FATAL|DETAIL|HINT|ERROR|PANIC):\\s+(.*)");

  private final ServerParts parts;
  private final AccessDryRun access;

  DryRun(ServerParts parts) {
    this.parts = parts;
    this.access = new AccessDryRun(parts);
  }

  /** Whether there is data to ask with. */
  boolean isPossible() {
    return Files.exists(control());
  }

  private Path control() {
    return parts.dataDir().resolve("global/pg_control");
  }

  /** What the server would refuse to start with, in its own words; one question at a time. */
  synchronized Optional<String> objection(Settings settings) {
    if (!isPossible()) {
      return Optional.empty();
    }
    // No program can be given it, and no file that the server reads may hold it.
    Optional<String> unwritable =
        holdsZero(settings.file()).or(() -> holdsZero(settings.commandLine()));
    if (unwritable.isPresent()) {
      return unwritable.map(name -> "the value of parameter \"" + name + "\" holds a zero byte");
    }
    Deadline deadline = Deadline.in(BUDGET);
    Path folder = parts.spec().runDir().resolve("settings-check");
    parts.files().clear(folder, true);
    try {
      lay(folder, control(), deadline);
      Optional<String> refused = ask(folder, settings, deadline);
      return refused.isPresent() || settings.hba().isEmpty()
          ? refused
          : access.objection(folder, settings.hba(), deadline);
    } catch (IOException e) {
      throw new PostgresException.FileFailed(folder, "lay it out", e);
    } finally {
      parts.files().clear(folder, true);
    }
  }

  private static Optional<String> holdsZero(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .filter(entry -> entry.getValue().indexOf(0) >= 0)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private void lay(Path folder, Path control, Deadline deadline) throws IOException {
    OwnedFiles files = parts.files();
    files.directory(parts.spec().runDir());
    files.directory(folder);
    files.directory(folder.resolve("global"));
    files.write(
        folder.resolve("PG_VERSION"), Files.readString(parts.dataDir().resolve("PG_VERSION")));
    byte[] bytes = Files.readAllBytes(control);
    while (!ControlFile.checksumHolds(bytes)) {
      if (deadline.over()) {
        throw deadline.timeout("reading " + control);
      }
      bytes = Files.readAllBytes(control); // A read beside the server's write may be torn, once.
    }
    files.write(folder.resolve("global/pg_control"), bytes);
  }

  private Optional<String> ask(Path folder, Settings settings, Deadline deadline) {
    Parameters known = parts.parameters(deadline);
    Map<String, String> all = new LinkedHashMap<>(known.check(settings.file()).accepted());
    all.putAll(known.check(settings.commandLine()).accepted());
    boolean computes = major(folder) >= 15;
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-D",
                folder.toString(),
                "-C",
                computes ? COMPUTED : PLAIN,
                "--config_file=/dev/null",
                "--hba_file=/dev/null"));
    all.forEach(
        (name, value) -> {
          arguments.add("-c");
          arguments.add(name + "=" + value);
        });
    try {
      parts
          .programs()
          .run("postgres", arguments, parts.spec().binDir(), Optional.empty(), deadline);
      return Optional.empty();
    } catch (PostgresException.CommandFailed e) {
      return Optional.of(reason(e.lastLines()));
    }
  }

  private int major(Path folder) {
    String version = parts.files().read(folder.resolve("PG_VERSION")).orElse("").strip();
    return version.matches("[0-9]{2}") ? Integer.parseInt(version) : 0;
  }

  /** Without the time stamps and remarks before it. */
  private static String reason(List<String> lines) {
    List<String> said = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = SAID.matcher(line);
      if (matcher.matches()) {
        said.add(matcher.group(1));
      } else if (line.startsWith("postgres: ")) {
        said.add(line.substring("postgres: ".length()));
      }
    }
    return "PostgreSQL says: " + String.join("; ", said.isEmpty() ? lines : said);
  }
}
