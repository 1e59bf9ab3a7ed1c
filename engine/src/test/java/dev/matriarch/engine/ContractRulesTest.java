package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Effect.StopMode;
import dev.matriarch.engine.Synchrony.Mode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What users of the field's controller rely on beside the rules' own tests: the drop-in contract.
 */
class ContractRulesTest {
  private static final Duration NOW = Duration.ZERO;

  private static Tags priority(int priority) {
    return Tags.NONE.toBuilder().failoverPriority(priority).build();
  }

  private static Scene backoff(Duration vacant) {
    Settings settings = Settings.DEFAULT.toBuilder().raceBackoff(Duration.ofSeconds(60)).build();
    return new Scene().settings(settings).vacant(vacant);
  }

  @Test
  void raceBackoffKeepsAStandbyStreamingWhileWalComes() {
    Scene moving = backoff(Duration.ofSeconds(30)).moved(Duration.ofSeconds(9));
    assertThat(moving.by(Rule.NOT_ELECTABLE)).as("it does not let go of the primary").isEmpty();
    assertThat(moving.reason()).contains("wal position moved since last heart beat loop");
    assertThat(moving.moved(Duration.ofSeconds(10)).course().rule()).isEqualTo(Rule.LET_GO);
  }

  @Test
  void raceBackoffEnds() {
    Scene moving = backoff(Duration.ofSeconds(60)).moved(NOW);
    assertThat(moving.course().rule()).isEqualTo(Rule.LET_GO);
    Scene soon = backoff(Duration.ofSeconds(59)).moved(NOW);
    assertThat(soon.decide().until())
        .hasValueSatisfying(at -> assertThat(at).isBeforeOrEqualTo(Scene.NOW.plusSeconds(1)));
  }

  @Test
  void raceBackoffHoldsForOneRoundWhileAPrimaryIsShown() {
    Scene idle = backoff(Duration.ofSeconds(9)).moved(Duration.ofSeconds(100));
    assertThat(idle.course().rule()).as("m2 shows that it was demoted").isEqualTo(Rule.LET_GO);
    assertThat(idle.member("m2", MemberRole.PRIMARY, 1).course().rule())
        .isEqualTo(Rule.NOT_ELECTABLE);
    Scene late = backoff(Duration.ofSeconds(10)).moved(Duration.ofSeconds(100));
    assertThat(late.member("m2", MemberRole.PRIMARY, 1).course().rule()).isEqualTo(Rule.LET_GO);
  }

  @Test
  void withoutRaceBackoffWalThatComesHoldsNobodyOff() {
    assertThat(new Scene().vacant().moved(NOW).course().rule()).isEqualTo(Rule.LET_GO);
  }

  @Test
  void raceBackoffDoesNotHoldWhomAnOperatorNamed() {
    assertThat(backoff(Duration.ofSeconds(5)).moved(NOW).asked("", "m1").course().rule())
        .isNotEqualTo(Rule.NOT_ELECTABLE);
  }

  @Test
  void theRaceIsToldInTheFieldsWords() {
    Scene behind =
        new Scene().vacant().peer("m2", Role.STANDBY, 1, 900).peer("m3", Role.STANDBY, 1, 1500);
    assertThat(behind.by(Rule.BETTER_PEER)).isEmpty();
    assertThat(behind.reason()).startsWith("Wal position of m3 is ahead of my wal position");
    Scene equal =
        new Scene()
            .vacant()
            .tagged(priority(1))
            .peer("m2", Role.STANDBY, 1, 900)
            .peer("m3", Role.STANDBY, 1, 1000);
    PeerReport preferred =
        equal.view().peers().reports().get("m3").toBuilder().tags(priority(2)).build();
    assertThat(equal.report(preferred).reason())
        .isEqualTo(
            "m3 has equally tolerable WAL position and priority 2, while this node has priority 1");
    Scene forbidden = new Scene().vacant().running(new Effect.Follow(""));
    forbidden.tagged(Tags.NONE.toBuilder().nofailover(true).build());
    assertThat(forbidden.reason())
        .isEqualTo("following a different leader because I am not allowed to promote");
  }

  @Test
  void withoutTheWatchdogThatItMustHaveAMemberDoesNotLead() {
    Scene own = new Scene().vacant().running(new Effect.Follow("")).withoutWatchdog();
    assertThat(own.by(Rule.NOT_ELECTABLE)).isEmpty();
    Scene other =
        new Scene().vacant().peer("m2", Role.STANDBY, 1, 900).peer("m3", Role.STANDBY, 1, 1500);
    PeerReport unguarded =
        other.view().peers().reports().get("m3").toBuilder().watchdogFailed(true).build();
    assertThat(other.report(unguarded).course().rule())
        .as("nobody waits for m3")
        .isEqualTo(Rule.ACQUIRE);
    Scene leader = new Scene().leading().primary(1, 1000).asked("m1", "m3");
    leader
        .report(unguarded.toBuilder().position(new Lsn(1000)).build())
        .peer("m2", Role.STANDBY, 1, 1000);
    assertThat(leader.by(Rule.REQUEST_REFUSED))
        .containsExactly(
            new Effect.ClearRequest(45, "refused: m3 has no watchdog, which it must have to lead"));
  }

  private static Scene restartOfAStandbyThatIsAwaited(Duration asked) {
    return new Scene()
        .synchrony(Mode.PRIORITY, true, 1)
        .sync("m2", 0, "m1")
        .serverStarted(Scene.NOW.minusSeconds(500))
        .wished(asked)
        .restartAsked(
            new RestartPlan(
                RestartConditions.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.of(Scene.NOW.minusSeconds(500))));
  }

  @Test
  void aStandbyThatCommitsWaitForIsReleasedBeforeItsRestart() {
    Scene scene = restartOfAStandbyThatIsAwaited(NOW);
    assertThat(scene.by(Rule.STOP_TO_RESTART)).isEmpty();
    assertThat(SelfPortrait.of(scene.view(), Scene.NOW).tags())
        .isEqualTo(Tags.NONE.toBuilder().nosync(true).syncPriority(0).build());
    assertThat(scene.sync("m2", 0, "m3").by(Rule.STOP_TO_RESTART))
        .as("released")
        .containsExactly(new Effect.StopServer(StopMode.FAST, "to restart it"));
    assertThat(restartOfAStandbyThatIsAwaited(Duration.ofSeconds(11)).by(Rule.STOP_TO_RESTART))
        .as("it does not wait for ever")
        .hasSize(1);
    assertThat(SelfPortrait.of(new Scene().view(), Scene.NOW).tags())
        .as("afterwards")
        .isEqualTo(Tags.NONE);
  }
}
