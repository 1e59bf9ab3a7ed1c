package dev.matriarch.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.postgres.Divergence.Stretch;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where histories part. */
class DivergenceTest {
  private static Lsn at(String text) {
    return Lsn.parse(text);
  }

  private static TimelineHistory history(int timeline, String text) {
    return TimelineHistory.parse(timeline, text);
  }

  @Test
  void aFormerPrimaryWentOnWhereItsSuccessorBegan() {
    assertThat(Divergence.between(history(1, ""), history(2, "1 0/500 x"), false))
        .contains(
            new Divergence(
                at("0/500"), java.util.List.of(new Stretch(1, at("0/500"), Optional.empty()))));
  }

  @Test
  void twoThatLeftTheSameTimeline() {
    Divergence found =
        Divergence.between(history(2, "1 0/600 x"), history(3, "1 0/500 x"), false).orElseThrow();
    assertThat(found.at()).isEqualTo(at("0/500"));
    assertThat(found.stretches())
        .containsExactly(
            new Stretch(1, at("0/500"), Optional.of(at("0/600"))),
            new Stretch(2, at("0/600"), Optional.empty()));
    Divergence earlier =
        Divergence.between(history(2, "1 0/400 x"), history(3, "1 0/500 x"), false).orElseThrow();
    assertThat(earlier.stretches()).containsExactly(new Stretch(2, at("0/400"), Optional.empty()));
  }

  @Test
  void nothingPartsWhoAreOnTheSameTimeline() {
    assertThat(Divergence.between(history(2, "1 0/500 x"), history(2, "1 0/500 x"), false))
        .isEmpty();
  }

  @Test
  void oneNumberTwoTimelines() {
    assertThat(
            Divergence.between(history(2, "1 0/600 x"), history(2, "1 0/500 x"), false)
                .orElseThrow()
                .at())
        .as("told by where they began")
        .isEqualTo(at("0/500"));
    assertThat(
            Divergence.between(history(2, "1 0/500 x"), history(3, "1 0/500 x\n2 0/900 x"), true)
                .orElseThrow()
                .stretches())
        .as("told by who began them")
        .containsExactly(new Stretch(2, at("0/500"), Optional.empty()));
  }

  @Test
  void nothingInCommon() {
    Divergence found =
        Divergence.between(history(3, "2 0/500 x"), history(4, "1 0/500 x"), false).orElseThrow();
    assertThat(found.at()).isEqualTo(Lsn.ZERO);
    assertThat(found.stretches()).hasSize(2);
  }
}
