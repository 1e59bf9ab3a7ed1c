package dev.matriarch.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.postgres.OfflineCatalog.Kind;
import dev.matriarch.postgres.OfflineCatalog.Name;
import dev.matriarch.postgres.WalNotes.Node;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is read from the output of pg_waldump: pieces of a real one, and the forms of others. */
class WalNotesTest {
  private static final long SEGMENT = 4L << 20;
  private static final Node ORDERS = new Node(1663, 16384, 16386);
  private static final Node PART = new Node(1663, 16384, 16398);
  private static final Map<Node, Name> NAMES =
      Map.of(
          ORDERS,
          new Name("app", "shop.orders", Kind.TABLE),
          new Node(1663, 16384, 16406),
          new Name("app", "shop.orders", Kind.TABLE),
          PART,
          new Name("app", "public.part", Kind.TABLE),
          new Node(1663, 16384, 16405),
          new Name("app", "public.part", Kind.TABLE),
          new Node(1663, 16384, 16393),
          new Name("app", "shop.big", Kind.TABLE),
          new Node(1663, 16384, 16396),
          new Name("app", "shop.big", Kind.OVERFLOW),
          new Node(1663, 16384, 16389),
          new Name("app", "shop.orders", Kind.OVERFLOW));

  private static WalNotes read(Lsn from) throws IOException {
    WalNotes notes = new WalNotes(from, SEGMENT);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(WalNotesTest.class.getResourceAsStream("/waldump/pg15.txt")),
                UTF_8))) {
      lines.lines().forEach(notes::line);
    }
    return notes;
  }

  private static LostWork told(WalNotes notes, Lsn from) {
    return new LostTables(notes, NAMES, 100).work(1, from, notes.end().orElse(from), List.of());
  }

  @Test
  void committedTransactionsAreTold() throws IOException {
    Lsn from = Lsn.parse("0/D4C5B0");
    LostWork work = told(read(from), from);
    assertThat(work.first())
        .extracting(LostWork.Transaction::xid)
        .as("neither those that were rolled back nor one that is only prepared")
        .containsExactly(
            730L, 731L, 732L, 733L, 738L, 739L, 740L, 741L, 742L, 743L, 744L, 745L, 746L, 748L);
    assertThat(work.transactions()).isEqualTo(14);
    assertThat(work.first().getFirst().committed())
        .isEqualTo(Instant.parse("2026-11-26T07:45:11.293568Z"));
    assertThat(work.first().getFirst().tables()).containsExactly("app.shop.orders");
    assertThat(work.first().getFirst().catalogs()).isFalse();
    assertThat(transaction(work, 733).tables())
        .as("its subtransactions that were not rolled back count")
        .containsExactly("app.public.part", "app.shop.orders");
    assertThat(transaction(work, 740).catalogs()).isTrue();
    assertThat(transaction(work, 740).tables()).isEmpty();
    assertThat(transaction(work, 741).tables())
        .as("made after the histories parted, and asked of nobody")
        .containsExactly("database 16384, file 16402");
    assertThat(transaction(work, 746).at()).isEqualTo(Lsn.parse("0/D8ACA8"));
    assertThat(work.gaps()).isEmpty();
  }

  private static LostWork.Transaction transaction(LostWork work, long xid) {
    return work.first().stream().filter(each -> each.xid() == xid).findFirst().orElseThrow();
  }

  @Test
  void rowsAreCountedByTable() throws IOException {
    Lsn from = Lsn.parse("0/D4C5B0");
    LostWork work = told(read(from), from);
    assertThat(work.tables())
        .extracting(LostWork.Table::label)
        .containsExactly(
            "app.shop.orders", "app.public.part", "app.shop.big", "database 16384, file 16402");
    LostWork.Table orders = work.tables().get(0);
    assertThat(orders.updated()).isEqualTo(3);
    assertThat(orders.deleted()).isEqualTo(1);
    assertThat(orders.replaced()).as("VACUUM FULL").isEqualTo(1);
    LostWork.Table part = work.tables().get(1);
    assertThat(part.inserted()).as("1 and 3, a hundred by COPY, 5").isEqualTo(103);
    assertThat(part.replaced()).as("TRUNCATE").isEqualTo(1);
    LostWork.Table big = work.tables().get(2);
    assertThat(big.inserted()).as("its overflow rows are no rows of it").isEqualTo(1);
    assertThat(big.transactions()).isEqualTo(1);
  }

  @Test
  void whatCommittedBeforeIsLeftOutButItsTransactionsGoOn() throws IOException {
    Lsn from = Lsn.parse("0/D4CCD8");
    LostWork work = told(read(from), from);
    assertThat(work.first().getFirst().xid()).isEqualTo(733);
    assertThat(work.first().getFirst().tables())
        .as("with the row that it wrote before that position")
        .contains("app.shop.orders");
  }

  @Test
  void theEndOfTheLastRecordIsTheEnd() throws IOException {
    assertThat(read(Lsn.ZERO).end()).contains(Lsn.parse("0/11432A0"));
    WalNotes across = new WalNotes(Lsn.ZERO, SEGMENT);
    assertThat(across.end()).isEqualTo(Optional.empty());
    across.line(
        "rmgr: Heap        len (rec/tot):   2063/  2063, tx:        739, lsn: 0/00D4F558, prev"
            + " 0/00D4F518, desc: INSERT+INIT off 1 flags 0x18, blkref #0: rel 1663/16384/16396");
    assertThat(across.end()).as("no page lies between").contains(Lsn.parse("0/D4FD68"));
    across.line(
        "rmgr: Heap        len (rec/tot):   2063/  2063, tx:        739, lsn: 0/00D4FDA8, prev"
            + " 0/00D4FD68, desc: INSERT off 2 flags 0x18, blkref #0: rel 1663/16384/16396 blk 1");
    assertThat(across.end()).as("a page's header lies between").contains(Lsn.parse("0/D505D0"));
  }

  @Test
  void laterReleasesWriteColons() {
    WalNotes notes = new WalNotes(Lsn.ZERO, SEGMENT);
    notes.line(
        "rmgr: Heap2       len (rec/tot):   1450/  1450, tx:        738, lsn: 0/00D4CDC0, prev"
            + " 0/00D4CD98, desc: MULTI_INSERT ntuples: 100, flags: 0x0A, blkref #0: rel"
            + " 1663/16384/16398 blk 0");
    notes.line(
        "rmgr: Heap        len (rec/tot):     64/    64, tx:        738, lsn: 0/00D4CDD0, prev"
            + " 0/00D4CDC0, desc: DELETE xmax: 738, off: 5, infobits: [KEYS_UPDATED], flags: 0x04,"
            + " blkref #0: rel 1663/16384/16398 blk 0");
    notes.line(
        "rmgr: Transaction len (rec/tot):     46/    46, tx:        738, lsn: 0/00D4D370, prev"
            + " 0/00D4CDC0, desc: COMMIT 2026-11-26 07:45:11.296471 UTC");
    LostWork work = told(notes, Lsn.ZERO);
    assertThat(work.tables().getFirst().inserted()).isEqualTo(100);
    assertThat(work.tables().getFirst().deleted()).isEqualTo(1);
  }

  @Test
  void ourOwnProofsAreNoLoss() {
    WalNotes notes = new WalNotes(Lsn.ZERO, SEGMENT);
    notes.line(
        "rmgr: LogicalMessage len (rec/tot):     71/    71, tx:        750, lsn: 0/00D4CDC0, prev"
            + " 0/00D4CD98, desc: transactional, prefix \"matriarch\"; payload (5 bytes): 70 72 6F");
    notes.line(
        "rmgr: Transaction len (rec/tot):     46/    46, tx:        750, lsn: 0/00D4D370, prev"
            + " 0/00D4CDC0, desc: COMMIT 2026-11-26 07:45:11.296471 UTC");
    assertThat(notes.transactions()).isZero();
  }

  @Test
  void nonsenseIsNoLine() {
    WalNotes notes = new WalNotes(Lsn.ZERO, SEGMENT);
    notes.line("first record is after 0/D4C5A8, at 0/D4C5B0, skipping over 8 bytes");
    notes.line("pg_waldump: error: could not find file \"000000010000000000000006\"");
    notes.line("");
    assertThat(notes.transactions()).isZero();
    assertThat(notes.end()).isEmpty();
  }

  @Test
  void aTableThatOnlyLostAFileIsNamedIfItCanBe() {
    WalNotes notes = new WalNotes(Lsn.ZERO, SEGMENT);
    notes.line(
        "rmgr: Transaction len (rec/tot):    114/   114, tx:        742, lsn: 0/00D7D910, prev"
            + " 0/00D7D8E0, desc: COMMIT 2026-11-26 07:45:11.302454 UTC; rels: base/16384/16398"
            + " pg_tblspc/16999/PG_15_202209061/16384/17000; inval msgs: catcache 55");
    assertThat(notes.changed()).containsOnlyKeys(PART, new Node(16999, 16384, 17000));
    assertThat(told(notes, Lsn.ZERO).tables())
        .extracting(LostWork.Table::label)
        .containsExactly("app.public.part");
  }
}
