package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.SyncNames;
import dev.matriarch.engine.Synchrony.Mode;
import dev.matriarch.promises.Promise;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

@Promise("P121")
class StandbyNamesTest {

  private static SyncNames any(int needed, String... names) {
    return new SyncNames(needed, new TreeSet<>(List.of(names)));
  }

  @Test
  void asynchronousIsEmpty() {
    assertThat(StandbyNames.format(SyncNames.NONE, Mode.QUORUM)).isEmpty();
    assertThat(StandbyNames.parse("")).isEqualTo(SyncNames.NONE);
  }

  @Test
  @Promise("P203")
  void namesAreSortedWithoutBlanks() {
    assertThat(StandbyNames.format(any(1, "b", "a"), Mode.QUORUM)).isEqualTo("ANY 1 (\"a\",\"b\")");
    assertThat(StandbyNames.format(any(2, "b", "a"), Mode.PRIORITY)).isEqualTo("2 (\"a\",\"b\")");
    assertThat(StandbyNames.format(any(1, "a"), Mode.PRIORITY)).isEqualTo("\"a\"");
  }

  @Test
  void strictWithoutStandbysNamesOneThatDoesNotExist() {
    String quorum = StandbyNames.format(SyncNames.NOBODY, Mode.QUORUM);
    String priority = StandbyNames.format(SyncNames.NOBODY, Mode.PRIORITY);

    assertThat(quorum).isEqualTo("ANY 1 (__patroni_strict_sync_replica_placeholder__)");
    assertThat(priority).isEqualTo("__patroni_strict_sync_replica_placeholder__");
    assertThat(StandbyNames.parse(quorum)).isEqualTo(SyncNames.NOBODY);
    assertThat(StandbyNames.parse(priority)).isEqualTo(SyncNames.NOBODY);
  }

  @Test
  void whatIsWrittenIsReadBack() {
    for (Mode mode : List.of(Mode.QUORUM, Mode.PRIORITY)) {
      for (SyncNames names :
          List.of(any(1, "pg-test-1"), any(1, "x", "y"), any(2, "x", "y", "z"), any(1, "q\"x"))) {
        assertThat(StandbyNames.parse(StandbyNames.format(names, mode))).isEqualTo(names);
      }
    }
  }

  @Test
  void handWrittenNamesAreRead() {
    assertThat(StandbyNames.parse("any 1 (a, b)")).isEqualTo(any(1, "a", "b"));
    assertThat(StandbyNames.parse("FIRST 2 (a, b, c)")).isEqualTo(any(2, "a", "b", "c"));
    assertThat(StandbyNames.parse("a")).isEqualTo(any(1, "a"));
  }
}
