package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.postgres.LostWork;
import dev.matriarch.postgres.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of lost transactions and their WAL, on disk. */
class LostFolderTest {
  private static final Instant AT = Instant.parse("2026-11-26T08:00:00Z");

  @TempDir private Path root;
  private LostFolder folder;

  @BeforeEach
  void make() {
    folder = new LostFolder(root.resolve("data.lost"), 3, 1_000);
  }

  private static String name(int minute) {
    return LostFolder.name(AT.plusSeconds(60L * minute));
  }

  private Path segment(int size) throws IOException {
    return Files.write(root.resolve("segment-" + size), new byte[size]);
  }

  @Test
  void theNewestListsAreKeptForTheirOwnerAlone() throws IOException {
    assertThat(folder.files()).isEmpty();
    for (int i = 0; i < 5; i++) {
      folder.write(name(i), "{\"n\":" + i + "}");
    }
    assertThat(folder.files())
        .containsExactly(folder.list(name(4)), folder.list(name(3)), folder.list(name(2)));
    assertThat(LostHands.told(folder)).isEqualTo("[{\"n\":4},{\"n\":3},{\"n\":2}]");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.list(name(4)))))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.folder())))
        .isEqualTo("rwx------");
  }

  @Test
  void walIsKeptUpToALimitTheOldestGoes() throws IOException {
    assertThat(folder.keep(name(0), List.of(segment(600)))).isEmpty();
    assertThat(folder.wal(name(0)).resolve("segment-600")).hasSize(600);
    assertThat(folder.keep(name(1), List.of(segment(300)))).isEmpty();
    assertThat(folder.wal(name(0))).as("both fit").exists();
    assertThat(folder.keep(name(2), List.of(segment(200)))).isEmpty();
    assertThat(folder.wal(name(0))).doesNotExist();
    assertThat(folder.wal(name(1))).exists();
    assertThat(folder.keep(name(3), List.of(segment(2_000)))).contains("more than");
    assertThat(folder.wal(name(2))).as("nothing went for what does not fit").exists();
    folder.forget(name(2));
    assertThat(folder.wal(name(2))).doesNotExist();
  }

  private static LostList list(long to, List<String> gaps) {
    return new LostList(
        "n1",
        "7301",
        "n2",
        AT,
        new LostWork(
            1,
            new Lsn(0x3000060),
            new Lsn(to),
            2,
            List.of(
                new LostWork.Transaction(
                    730, AT, new Lsn(0x3000100), new TreeSet<>(List.of("app.public.t")), false)),
            List.of(new LostWork.Table("app", "public.t", 16384, 16386, 2, 3, 1, 0, 0)),
            gaps));
  }

  @Test
  void aListIsToldInOneSentenceAndOneObject() {
    assertThat(list(0x3000200, List.of()).sentence())
        .isEqualTo(
            "lost: 2 transactions that committed here are not in the history of n2 and will be"
                + " undone; timeline 1, 0/3000060 to 0/3000200, 416 bytes; tables: app.public.t"
                + " (4 rows)");
    assertThat(list(0x3000200, List.of("30 s were over")).sentence())
        .endsWith("; not complete: 30 s were over");
    assertThat(list(0x3000200, List.of()).json("/x.wal", ""))
        .contains("\"transactions\":2", "\"complete\":true", "\"wal\":\"/x.wal\"")
        .contains("\"xid\":730", "\"committed_at\":\"2026-11-26T08:00:00Z\"");
    assertThat(list(0x3000200, List.of()).json("", "no room"))
        .contains("\"wal_not_kept\":\"no room\"");
  }

  @Test
  void theSameIsToldOnce() {
    String told = list(0x3000200, List.of()).json("", "");
    assertThat(list(0x3000300, List.of()).isToldBy(told)).as("complete").isTrue();
    String hasty = list(0x3000200, List.of("30 s were over")).json("", "");
    assertThat(list(0x3000300, List.of()).isToldBy(hasty)).as("it has more").isFalse();
    assertThat(list(0x3000200, List.of("x")).isToldBy("not JSON")).isFalse();
  }
}
