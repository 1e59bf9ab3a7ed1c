package dev.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    assertThat(new TextTable("Member", "TL").row("pg-test-1", "12").render("pg-test"))
        .isEqualTo(
            """
            + pg-test --+----+
            | Member    | TL |
            +-----------+----+
            | pg-test-1 | 12 |
            +-----------+----+
            """);
  }

  @Test
  void aTitleThatIsTooWideStandsAbove() {
    assertThat(new TextTable("A").row("b").render("a long title"))
        .isEqualTo(
            """
            a long title
            +---+
            | A |
            +---+
            | b |
            +---+
            """);
  }
}
