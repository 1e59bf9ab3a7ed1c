package dev.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    assertThat(
            new TextTable(Palette.PLAIN, "Member", "TL").row("pg-test-1", "12").render("pg-test"))
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
    assertThat(new TextTable(Palette.PLAIN, "A").row("b").render("a long title"))
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

  @Test
  void coloursChangeNoWidth() {
    String plain = new TextTable(Palette.PLAIN, "State").row("running").row("x").render();
    String coloured = new TextTable(Palette.COLOURS, "State").row("running").row("x").render();
    assertThat(coloured).contains("\u001b[32mrunning\u001b[0m");
    assertThat(coloured.replaceAll("\u001b\\[[0-9]+m", "")).isEqualTo(plain);
  }
}
