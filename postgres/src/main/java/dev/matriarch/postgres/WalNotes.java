package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what pg_waldump prints, line by line, and keeps what committed from a position on, and what
 * it changed. Lines before that position only tell what transactions had done that committed after
 * it. Knows the forms of PostgreSQL 13 to 18.
 */
final class WalNotes {
  private static final int LISTED = 1_000;
  private static final int OPEN = 200_000;
  private static final long PAGE = 8_192;
  private static final long PAGE_HEADER = 24;
  private static final long SEGMENT_HEADER = 40;

  /** What our own proofs that commits are durable write. */
  private static final String PROOF = "prefix \"matriarch\"";

  private static final Pattern LENGTH = Pattern.compile("len \\(rec/tot\\): *\\d+/ *(\\d+),");
  private static final Pattern FILE = Pattern.compile("\\brel (\\d+)/(\\d+)/(\\d+)\\b");
  private static final Pattern PATH =
      Pattern.compile("\\b(?:base|pg_tblspc/(\\d+)/[^/; ]+)/(\\d+)/(\\d+)\\b");
  private static final Pattern TUPLES = Pattern.compile("MULTI_INSERT\\S* (?:ntuples: )?(\\d+)");
  private static final Pattern END =
      Pattern.compile("(?:COMMIT|ABORT)(?:_PREPARED (\\d+):)? (\\d{4}-\\S+ \\S+) UTC");
  private static final Pattern SUBTRANSACTIONS = Pattern.compile("; subxacts:((?: \\d+)+)");
  private static final Pattern DROPPED = Pattern.compile("; rels:([^;]+)");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);
  private static final long DEFAULT_TABLESPACE = 1_663;

  /** A file of a table, as WAL names it. */
  record Node(long tablespace, long database, long file) {}

  /** What was done to one of them. */
  static final class Changes {
    long transactions;
    long inserted;
    long updated;
    long deleted;
    long replaced;

    void add(Changes more) {
      inserted += more.inserted;
      updated += more.updated;
      deleted += more.deleted;
      replaced += more.replaced;
    }
  }

  /** A transaction that committed, with what it changed. */
  record Commit(long xid, Instant at, Lsn position, Set<Node> changed) {
    Commit {
      requireNonNull(at, "at");
      requireNonNull(position, "position");
      changed = Set.copyOf(changed);
    }
  }

  private final Lsn from;
  private final long segment;
  private final Map<Long, Map<Node, Changes>> open = new HashMap<>();
  private final Set<Long> proofs = new HashSet<>();
  private final Map<Node, Changes> changed = new LinkedHashMap<>();
  private final List<Commit> first = new ArrayList<>();
  private long transactions;
  private String last = "";
  private boolean overflowed;

  /**
   * @param from where what is looked for begins
   * @param segment the size of a WAL segment
   */
  WalNotes(Lsn from, long segment) {
    this.from = requireNonNull(from, "from");
    this.segment = segment;
  }

  void line(String line) {
    if (!line.startsWith("rmgr: ")) {
      return;
    }
    last = line;
    // Nearly all lines are of other kinds, and there may be millions.
    if (line.startsWith("Heap", 6)) {
      change(line);
    } else if (line.startsWith("Transaction ", 6)) {
      end(line);
    } else if (line.startsWith("LogicalMessage ", 6) && line.contains(PROOF)) {
      proofs.add(xid(line));
    }
  }

  private static long xid(String line) {
    int at = line.indexOf(" tx:");
    int end = line.indexOf(',', at);
    return Long.parseLong(line.substring(at + 4, end).strip());
  }

  private static Lsn position(String line) {
    int at = line.indexOf(" lsn: ");
    return Lsn.parse(line.substring(at + 6, line.indexOf(',', at)));
  }

  private static String description(String line) {
    return line.substring(line.indexOf("desc: ") + 6);
  }

  private void change(String line) {
    String what = description(line);
    Changes done = new Changes();
    if (what.startsWith("INSERT")) {
      done.inserted = 1;
    } else if (what.startsWith("MULTI_INSERT")) {
      Matcher tuples = TUPLES.matcher(what);
      done.inserted = tuples.find() ? Long.parseLong(tuples.group(1)) : 1;
    } else if (what.startsWith("UPDATE") || what.startsWith("HOT_UPDATE")) {
      done.updated = 1;
    } else if (what.startsWith("DELETE")) {
      done.deleted = 1;
    } else {
      return;
    }
    Matcher file = FILE.matcher(what);
    if (file.find()) {
      note(
          xid(line),
          new Node(
              Long.parseLong(file.group(1)),
              Long.parseLong(file.group(2)),
              Long.parseLong(file.group(3))),
          done);
    }
  }

  private void note(long xid, Node node, Changes done) {
    if (open.size() >= OPEN && !open.containsKey(xid)) {
      overflowed = true;
      return;
    }
    open.computeIfAbsent(xid, _ -> new LinkedHashMap<>())
        .computeIfAbsent(node, _ -> new Changes())
        .add(done);
  }

  private void end(String line) {
    Matcher end = END.matcher(description(line));
    if (!end.lookingAt()) {
      return;
    }
    long xid = end.group(1) == null ? xid(line) : Long.parseLong(end.group(1));
    boolean committed = end.group().startsWith("COMMIT");
    if (committed) {
      dropped(line).forEach(node -> note(xid, node, replacing()));
    }
    Map<Node, Changes> all = new LinkedHashMap<>();
    boolean ours = proofs.remove(xid);
    take(xid, all);
    Matcher subtransactions = SUBTRANSACTIONS.matcher(line);
    if (subtransactions.find()) {
      for (String each : subtransactions.group(1).strip().split(" ", -1)) {
        take(Long.parseLong(each), all);
      }
    }
    Lsn position = position(line);
    if (committed && position.reached(from) && !(ours && all.isEmpty())) {
      commit(new Commit(xid, time(end.group(2)), position, all.keySet()), all);
    }
  }

  private static Changes replacing() {
    Changes done = new Changes();
    done.replaced = 1;
    return done;
  }

  /** The files that go with this commit. */
  private static List<Node> dropped(String line) {
    List<Node> nodes = new ArrayList<>();
    Matcher list = DROPPED.matcher(line);
    if (list.find()) {
      Matcher path = PATH.matcher(list.group(1));
      while (path.find()) {
        long tablespace =
            path.group(1) == null ? DEFAULT_TABLESPACE : Long.parseLong(path.group(1));
        nodes.add(
            new Node(tablespace, Long.parseLong(path.group(2)), Long.parseLong(path.group(3))));
      }
    }
    return nodes;
  }

  private void take(long xid, Map<Node, Changes> into) {
    Map<Node, Changes> done = open.remove(xid);
    if (done != null) {
      done.forEach((node, more) -> into.computeIfAbsent(node, _ -> new Changes()).add(more));
    }
  }

  private void commit(Commit commit, Map<Node, Changes> done) {
    transactions++;
    if (first.size() < LISTED) {
      first.add(commit);
    }
    done.forEach(
        (node, more) -> {
          Changes all = changed.computeIfAbsent(node, _ -> new Changes());
          all.add(more);
          all.transactions++;
        });
  }

  private static Instant time(String text) {
    try {
      return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  long transactions() {
    return transactions;
  }

  List<Commit> first() {
    return first;
  }

  Map<Node, Changes> changed() {
    return changed;
  }

  /** There were more transactions at once than could be kept apart. */
  boolean overflowed() {
    return overflowed;
  }

  /** Where the last record ended; empty when there was none. */
  Optional<Lsn> end() {
    Matcher length = LENGTH.matcher(last);
    return length.find()
        ? Optional.of(after(position(last), Long.parseLong(length.group(1))))
        : Optional.empty();
  }

  /** Records are aligned, and go on behind the header of the next page. */
  private Lsn after(Lsn begin, long length) {
    long at = begin.value();
    long left = (length + 7) & ~7L;
    while (left > 0) {
      long room = PAGE - at % PAGE;
      long taken = Math.min(room, left);
      at += taken;
      left -= taken;
      if (left > 0) {
        at += at % segment == 0 ? SEGMENT_HEADER : PAGE_HEADER;
      }
    }
    return new Lsn(at);
  }
}
