package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Effect.StopMode;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.Synchrony.Mode;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * One test for each rule of fencing, and of an agent that ends, named after it: where it fires and
 * what it orders.
 */
class FencingTest {
  @Test
  @Promise({"P173", "P181"})
  void leaseRanOutStopsThePrimary() {
    assertThat(new Scene().leading(Duration.ofSeconds(20)).primary(1, 1000).by(Rule.LEASE_RAN_OUT))
        .containsExactly(
            new Effect.StopServer(StopMode.IMMEDIATE, "the last renewal of the lease is too old"));
  }

  @Test
  void leaseRanOutStopsAPromotionThatHangs() {
    assertThat(
            new Scene()
                .leading(Duration.ofSeconds(20))
                .running(new Effect.Promote())
                .by(Rule.LEASE_RAN_OUT))
        .singleElement()
        .isInstanceOf(Effect.StopServer.class);
  }

  @Test
  void anotherLeadsStopsThePrimary() {
    assertThat(new Scene().primary(1, 1000).by(Rule.ANOTHER_LEADS))
        .containsExactly(new Effect.StopServer(StopMode.IMMEDIATE, "m2 holds the leader key"));
  }

  @Test
  void noLeaseTakesTheKeyThatNamesIt() {
    assertThat(
            new Scene()
                .primary(1, 1000)
                .leader("m1", Duration.ofSeconds(1))
                .startedJustNow()
                .by(Rule.NO_LEASE))
        .containsExactly(new Effect.AdoptLeader());
  }

  @Test
  void noLeaseStopsAPrimaryThatOthersMayHaveSucceeded() {
    Scene found = new Scene().primary(2, 1000).vacant().startedJustNow();
    assertThat(found.by(Rule.NO_LEASE)).containsExactly(new Effect.AcquireLeader());
    assertThat(found.history(2, 900, "m2").by(Rule.NO_LEASE))
        .as("m2 has begun timeline 3")
        .singleElement()
        .isInstanceOf(Effect.StopServer.class);
  }

  @Test
  void noLeaseStopsAPrimaryThatMadeOtherDataThanWhatWasRecorded() {
    assertThat(
            new Scene()
                .primary(1, 1000)
                .unrecorded("7111")
                .vacant()
                .paused()
                .startedJustNow()
                .by(Rule.NO_LEASE))
        .singleElement()
        .isInstanceOf(Effect.StopServer.class);
  }

  /** Each agent that was started kept the key for another lease: nobody could lead (30017533). */
  @Test
  void noLeaseAdoptsNoKeyForAPrimaryOfAnotherCluster() {
    assertThat(
            new Scene()
                .primary(1, 1000)
                .initialization(new Initialization.Done("7111"))
                .leader("m1", Duration.ofSeconds(1))
                .startedJustNow()
                .by(Rule.NO_LEASE))
        .singleElement()
        .isInstanceOf(Effect.StopServer.class);
  }

  @Test
  void foreignDataEndsTheAgent() {
    assertThat(new Scene().initialization(new Initialization.Done("7111")).by(Rule.FOREIGN_DATA))
        .singleElement()
        .isInstanceOfSatisfying(Effect.Exit.class, exit -> assertThat(exit.code()).isEqualTo(1));
  }

  @Test
  void leavingStopsTheServerThenReleasesTheKeyThenEnds() {
    Scene scene = new Scene().leading().primary(1, 1000).leaving();
    assertThat(scene.by(Rule.LEAVING))
        .containsExactly(new Effect.StopServer(StopMode.FAST, "the agent ends"));
    scene.server(Condition.STOPPED, Role.PRIMARY, 1, 1100);
    assertThat(scene.by(Rule.LEAVING)).containsExactly(new Effect.ReleaseLeader(new Lsn(1100)));
    assertThat(
            new Scene().server(Condition.STOPPED, Role.STANDBY, 1, 1000).leaving().by(Rule.LEAVING))
        .containsExactly(new Effect.Exit(0, "asked to end"));
  }

  @Test
  void leavingStandbyThatCommitsWaitForAsksToBeReleasedFirst() {
    Scene scene =
        new Scene().synchrony(Mode.PRIORITY, true, 1).sync("m2", 0, "m1").leaving(Duration.ZERO);
    assertThat(scene.by(Rule.LEAVING)).isEmpty();
    assertThat(SelfPortrait.of(scene.view(), Scene.NOW).tags())
        .isEqualTo(Tags.NONE.toBuilder().nosync(true).syncPriority(0).build());
    assertThat(scene.leaving(Duration.ofSeconds(11)).by(Rule.LEAVING))
        .as("it does not wait for ever")
        .hasSize(1);
    assertThat(scene.sync("m2", 0, "m3").leaving(Duration.ZERO).by(Rule.LEAVING)).hasSize(1);
  }
}
