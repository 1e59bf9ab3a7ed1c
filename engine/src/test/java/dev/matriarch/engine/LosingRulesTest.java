package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Server.Condition;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a returning member lists what only it has. */
class LosingRulesTest {
  private static Scene returning(Condition condition, Role role, int timeline, long end) {
    return new Scene()
        .server(condition, role, timeline, end)
        .member("m2", MemberRole.PRIMARY, 2)
        .history(1, 900, "m2");
  }

  @Test
  @Promise("P198")
  void listLostBeforeAFormerPrimaryIsRewound() {
    Scene crashed = returning(Condition.CRASHED, Role.PRIMARY, 1, 800);
    assertThat(crashed.by(Rule.LIST_LOST))
        .as("a crashed server does not tell where its WAL ends")
        .containsExactly(new Effect.ListLost("m2", false));
    assertThat(returning(Condition.STOPPED, Role.PRIMARY, 1, 1000).by(Rule.LIST_LOST))
        .as("shut down beyond what the next timeline began with")
        .containsExactly(new Effect.ListLost("m2", false));
  }

  @Test
  void listLostBeforeItsTimelineIsReplacedByAnothersOfThatNumber() {
    assertThat(returning(Condition.CRASHED, Role.PRIMARY, 2, 1000).by(Rule.LIST_LOST))
        .containsExactly(new Effect.ListLost("m2", true));
  }

  @Test
  void listLostOfAStandbyThatWentTheOtherWay() {
    assertThat(returning(Condition.STOPPED, Role.STANDBY, 1, 1000).by(Rule.LIST_LOST))
        .containsExactly(new Effect.ListLost("m2", false));
  }

  @Test
  void listLostNothingAfterAHandover() {
    Scene handedOver = returning(Condition.STOPPED, Role.PRIMARY, 1, 900);
    assertThat(handedOver.decide().rule()).isEqualTo(Rule.REJOIN);
    assertThat(returning(Condition.STOPPED, Role.STANDBY, 1, 800).decide().rule())
        .isEqualTo(Rule.START_STANDBY);
  }

  @Test
  void listLostOnce() {
    Scene listed =
        returning(Condition.CRASHED, Role.PRIMARY, 1, 1000).succeeded(Effect.ListLost.class);
    assertThat(listed.decide().rule()).isEqualTo(Rule.REJOIN);
    Scene failed =
        returning(Condition.CRASHED, Role.PRIMARY, 1, 1000).failed(Effect.ListLost.class, 1);
    assertThat(failed.decide().rule()).as("a list keeps nobody away").isEqualTo(Rule.REJOIN);
    Scene again =
        returning(Condition.CRASHED, Role.PRIMARY, 1, 1000)
            .succeeded(Effect.ListLost.class)
            .since(Duration.ofMillis(1));
    assertThat(again.decide().rule()).as("it went down since").isEqualTo(Rule.LIST_LOST);
  }

  @Test
  void listLostOnlyWhenTheLeaderCanTellWhatItHas() {
    Scene early =
        new Scene()
            .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
            .member("m2", MemberRole.REPLICA, 1);
    assertThat(early.by(Rule.REJOIN)).isEmpty();
  }

  @Test
  void listLostBeforeAFreshCopyThatAnOperatorAskedFor() {
    Scene asked = returning(Condition.CRASHED, Role.PRIMARY, 1, 1000).reinitAsked(false);
    assertThat(asked.by(Rule.REINITIALIZE)).containsExactly(new Effect.ListLost("m2", false));
    assertThat(asked.succeeded(Effect.ListLost.class).by(Rule.REINITIALIZE))
        .containsExactly(new Effect.CloneFrom("m2"));
  }

  @Test
  void whatWasNeverRecordedIsNoLoss() {
    Scene superseded =
        new Scene().server(Condition.CRASHED, Role.PRIMARY, 1, 1000).unrecorded("7111");
    assertThat(superseded.by(Rule.CLONE)).containsExactly(new Effect.CloneFrom("m2"));
  }
}
