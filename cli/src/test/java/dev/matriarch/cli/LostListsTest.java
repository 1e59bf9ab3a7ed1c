package dev.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LostListsTest {
  private static final String LIST =
      """
      {"at":"2026-11-26T08:00:00.123Z","member":"pg-test-1","system_identifier":"7301",
       "leader":"pg-test-2","timeline":3,"from":"0/3000060","to":"0/3010000","bytes":65440,
       "transactions":12,"complete":%s,"gaps":[],"wal":"/x","tables":[{"label":"app.public.a"},
       {"label":"app.public.b"},{"label":"app.public.c"},{"label":"app.public.d"}],
       "listed":[{"xid":730}]}
      """;

  @Test
  void oneLineForEachList() {
    LostLists.Lost lost = LostLists.read("[" + LIST.formatted("true") + "]").getFirst();
    assertThat(lost.line())
        .isEqualTo(
            "2026-11-26T08:00:00.123Z  pg-test-1 came back without 12 transactions of timeline 3"
                + " (0/3000060 to 0/3010000): app.public.a, app.public.b, app.public.c, ...");
    assertThat(lost.data()).containsEntry("transactions", 12).doesNotContainKey("listed");
    assertThat(LostLists.read("[" + LIST.formatted("false") + "]").getFirst().line())
        .contains("0/3010000, not completely listed)");
  }

  @Test
  void othersTellNothing() {
    assertThat(LostLists.read("{\"state\":\"running\"}")).isEmpty();
    assertThat(LostLists.read("not found")).isEmpty();
    assertThat(LostLists.read("")).isEmpty();
  }

  @Test
  void listsOfOtherDataAreLeftOut() {
    LostLists all = new LostLists(LostLists.read("[" + LIST.formatted("true") + "]"));
    assertThat(all.ofSystem("7301").all()).hasSize(1);
    assertThat(all.ofSystem("7302").all()).isEmpty();
  }
}
