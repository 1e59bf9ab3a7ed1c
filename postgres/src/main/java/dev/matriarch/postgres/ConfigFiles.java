package dev.matriarch.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The server's configuration files (agent contract section 7). The original postgresql.conf becomes
 * postgresql.base.conf once; ours includes it, then sets the settings, then what changes with the
 * role. That last part is read back from the file, not remembered, so a new agent finds it.
 */
final class ConfigFiles {
  private static final String HEADER =
      "# Written by Matriarch and overwritten by it. The original is postgresql.base.conf.\n";
  private static final String ROLE_MARK = "# What follows changes with the server's role.";
  private static final String OURS = " # matriarch";

  /** Set by the agent according to the role; in postgresql.auto.conf they would win over it. */
  private static final Set<String> ROLE =
      Set.of(
          "primary_conninfo",
          "primary_slot_name",
          "restore_command",
          "recovery_target_timeline",
          "synchronous_standby_names");

  private static final Set<String> NOT_IN_AUTO =
      Set.of(
          "recovery_target",
          "recovery_target_name",
          "recovery_target_time",
          "recovery_target_xid",
          "recovery_target_lsn",
          "recovery_target_inclusive",
          "recovery_target_action",
          "recovery_min_apply_delay",
          "recovery_end_command",
          "archive_cleanup_command",
          "promote_trigger_file");

  /** The original postgresql.conf, renamed. */
  private static final String BASE = "postgresql.base.conf";

  /** Files of which a copy is kept beside them, as {@code *.backup}. */
  private static final List<String> COPIED =
      List.of(BASE, "postgresql.conf", "pg_hba.conf", "pg_ident.conf");

  private final ServerSpec spec;
  private final OwnedFiles files;

  ConfigFiles(ServerSpec spec, OwnedFiles files) {
    this.spec = spec;
    this.files = files;
  }

  /** The role's part as the file has it. */
  Map<String, String> role() {
    Map<String, String> found = new LinkedHashMap<>();
    String text = files.read(ours()).orElse("");
    int mark = text.indexOf(ROLE_MARK);
    text.substring(Math.max(mark, 0))
        .lines()
        .flatMap(line -> SettingLine.parse(line).stream())
        .filter(setting -> ROLE.contains(setting.name()))
        .forEach(setting -> found.put(setting.name(), setting.value()));
    return found;
  }

  /**
   * Writes postgresql.conf, pg_hba.conf and pg_ident.conf.
   *
   * @param accepted parameters that this server version knows
   */
  void write(Settings settings, Map<String, String> accepted, Map<String, String> role) {
    COPIED.forEach(this::restoreLost);
    keepOriginal();
    StringBuilder text = new StringBuilder(HEADER);
    text.append("include ").append(SettingValue.quote(original())).append("\n\n");
    // The command line wins, but a reload compares with the file: without the same values here
    // the server would say for ever that it waits for a restart.
    settings.commandLine().forEach((name, value) -> append(text, name, value));
    append(text, "recovery_target_timeline", "latest");
    accepted.forEach((name, value) -> append(text, name, value));
    append(text, "hba_file", hba().toString());
    append(text, "ident_file", ident().toString());
    text.append('\n').append(ROLE_MARK).append('\n');
    role.forEach((name, value) -> append(text, name, value));
    files.writeIfChanged(ours(), text.toString());
    writeAccess(settings, accepted);
    COPIED.forEach(this::keepCopy);
  }

  /** A backup of the data may come back without the files that configure it. */
  private void restoreLost(String name) {
    Path file = spec.dataDir().resolve(name);
    if (!Files.exists(file)) {
      files.read(copyOf(file)).ifPresent(text -> files.write(file, text));
    }
  }

  private void keepCopy(String name) {
    Path file = spec.dataDir().resolve(name);
    files.read(file).ifPresent(text -> files.writeIfChanged(copyOf(file), text));
  }

  private static Path copyOf(Path file) {
    return file.resolveSibling(file.getFileName() + ".backup");
  }

  /** Changes the role's part and nothing else. */
  void writeRole(Map<String, String> role) {
    String text = files.read(ours()).orElse("");
    int mark = text.indexOf(ROLE_MARK);
    StringBuilder fresh = new StringBuilder(mark < 0 ? text : text.substring(0, mark));
    fresh.append(mark < 0 ? "\n" : "").append(ROLE_MARK).append('\n');
    role.forEach((name, value) -> append(fresh, name, value));
    files.writeIfChanged(ours(), fresh.toString());
  }

  /** Takes the role's parameters out of postgresql.auto.conf, whose lines would win. */
  void freeAuto() {
    Path auto = spec.dataDir().resolve("postgresql.auto.conf");
    files
        .read(auto)
        .ifPresent(
            text -> {
              String kept =
                  text.lines()
                      .filter(line -> !belongsToRole(line))
                      .map(line -> line + "\n")
                      .collect(Collectors.joining());
              files.writeIfChanged(auto, kept);
            });
  }

  void standbySignal(boolean standby) {
    Path signal = spec.dataDir().resolve("standby.signal");
    files.delete(spec.dataDir().resolve("recovery.signal"));
    if (standby) {
      files.writeIfChanged(signal, "");
    } else {
      files.delete(signal);
    }
  }

  void recoverySignal() {
    files.delete(spec.dataDir().resolve("standby.signal"));
    files.writeIfChanged(spec.dataDir().resolve("recovery.signal"), "");
  }

  boolean hasStandbySignal() {
    return Files.exists(spec.dataDir().resolve("standby.signal"));
  }

  private static boolean belongsToRole(String line) {
    return SettingLine.parse(line)
        .map(SettingLine::name)
        .filter(name -> ROLE.contains(name) || NOT_IN_AUTO.contains(name))
        .isPresent();
  }

  private void keepOriginal() {
    Path base = spec.dataDir().resolve(BASE);
    if (Files.exists(base)) {
      return;
    }
    Optional<String> current = files.read(ours());
    if (current.filter(text -> !text.startsWith(HEADER)).isPresent()) {
      files.rename(ours(), base);
    } else {
      files.write(base, "");
    }
  }

  private void writeAccess(Settings settings, Map<String, String> accepted) {
    List<String> hba = new ArrayList<>();
    List<String> ident = new ArrayList<>();
    switch (settings.localAccess()) {
      case AS_GIVEN -> {}
      case PEER_FIRST -> {
        hba.add("local all \"" + spec.superuser() + "\" peer map=matriarch" + OURS);
        Stream.of(spec.osUser().name(), System.getProperty("user.name"))
            .distinct()
            .sorted()
            .forEach(name -> ident.add("matriarch " + name + " " + spec.superuser() + OURS));
      }
    }
    hba.addAll(settings.hba().isEmpty() ? given(hba(), "hba_file", accepted) : settings.hba());
    ident.addAll(
        settings.ident().isEmpty() ? given(ident(), "ident_file", accepted) : settings.ident());
    files.writeIfChanged(hba(), String.join("\n", hba) + "\n");
    files.writeIfChanged(ident(), String.join("\n", ident) + "\n");
  }

  /**
   * What the server reads before our settings. The field's controller writes its own file in the
   * operator's folder and renames the original.
   */
  private String original() {
    Optional<Path> inFolder =
        Stream.of(BASE, "postgresql.conf")
            .flatMap(name -> elsewhere(name).stream())
            .filter(Files::exists)
            .findFirst();
    return spec.originals().conf().or(() -> inFolder).map(Path::toString).orElse(BASE);
  }

  /** The lines of the operator's own file, or of the one in the data. */
  private List<String> given(Path file, String parameter, Map<String, String> accepted) {
    Optional<Path> named =
        Optional.ofNullable(accepted.get(parameter)).map(name -> spec.dataDir().resolve(name));
    return linesOf(
        named
            .or(() -> elsewhere(file.getFileName().toString()))
            .filter(Files::exists)
            .orElse(file));
  }

  private Optional<Path> elsewhere(String name) {
    return spec.originals().folder().map(folder -> folder.resolve(name));
  }

  /** The lines of pg_hba.conf that are not ours. */
  List<String> access() {
    restoreLost("pg_hba.conf");
    return linesOf(hba());
  }

  private List<String> linesOf(Path file) {
    return files.read(file).orElse("").lines().filter(line -> !line.endsWith(OURS)).toList();
  }

  private static void append(StringBuilder text, String name, String value) {
    text.append(name).append(" = ").append(SettingValue.quote(value)).append('\n');
  }

  private Path ours() {
    return spec.dataDir().resolve("postgresql.conf");
  }

  private Path hba() {
    return spec.dataDir().resolve("pg_hba.conf");
  }

  private Path ident() {
    return spec.dataDir().resolve("pg_ident.conf");
  }
}
