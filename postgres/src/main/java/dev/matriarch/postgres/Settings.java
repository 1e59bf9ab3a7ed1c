package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the server is told to be. Values are plain text, quoted here when written.
 *
 * @param commandLine cluster-wide parameters, given on the postmaster's command line so that no
 *     file can override them (agent contract section 2); {@code listen_addresses}, {@code port},
 *     {@code cluster_name} and, if it is not given, {@code unix_socket_directories} are added from
 *     {@link ServerSpec}
 * @param file parameters for postgresql.conf; recovery settings such as {@code restore_command} may
 *     stand here too and survive every change of role
 * @param hba lines of pg_hba.conf; empty keeps the file that is there
 * @param ident lines of pg_ident.conf; empty keeps the file that is there
 * @param localAccess how the agent itself gets in
 */
public record Settings(
    Map<String, String> commandLine,
    Map<String, String> file,
    List<String> hba,
    List<String> ident,
    LocalAccess localAccess) {

  /** How the agent's own line stands in pg_hba.conf. */
  public enum LocalAccess {
    /**
     * A first line lets the server's and the agent's OS accounts in as the superuser over the
     * socket, by peer; no hand-made HBA can lock the agent out.
     */
    PEER_FIRST,
    /** The lines as given; the agent relies on them and on the superuser's password. */
    AS_GIVEN
  }

  public Settings {
    commandLine = Collections.unmodifiableMap(new LinkedHashMap<>(commandLine));
    file = Collections.unmodifiableMap(new LinkedHashMap<>(file));
    hba = List.copyOf(hba);
    ident = List.copyOf(ident);
    requireNonNull(localAccess, "localAccess");
  }

  /** The cluster-wide parameters that replication needs, and nothing else. */
  public static Settings defaults() {
    Map<String, String> wide = new LinkedHashMap<>();
    wide.put("wal_level", "replica");
    wide.put("hot_standby", "on");
    wide.put("max_connections", "100");
    wide.put("max_wal_senders", "10");
    wide.put("max_prepared_transactions", "0");
    wide.put("max_locks_per_transaction", "64");
    wide.put("track_commit_timestamp", "off");
    wide.put("max_replication_slots", "10");
    wide.put("max_worker_processes", "8");
    wide.put("wal_log_hints", "on");
    return new Settings(wide, Map.of(), List.of(), List.of(), LocalAccess.PEER_FIRST);
  }

  /** The same with these parameters in the file, over those of the same name. */
  public Settings withFile(Map<String, String> more) {
    Map<String, String> merged = new LinkedHashMap<>(file);
    merged.putAll(more);
    return new Settings(commandLine, merged, hba, ident, localAccess);
  }

  /** The same with these parameters on the command line, over those of the same name. */
  public Settings withCommandLine(Map<String, String> more) {
    Map<String, String> merged = new LinkedHashMap<>(commandLine);
    merged.putAll(more);
    return new Settings(merged, file, hba, ident, localAccess);
  }

  /** The same with another way in for the agent. */
  public Settings with(LocalAccess access) {
    return new Settings(commandLine, file, hba, ident, access);
  }

  /** The same with these lines as pg_ident.conf. */
  public Settings withIdent(List<String> lines) {
    return new Settings(commandLine, file, hba, lines, localAccess);
  }

  /** The same with these lines as pg_hba.conf. */
  public Settings withHba(List<String> lines) {
    return new Settings(commandLine, file, lines, ident, localAccess);
  }
}
