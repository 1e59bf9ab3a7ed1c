package dev.matriarch.postgres;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns settings and a role into the server's files. */
final class RoleFiles {
  private final ServerParts parts;

  RoleFiles(ServerParts parts) {
    this.parts = parts;
  }

  /** What was left for the command line, and what was dropped on the way. */
  record Written(Map<String, String> commandLine, List<String> warnings) {
    Written {
      warnings = List.copyOf(warnings);
    }
  }

  /** Everything, for a start in that role. */
  Written write(ServerRole role, Deadline deadline) {
    Map<String, String> lines = new LinkedHashMap<>();
    if (!(role instanceof ServerRole.AsFound)) {
      parts.config().freeAuto();
    }
    switch (role) {
      case ServerRole.AsFound found -> {}
      case ServerRole.Primary primary -> parts.config().standbySignal(false);
      case ServerRole.StandbyOf standby -> {
        lines.putAll(standby(standby.upstream()));
        parts.config().standbySignal(true);
      }
      case ServerRole.Recovering recovering -> {
        lines.putAll(recovering.settings());
        parts.config().recoverySignal();
      }
      case ServerRole.Detached detached -> {
        lines.put("recovery_target_timeline", "latest");
        parts.config().standbySignal(true);
      }
    }
    keepSynchronous(lines);
    return write(lines, parts.sifted(deadline), deadline);
  }

  /** Everything, with the role's part as it stands in the file. */
  Written rewrite(Deadline deadline) {
    return write(parts.config().role(), parts.sifted(deadline), deadline);
  }

  /** For a primary that programs start, which give it no command line of ours. */
  void writeForPrograms(Deadline deadline) {
    Sieve.Sifted sifted = parts.sifted(deadline);
    Settings all = sifted.taken().withFile(sifted.taken().commandLine());
    parts.config().freeAuto();
    parts.config().standbySignal(false);
    Map<String, String> lines = new LinkedHashMap<>();
    keepSynchronous(lines);
    write(lines, new Sieve.Sifted(all, all, List.of()), deadline);
  }

  private Written write(Map<String, String> role, Sieve.Sifted sifted, Deadline deadline) {
    Settings settings = sifted.taken();
    Parameters parameters = parts.parameters(deadline);
    Parameters.Checked file = parameters.check(settings.file());
    Parameters.Checked commandLine = parameters.check(settings.commandLine());
    parts.config().write(settings, file.accepted(), role);
    List<String> warnings = new ArrayList<>(sifted.refused());
    warnings.addAll(commandLine.warnings());
    warnings.addAll(file.warnings());
    return new Written(commandLine.accepted(), warnings);
  }

  /** Points the passfile there, and says what the role's part must hold to stream from there. */
  Map<String, String> standby(Upstream upstream) {
    parts.passfile().hold(upstream);
    Map<String, String> keywords = new LinkedHashMap<>(Conninfo.of(upstream));
    keywords.put("passfile", parts.passfile().path().toString());
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("recovery_target_timeline", "latest");
    lines.put("primary_conninfo", Conninfo.write(keywords));
    upstream.slot().ifPresent(slot -> lines.put("primary_slot_name", slot));
    return lines;
  }

  /**
   * Forgetting synchronous_standby_names in a change of role would acknowledge writes that no
   * standby has.
   */
  void keepSynchronous(Map<String, String> lines) {
    String names = parts.config().role().get("synchronous_standby_names");
    if (names != null) {
      lines.put("synchronous_standby_names", names);
    }
  }
}
