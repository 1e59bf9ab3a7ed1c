package dev.matriarch.postgres;

import dev.matriarch.postgres.OfflineCatalog.Kind;
import dev.matriarch.postgres.OfflineCatalog.Name;
import dev.matriarch.postgres.WalNotes.Changes;
import dev.matriarch.postgres.WalNotes.Commit;
import dev.matriarch.postgres.WalNotes.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Puts names to what was read from WAL. */
final class LostTables {
  private final WalNotes notes;
  private final Map<Node, Name> names;
  private final int most;

  /**
   * @param most so many tables are told
   */
  LostTables(WalNotes notes, Map<Node, Name> names, int most) {
    this.notes = notes;
    this.names = names;
    this.most = most;
  }

  LostWork work(int timeline, Lsn from, Lsn to, List<String> gaps) {
    List<String> reasons = new ArrayList<>(gaps);
    List<LostWork.Table> tables = tables();
    if (tables.size() > most) {
      reasons.add("%d tables were changed; %d are named".formatted(tables.size(), most));
    }
    if (notes.overflowed()) {
      reasons.add("too many transactions were under way at once; some tables may be missing");
    }
    return new LostWork(
        timeline,
        from,
        to,
        notes.transactions(),
        notes.first().stream().map(this::transaction).toList(),
        tables.stream().limit(most).toList(),
        reasons);
  }

  private boolean isCatalog(Node node) {
    return OfflineCatalog.isCatalog(node)
        || Optional.ofNullable(names.get(node)).filter(n -> n.kind() == Kind.CATALOG).isPresent();
  }

  /** A table's file; what is gone without a name was an index, or a table that was dropped. */
  private Optional<LostWork.Table> table(Node node) {
    Changes changes = notes.changed().getOrDefault(node, new Changes());
    Name name = names.getOrDefault(node, new Name("", "", Kind.TABLE));
    boolean rows = changes.inserted + changes.updated + changes.deleted > 0;
    boolean ofTable = name.kind() == Kind.TABLE || name.kind() == Kind.OVERFLOW;
    if (isCatalog(node) || !ofTable || (name.table().isEmpty() && !rows)) {
      return Optional.empty();
    }
    if (name.kind() == Kind.OVERFLOW) {
      // Its rows are parts of the table's, which are counted there.
      changes = new Changes();
    }
    return Optional.of(
        new LostWork.Table(
            name.database(),
            name.table(),
            node.database(),
            node.file(),
            changes.transactions,
            changes.inserted,
            changes.updated,
            changes.deleted,
            changes.replaced));
  }

  /** A table that had several files, or overflow storage, is told once. */
  private List<LostWork.Table> tables() {
    Map<String, LostWork.Table> byLabel = new LinkedHashMap<>();
    notes
        .changed()
        .keySet()
        .forEach(
            node ->
                table(node)
                    .ifPresent(table -> byLabel.merge(table.label(), table, LostTables::both)));
    return byLabel.values().stream()
        .sorted(
            Comparator.comparingLong(LostWork.Table::transactions)
                .reversed()
                .thenComparing(LostWork.Table::label))
        .toList();
  }

  private static LostWork.Table both(LostWork.Table one, LostWork.Table other) {
    return new LostWork.Table(
        one.database(),
        one.name(),
        one.databaseOid(),
        one.file(),
        one.transactions() + other.transactions(),
        one.inserted() + other.inserted(),
        one.updated() + other.updated(),
        one.deleted() + other.deleted(),
        one.replaced() + other.replaced());
  }

  private LostWork.Transaction transaction(Commit commit) {
    SortedSet<String> labels = new TreeSet<>();
    commit.changed().forEach(node -> table(node).ifPresent(table -> labels.add(table.label())));
    return new LostWork.Transaction(
        commit.xid(),
        commit.at(),
        commit.position(),
        labels,
        commit.changed().stream().anyMatch(this::isCatalog));
  }
}
