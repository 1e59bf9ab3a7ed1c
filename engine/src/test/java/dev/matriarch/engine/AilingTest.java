package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Effect.StopMode;
import dev.matriarch.engine.Server.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * One test for each rule of a disk that hangs or is full, and of a former primary that does not
 * know its place, named after it: where it fires and what it orders.
 */
class AilingTest {
  private static final long GIB = 1L << 30;
  private static final Disk FULL = new Disk(true, 50L << 20, 10 * GIB, 64L << 20);

  private static Scene wedged(Server.Condition condition) {
    return new Scene()
        .leading()
        .server(condition, Role.PRIMARY, 1, 1000)
        .running(new Effect.ProveCommit(), Duration.ofSeconds(10))
        .peer("m2", Role.STANDBY, 1, 1000);
  }

  @Test
  void cannotCommitStopsTheServerAtOnceThenReleasesTheKey() {
    assertThat(wedged(Condition.RUNNING).by(Rule.CANNOT_COMMIT))
        .containsExactly(
            new Effect.StopServer(
                StopMode.IMMEDIATE, "its disk has not answered for 10 s; another will lead"));
    assertThat(wedged(Condition.CRASHED).disk(new Disk(false, 0, 0, 0)).by(Rule.CANNOT_COMMIT))
        .containsExactly(new Effect.ReleaseLeader(Lsn.ZERO));
  }

  @Test
  void cannotCommitAsksFirstAndGoesOnWithoutASuccessor() {
    Scene scene = wedged(Condition.RUNNING).peersAsked(Duration.ofSeconds(5));
    assertThat(scene.by(Rule.CANNOT_COMMIT))
        .containsExactly(new Effect.AskPeers(new TreeSet<>(Set.of("m2", "m3"))));
    PeerReport stuck =
        wedged(Condition.RUNNING).view().peers().reports().get("m2").toBuilder()
            .disk(Disk.State.STUCK)
            .build();
    assertThat(wedged(Condition.RUNNING).report(stuck).decide().rule())
        .as("stopping would help nobody")
        .isNotEqualTo(Rule.CANNOT_COMMIT);
  }

  @Test
  void cannotCommitIsNotConcludedFromAProbeThatIsYoung() {
    Scene scene =
        wedged(Condition.RUNNING).running(new Effect.ProveCommit(), Duration.ofSeconds(9));
    assertThat(scene.decide().rule()).isNotEqualTo(Rule.CANNOT_COMMIT);
    assertThat(scene.decide().until())
        .as("it is asked again when the probe is overdue")
        .hasValueSatisfying(at -> assertThat(at).isBeforeOrEqualTo(Scene.NOW.plusSeconds(1)));
  }

  @Test
  void awaitDiskLeavesAServerAloneThatCannotBeRead() {
    Scene scene = new Scene().server(Condition.CRASHED, Role.PRIMARY, 1, 1000);
    assertThat(scene.disk(new Disk(false, 0, 0, 0)).by(Rule.AWAIT_DISK)).isEmpty();
    assertThat(
            new Scene()
                .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
                .running(new Effect.ProveCommit(), Duration.ofSeconds(11))
                .by(Rule.AWAIT_DISK))
        .as("it may be read, but not be written")
        .isEmpty();
  }

  @Test
  void useReserveGivesItUpOnAFullPrimaryRunningOrDown() {
    for (Condition condition : List.of(Condition.RUNNING, Condition.CRASHED)) {
      assertThat(
              new Scene()
                  .leading()
                  .server(condition, Role.PRIMARY, 1, 1000)
                  .disk(FULL)
                  .by(Rule.USE_RESERVE))
          .containsExactly(new Effect.ReleaseReserve());
    }
  }

  @Test
  void makeRoomAsksForASwitchoverToAReplicaWithRoom() {
    Disk released = new Disk(true, 110L << 20, 10 * GIB, 0);
    Scene scene = new Scene().leading().primary(1, 1000).disk(released);
    assertThat(scene.by(Rule.MAKE_ROOM))
        .containsExactly(new Effect.AskPeers(new TreeSet<>(Set.of("m2", "m3"))));
    scene.peer("m3", Role.STANDBY, 1, 1000);
    assertThat(scene.by(Rule.MAKE_ROOM)).containsExactly(new Effect.RequestMove("m3"));
    PeerReport full =
        scene.view().peers().reports().get("m3").toBuilder().disk(Disk.State.FULL).build();
    assertThat(scene.report(full).decide().rule()).isNotEqualTo(Rule.MAKE_ROOM);
  }

  @Test
  void quarantineKeepsAFormerPrimaryDownUntilItsPlaceIsKnown() {
    Scene scene = new Scene().server(Condition.CRASHED, Role.PRIMARY, 1, 1000).vacant();
    assertThat(scene.history(1, 900, "m2").by(Rule.QUARANTINE)).as("m2 led after it").isEmpty();
    Scene twin = new Scene().server(Condition.CRASHED, Role.PRIMARY, 2, 1000).vacant();
    assertThat(twin.history(1, 900, "m2").by(Rule.QUARANTINE)).as("m2 began 2 too").isEmpty();
    assertThat(
            new Scene()
                .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
                .storeFails()
                .by(Rule.QUARANTINE))
        .as("etcd does not tell")
        .isEmpty();
    assertThat(
            new Scene()
                .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
                .storeFails()
                .succeeded(Effect.AcquireLeader.class)
                .decide()
                .rule())
        .as("one that led until now serves reads")
        .isNotEqualTo(Rule.QUARANTINE);
  }

  @Test
  void notElectableWithADiskThatHangsOrIsFull() {
    assertThat(
            new Scene()
                .vacant()
                .peersAsked(Duration.ofMillis(10))
                .running(new Effect.ProveCommit(), Duration.ofSeconds(10))
                .by(Rule.NOT_ELECTABLE))
        .isEmpty();
    Scene full = new Scene().vacant().disk(FULL).peer("m3", Role.STANDBY, 1, 900);
    assertThat(full.by(Rule.NOT_ELECTABLE)).as("m3 has room").isEmpty();
    assertThat(full.vacant(Duration.ofSeconds(60)).decide().rule())
        .as("some leader is needed")
        .isNotEqualTo(Rule.NOT_ELECTABLE);
  }
}
