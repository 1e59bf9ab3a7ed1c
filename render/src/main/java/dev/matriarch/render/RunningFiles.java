package dev.matriarch.render;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who reads which file of a node that runs, and what of it belongs to the moment and not to the
 * inventory.
 *
 * @param layout of the node
 */
public record RunningFiles(Layout layout) {
  private static final Pattern SECTION = Pattern.compile("^\\[(\\w+)]$");
  private static final Pattern TARGET = Pattern.compile("\\bhost=\\S+ port=\\d+");

  /** Who reads a file, in the order in which they are told of a new one. */
  public enum Reader {
    HAPROXY,
    PGBOUNCER,
    AGENT,
    DNS,
    ETCD
  }

  public RunningFiles {
    requireNonNull(layout, "layout is null");
  }

  /** Who reads it. The agent comes after those whom it drives. */
  public Reader reader(NodeFile file) {
    return switch (file.path().getFileName().toString()) {
      case HaproxyFile.NAME -> Reader.HAPROXY;
      case PgbouncerFiles.INI, PgbouncerFiles.USERS, PgbouncerFiles.HBA -> Reader.PGBOUNCER;
      case EtcdFile.NAME -> Reader.ETCD;
      case DnsFiles.CONF, DnsFiles.HOSTS, DnsFiles.WATCH -> Reader.DNS;
      default -> Reader.AGENT;
    };
  }

  /** It is written by who runs, not by who declares. */
  public boolean isState(NodeFile file) {
    return file.path().equals(proxyState());
  }

  /**
   * The file as it is to be written over that text. The agent lets the pooler's databases be on the
   * primary's host, wherever that is: there they stay.
   */
  public NodeFile keptTarget(NodeFile file, String present) {
    if (!file.path().equals(layout.conf(PgbouncerFiles.INI))) {
      return file;
    }
    Optional<String> target = target(present);
    return target.isEmpty()
        ? file
        : new NodeFile(file.path(), file.mode(), pointed(file.content(), target.get()));
  }

  private static Optional<String> target(String ini) {
    boolean databases = false;
    for (String line : ini.lines().toList()) {
      databases = databases(line, databases);
      Matcher target = TARGET.matcher(line);
      if (databases && target.find()) {
        return Optional.of(target.group());
      }
    }
    return Optional.empty();
  }

  private static String pointed(String ini, String target) {
    StringBuilder text = new StringBuilder();
    boolean databases = false;
    for (String line : ini.lines().toList()) {
      databases = databases(line, databases);
      text.append(
              databases
                  ? TARGET.matcher(line).replaceFirst(Matcher.quoteReplacement(target))
                  : line)
          .append('\n');
    }
    return text.toString();
  }

  private static boolean databases(String line, boolean before) {
    Matcher section = SECTION.matcher(line);
    return section.matches() ? section.group(1).equals("databases") : before;
  }

  /** Command socket of the HAProxy process that serves. */
  public Path proxySocket() {
    return layout.run(HaproxyFile.SOCKET);
  }

  /** Command socket of the process that keeps it. */
  public Path proxyMaster() {
    return layout.run(HaproxyFile.MASTER_SOCKET);
  }

  /** What a reload hands on. */
  public Path proxyState() {
    return layout.run(HaproxyFile.STATE);
  }
}
