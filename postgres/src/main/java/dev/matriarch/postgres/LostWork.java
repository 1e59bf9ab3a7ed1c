package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a server's WAL has beyond the history of the one that it is to follow: a rewind or a new
 * copy throws it away.
 *
 * @param timeline the server's own
 * @param from the end of what both have in common
 * @param to the end of its WAL, as far as it could be read
 * @param transactions how many committed there; those that changed no row are not counted
 * @param first so many of them that the list stays readable, oldest first
 * @param tables what they changed
 * @param gaps why the list may lack something, one sentence each; empty when it is complete
 */
public record LostWork(
    int timeline,
    Lsn from,
    Lsn to,
    long transactions,
    List<Transaction> first,
    List<Table> tables,
    List<String> gaps) {

  /**
   * A transaction that committed.
   *
   * @param xid its number
   * @param at its commit record
   * @param tables what it changed, as {@link Table#label}
   * @param catalogs it changed system catalogs: tables were made, altered or dropped, or analysed
   */
  public record Transaction(
      long xid, Instant committed, Lsn at, SortedSet<String> tables, boolean catalogs) {
    public Transaction {
      requireNonNull(committed, "committed");
      requireNonNull(at, "at");
      tables = Collections.unmodifiableSortedSet(new TreeSet<>(tables));
    }
  }

  /**
   * A table that transactions changed.
   *
   * @param database its name; empty when it is not known
   * @param name with its schema; empty when it is not known
   * @param databaseOid the database's number
   * @param file the number of the file that held the table ({@code relfilenode})
   * @param transactions how many changed it
   * @param replaced how often it was truncated, rewritten or dropped
   */
  public record Table(
      String database,
      String name,
      long databaseOid,
      long file,
      long transactions,
      long inserted,
      long updated,
      long deleted,
      long replaced) {
    public Table {
      requireNonNull(database, "database");
      requireNonNull(name, "name");
    }

    /** {@code database.schema.table}, with numbers for what has no known name. */
    public String label() {
      String where = database.isEmpty() ? "database " + databaseOid : database;
      return name.isEmpty() ? where + ", file " + file : where + "." + name;
    }
  }

  public LostWork {
    requireNonNull(from, "from");
    requireNonNull(to, "to");
    first = List.copyOf(first);
    tables = List.copyOf(tables);
    gaps = List.copyOf(gaps);
  }

  public long bytes() {
    return Math.max(0, to.bytesSince(from));
  }

  /** Nothing was written there: nobody loses anything. */
  public boolean isNothing() {
    return bytes() == 0 && gaps.isEmpty();
  }
}
