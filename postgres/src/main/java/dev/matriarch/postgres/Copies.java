package dev.matriarch.postgres;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes, copies, rewinds and removes data directories: a data directory is there whole or not at
 * all.
 */
final class Copies {
  private final ServerParts parts;
  private final Lifecycle lifecycle;

  Copies(ServerParts parts, Lifecycle lifecycle) {
    this.parts = parts;
    this.lifecycle = lifecycle;
  }

  void initdb(InitOptions options, Deadline deadline) {
    ServerSpec spec = parts.spec();
    Path password = spec.runDir().resolve("initdb-password");
    parts.files().directory(spec.runDir());
    options
        .superuserPassword()
        .ifPresent(secret -> parts.files().write(password, secret.reveal() + "\n"));
    try {
      build(
          "initdb",
          target -> {
            List<String> arguments =
                new ArrayList<>(List.of("-D", target.toString(), "-U", spec.superuser()));
            if (options.superuserPassword().isPresent()) {
              arguments.add("--pwfile=" + password);
            }
            options
                .options()
                .forEach(
                    (name, value) ->
                        arguments.add("--" + name + (value.isEmpty() ? "" : "=" + value)));
            parts.programs().run("initdb", arguments, target, Optional.empty(), deadline);
          },
          deadline);
    } finally {
      parts.files().delete(password);
    }
  }

  void cloneFrom(Upstream source, Map<String, String> options, Deadline deadline) {
    // Asked first, in SQL: the program's own words about a refused password are in the source's
    // language.
    Upstreams.identify(source, deadline);
    Passfile passfile = new Passfile(parts.files(), parts.spec().runDir().resolve("pgpass-clone"));
    passfile.hold(source);
    Map<String, String> keywords = Conninfo.of(source);
    // Under the member's own name the copy would look like its standby to the source.
    keywords.put("application_name", "pg_basebackup");
    try {
      build(
          "pg_basebackup",
          target -> {
            List<String> arguments =
                new ArrayList<>(
                    List.of(
                        "-D",
                        target.toString(),
                        "-X",
                        "stream",
                        "--no-password",
                        "-d",
                        Conninfo.write(keywords)));
            options.forEach(
                (name, value) -> arguments.add("--" + name + (value.isEmpty() ? "" : "=" + value)));
            parts
                .programs()
                .run("pg_basebackup", arguments, target, Optional.of(passfile.path()), deadline);
          },
          deadline);
    } finally {
      passfile.delete();
    }
  }

  /** What fills a new directory. */
  @FunctionalInterface
  private interface Filling {
    void into(Path target);
  }

  private void build(String program, Filling filling, Deadline deadline) {
    Path dataDir = parts.dataDir();
    if (!OwnedFiles.absentOrEmpty(dataDir)) {
      throw new PostgresException.DataDirectoryUnfit(
          dataDir, "it is not empty; nothing was touched");
    }
    parts.files().directory(dataDir.getParent());
    // A folder that is a file system of its own cannot be renamed over: it is filled in place.
    boolean inPlace = OwnedFiles.mountPoint(dataDir);
    Path target = inPlace ? dataDir : dataDir.resolveSibling(dataDir.getFileName() + ".making");
    parts.postmaster().endOrphans(target, program, deadline);
    parts.files().clear(target, !inPlace);
    parts.files().directory(target);
    boolean done = false;
    try {
      filling.into(target);
      if (!inPlace) {
        parts.files().clear(dataDir, true);
        parts.files().rename(target, dataDir);
      }
      parts.files().delete(parts.rewindMark());
      done = true;
    } finally {
      if (!done) {
        parts.files().clear(target, !inPlace);
      }
    }
  }

  void discard(Deadline deadline) {
    parts.requireNotRunning();
    parts.postmaster().killAll(deadline);
    // First what makes it a database: cut off half-way, it cannot be taken for one.
    parts.files().delete(parts.dataDir().resolve("global/pg_control"));
    parts.files().clear(parts.dataDir(), false);
    parts.files().delete(parts.rewindMark());
  }

  void rewind(Upstream source, Deadline deadline) {
    parts.requireUsable();
    parts.requireNotRunning();
    int sourceTimeline = Upstreams.settle(source, deadline);
    prepareTarget(deadline);
    Passfile passfile = new Passfile(parts.files(), parts.spec().runDir().resolve("pgpass-rewind"));
    passfile.hold(source);
    parts.files().write(parts.rewindMark(), "rewinding to " + source.address() + "\n");
    try {
      Programs.Output said =
          parts
              .programs()
              .run(
                  "pg_rewind",
                  arguments(source),
                  parts.spec().runDir(),
                  Optional.of(passfile.path()),
                  deadline);
      parts.files().delete(parts.rewindMark());
      checkTimeline(said, sourceTimeline);
      dropLaterHistories(sourceTimeline);
    } catch (PostgresException.CommandFailed e) {
      // It announces what it will copy before it touches anything.
      if (e.allLines().stream().noneMatch(line -> line.contains("need to copy"))) {
        parts.files().delete(parts.rewindMark());
      }
      throw e;
    } finally {
      passfile.delete();
    }
  }

  /**
   * Before release 16 pg_rewind goes by the timeline of the last checkpoint alone: of a standby
   * that followed another timeline for a moment it says that there is nothing to undo.
   */
  private void checkTimeline(Programs.Output said, int sourceTimeline) {
    boolean untouched = said.lines().stream().anyMatch(line -> line.contains("no rewind required"));
    int replayed = parts.requireControl().minRecoveryTimeline();
    if (untouched && replayed > sourceTimeline) {
      throw new PostgresException.DataDirectoryUnfit(
          parts.dataDir(),
          "it has WAL of timeline %d, its source is on %d, and pg_rewind does not see it; copy it anew"
              .formatted(replayed, sourceTimeline));
    }
  }

  /** Recovery follows the newest history that it finds, also one that its source gave up. */
  private void dropLaterHistories(int sourceTimeline) {
    Path wal = parts.dataDir().resolve("pg_wal");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(wal, "????????.history")) {
      for (Path file : files) {
        String number = file.getFileName().toString().substring(0, 8);
        if (Integer.parseUnsignedInt(number, 16) > sourceTimeline) {
          parts.files().delete(file);
        }
      }
    } catch (IOException e) {
      throw OwnedFiles.failed(wal, "look into it", e);
    }
  }

  private List<String> arguments(Upstream source) {
    Map<String, String> keywords = new LinkedHashMap<>(Conninfo.of(source));
    keywords.put("dbname", "postgres");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-D",
                parts.dataDir().toString(),
                "--progress",
                "--source-server=" + Conninfo.write(keywords)));
    if (!parts.settings().file().getOrDefault("restore_command", "").isEmpty()) {
      arguments.add("--restore-target-wal");
    }
    return arguments;
  }

  /**
   * pg_rewind itself recovers a crashed primary in single-user mode, which takes no standby and no
   * command line of ours; a crashed standby is recovered by a short start.
   */
  void prepareTarget(Deadline deadline) {
    ControlData control = parts.requireControl();
    if (!control.state().clean() && parts.wasStandby(control)) {
      lifecycle.start(new ServerRole.Detached(), deadline);
      lifecycle.stop(StopMode.FAST, deadline);
      parts.postmaster().awaitGone(deadline);
    }
    parts.postmaster().clearLeftovers(deadline);
    parts.roleFiles().writeForPrograms(deadline);
  }

  /** Without its file, a history is the part that the other's tells of it. */
  TimelineHistory history(int timeline, TimelineHistory theirs) {
    return localHistory(timeline)
        .orElseGet(
            () ->
                new TimelineHistory(
                    timeline,
                    theirs.ancestors().stream()
                        .takeWhile(step -> step.timeline() < timeline)
                        .toList()));
  }

  Optional<TimelineHistory> localHistory(int timeline) {
    if (timeline == 1) {
      return Optional.of(new TimelineHistory(1, List.of()));
    }
    Path file = parts.dataDir().resolve("pg_wal").resolve(TimelineHistory.fileName(timeline));
    return Files.exists(file)
        ? parts.files().read(file).map(text -> TimelineHistory.parse(timeline, text))
        : Optional.empty();
  }
}
