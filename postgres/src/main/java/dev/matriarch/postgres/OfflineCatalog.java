package dev.matriarch.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.matriarch.postgres.WalNotes.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Asks a stopped primary's own catalogs, in single-user mode, where nobody else can connect. Only
 * they know the tables that were made after the histories parted; the new leader may have given the
 * same numbers to others. pg_rewind runs the same recovery before it begins.
 */
final class OfflineCatalog {
  private static final String MARK = "matriarch|";
  private static final long FIRST_OF_USERS = 16_384;
  private static final int ASKED = 2_000;

  private static final String DATABASES =
      "COPY (SELECT '"
          + MARK
          + "' || oid || '|' || encode(convert_to(datname::text, 'UTF8'), 'hex')"
          + " FROM pg_catalog.pg_database WHERE datallowconn) TO STDOUT\n";

  /** What a file holds. */
  enum Kind {
    TABLE,
    CATALOG,
    /** What is too long for the table's own file. */
    OVERFLOW,
    /** An index, a sequence. */
    OTHER
  }

  /**
   * What a file is called.
   *
   * @param table with its schema, and for overflow storage the table that it belongs to; empty when
   *     only the database is known
   */
  record Name(String database, String table, Kind kind) {
    Name {
      requireNonNull(database, "database");
      requireNonNull(table, "table");
      requireNonNull(kind, "kind");
    }
  }

  private final ServerParts parts;
  private final Copies copies;

  OfflineCatalog(ServerParts parts, Copies copies) {
    this.parts = parts;
    this.copies = copies;
  }

  static boolean isCatalog(Node node) {
    return node.database() == 0 || node.file() < FIRST_OF_USERS;
  }

  /** The names of these files; those of catalogs are not asked for. */
  Map<Node, Name> names(Collection<Node> nodes, Deadline deadline) {
    SortedMap<Long, List<Node>> asked = new TreeMap<>();
    nodes.stream()
        .filter(node -> !isCatalog(node))
        .limit(ASKED)
        .forEach(node -> asked.computeIfAbsent(node.database(), _ -> new ArrayList<>()).add(node));
    Map<Node, Name> names = new HashMap<>();
    if (asked.isEmpty()) {
      return names;
    }
    copies.prepareTarget(deadline);
    parts.inspected(true);
    try {
      read(asked, names, deadline);
    } finally {
      parts.inspected(false);
    }
    return names;
  }

  private void read(SortedMap<Long, List<Node>> asked, Map<Node, Name> names, Deadline deadline) {
    Map<Long, String> databases = new HashMap<>();
    for (String[] row : ask("template1", DATABASES, deadline)) {
      databases.put(Long.parseLong(row[0]), text(row[1]));
    }
    asked.forEach(
        (oid, files) -> {
          String database = databases.get(oid);
          if (database != null) {
            files.forEach(node -> names.put(node, new Name(database, "", Kind.TABLE)));
            names.putAll(tables(oid, database, files, deadline));
          }
        });
  }

  private Map<Node, Name> tables(long oid, String database, List<Node> files, Deadline deadline) {
    List<String> values =
        files.stream()
            .map(node -> "(%d::oid, %d::oid)".formatted(node.tablespace(), node.file()))
            .toList();
    Map<Node, Name> names = new HashMap<>();
    for (String[] row : ask(database, tables(String.join(", ", values)), deadline)) {
      names.put(
          new Node(Long.parseLong(row[0]), oid, Long.parseLong(row[1])),
          new Name(database, text(row[3]), Kind.valueOf(row[2])));
    }
    return names;
  }

  /** A file is found by its number, or by the table that it was made for and that left it since. */
  private static String tables(String files) {
    return "COPY (SELECT '"
        + MARK
        + "' || a.space || '|' || a.file || '|' ||"
        + " CASE WHEN n.nspname = 'pg_catalog' THEN 'CATALOG'"
        + " WHEN r.oid <> c.oid THEN 'OVERFLOW'"
        + " WHEN c.relkind IN ('r', 'm', 'p') THEN 'TABLE' ELSE 'OTHER' END || '|' ||"
        + " encode(convert_to(quote_ident(n.nspname) || '.' || quote_ident(c.relname), 'UTF8'),"
        + " 'hex')"
        + " FROM (VALUES "
        + files
        + ") a(space, file) CROSS JOIN LATERAL"
        + " (SELECT coalesce(pg_filenode_relation(a.space, a.file), a.file) AS oid) f"
        + " JOIN pg_catalog.pg_class r ON r.oid = f.oid"
        + " JOIN pg_catalog.pg_class c ON c.oid = coalesce((SELECT o.oid FROM pg_catalog.pg_class o"
        + " WHERE r.relkind = 't' AND o.reltoastrelid = r.oid), r.oid)"
        + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace) TO STDOUT\n";
  }

  private static String text(String hex) {
    return new String(HexFormat.of().parseHex(hex), UTF_8);
  }

  /** The rows that the statement prints, each behind the mark. */
  private List<String[]> ask(String database, String statement, Deadline deadline) {
    List<String[]> rows = new ArrayList<>();
    List<String> said = new ArrayList<>();
    OptionalInt exit =
        parts.programs().stream(
            "postgres",
            List.of("--single", "-D", parts.dataDir().toString(), database),
            statement,
            line -> {
              int mark = line.indexOf(MARK);
              if (mark >= 0) {
                rows.add(line.substring(mark + MARK.length()).strip().split("\\|", -1));
              } else if (said.size() < 100) {
                said.add(line);
              }
            },
            deadline);
    if (exit.isEmpty()) {
      throw deadline.timeout("reading the catalogs of " + database);
    }
    if (exit.getAsInt() != 0) {
      throw new PostgresException.CommandFailed("postgres --single", exit.getAsInt(), said);
    }
    return rows;
  }
}
