package dev.matriarch.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the operations on one server share. */
final class ServerParts {
  private static final Pattern MINIMUM = Pattern.compile("(max_\\w+) setting:\\s+(\\d+)");

  private final ServerSpec spec;
  private final OwnedFiles files;
  private final Programs programs;
  private final Postmaster postmaster;
  private final ControlFile controlFile;
  private final ConfigFiles config;
  private final Passfile passfile;
  private final RoleFiles roleFiles;
  private final DryRun dryRun;
  private final Sieve sieve;
  private final LocalSql sql;
  private final AtomicReference<Settings> settings;
  private final AtomicBoolean inspected = new AtomicBoolean();
  private final AtomicReference<Parameters> parameters = new AtomicReference<>();

  ServerParts(ServerSpec spec, Settings settings) {
    this.spec = spec;
    this.settings = new AtomicReference<>(settings);
    this.files = new OwnedFiles(spec.osUser());
    this.programs = new Programs(spec);
    this.postmaster = new Postmaster(spec, files, programs);
    this.controlFile = new ControlFile(spec.dataDir());
    this.config = new ConfigFiles(spec, files);
    this.passfile = new Passfile(files, spec.passfile());
    this.roleFiles = new RoleFiles(this);
    this.dryRun = new DryRun(this);
    this.sieve = new Sieve(dryRun);
    this.sql = new LocalSql(spec);
  }

  ServerSpec spec() {
    return spec;
  }

  Path dataDir() {
    return spec.dataDir();
  }

  OwnedFiles files() {
    return files;
  }

  Programs programs() {
    return programs;
  }

  Postmaster postmaster() {
    return postmaster;
  }

  ControlFile controlFile() {
    return controlFile;
  }

  ConfigFiles config() {
    return config;
  }

  /**
   * A process of ours reads its catalogs, which nobody can connect to: it is at rest all the same.
   */
  boolean isInspected() {
    return inspected.get();
  }

  void inspected(boolean now) {
    inspected.set(now);
  }

  /** The one that primary_conninfo names. */
  Passfile passfile() {
    return passfile;
  }

  RoleFiles roleFiles() {
    return roleFiles;
  }

  DryRun dryRun() {
    return dryRun;
  }

  /** The settings, without what the server would not start with. */
  Sieve.Sifted sifted(Deadline deadline) {
    return sieve.sift(settings(), deadline);
  }

  /** The same as far as it is known without asking. */
  Settings taken() {
    return sieve.taken(settings());
  }

  LocalSql sql() {
    return sql;
  }

  NumbersLeftOut leftOut() {
    return new NumbersLeftOut(this);
  }

  Settings settings() {
    return settings.get();
  }

  void settings(Settings next) {
    settings.set(next);
  }

  Parameters parameters(Deadline deadline) {
    Parameters known = parameters.get();
    if (known == null) {
      known = Parameters.of(programs, spec, deadline);
      parameters.set(known);
    }
    return known;
  }

  ControlData requireControl() {
    return controlFile
        .read()
        .orElseThrow(
            () ->
                new PostgresException.DataDirectoryUnfit(
                    dataDir(), "there is no database in it; make one or clone one first"));
  }

  /**
   * Whether a standby wrote last. A standby.signal says only what it is to become; a copy that was
   * never started shows the control file of the server it was taken from, and a backup_label.
   */
  boolean wasStandby(ControlData control) {
    return !control.state().wasPrimary() || Files.exists(dataDir().resolve("backup_label"));
  }

  /** Written before a rewind, gone after it: what a rewind left half done must never be started. */
  Path rewindMark() {
    return spec.runDir().resolve("rewind-unfinished");
  }

  Optional<String> unusable() {
    if (Files.exists(rewindMark())) {
      return Optional.of("a rewind is under way or was cut off; unless one is, clone it again");
    }
    return controlFile.read().isPresent()
        ? Optional.empty()
        : Optional.of("there is no global/pg_control in it");
  }

  void requireUsable() {
    unusable()
        .ifPresent(
            why -> {
              throw new PostgresException.DataDirectoryUnfit(dataDir(), why);
            });
  }

  Postmaster.Alive requireAlive() {
    return postmaster
        .find()
        .orElseThrow(() -> new PostgresException.WrongState(dataDir() + " is not running"));
  }

  void requireNotRunning() {
    if (postmaster.find().isPresent()) {
      throw new PostgresException.WrongState(dataDir() + " is running; stop it first");
    }
  }

  /** The least that pg_controldata allows a standby, by parameter. */
  Map<String, Long> minimums(Deadline deadline) {
    List<String> lines =
        programs
            .run(
                "pg_controldata",
                List.of("-D", dataDir().toString()),
                spec.binDir(),
                Optional.empty(),
                deadline)
            .lines();
    Map<String, Long> found = new LinkedHashMap<>();
    for (String line : lines) {
      Matcher matcher = MINIMUM.matcher(line.strip());
      if (matcher.matches()) {
        String name = matcher.group(1);
        found.put(
            name.equals("max_prepared_xacts")
                ? "max_prepared_transactions"
                : name.equals("max_locks_per_xact") ? "max_locks_per_transaction" : name,
            Long.parseLong(matcher.group(2)));
      }
    }
    return found;
  }
}
