package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Server.Condition;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A member that gets its WAL from the archive alone (drop-in contract, section 10). */
class NostreamTest {
  private static final Tags NOSTREAM = Tags.NONE.toBuilder().nostream(true).build();

  @Test
  void itStartsWithNobodyToStreamFrom() {
    assertThat(
            new Scene()
                .tagged(NOSTREAM)
                .server(Condition.STOPPED, Role.STANDBY, 1, 1000)
                .by(Rule.START_STANDBY))
        .containsExactly(new Effect.StartStandby(""));
  }

  @Test
  void itStopsStreamingWhenTheTagComes() {
    assertThat(new Scene().tagged(NOSTREAM).by(Rule.FOLLOW)).containsExactly(new Effect.Follow(""));
  }

  @Test
  void itFollowsNobodyAfterAFailoverEither() {
    Scene scene =
        new Scene()
            .tagged(NOSTREAM)
            .leader("m3", Duration.ofMillis(10))
            .member("m3", MemberRole.PRIMARY, 2)
            .history(1, 1000, "m3");
    assertThat(scene.by(Rule.FOLLOW)).containsExactly(new Effect.Follow(""));
  }

  @Test
  void itIsElectedLikeAnyOtherByItsPosition() {
    assertThat(
            new Scene()
                .tagged(NOSTREAM)
                .vacant()
                .peer("m2", Role.STANDBY, 1, 900)
                .peer("m3", Role.STANDBY, 1, 900)
                .by(Rule.ACQUIRE))
        .containsExactly(new Effect.AcquireLeader());
    assertThat(
            new Scene()
                .tagged(NOSTREAM)
                .vacant()
                .peer("m2", Role.STANDBY, 1, 900)
                .peer("m3", Role.STANDBY, 1, 1500)
                .by(Rule.BETTER_PEER))
        .isEmpty();
  }
}
