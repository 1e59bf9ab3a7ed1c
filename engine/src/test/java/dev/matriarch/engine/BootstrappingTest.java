package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Server.Condition;
import org.junit.jupiter.api.Test;

/**
 * One test for each rule of making a cluster, named after it: where it fires and what it orders.
 */
class BootstrappingTest {
  private static final Tags NOFAILOVER = Tags.NONE.toBuilder().nofailover(true).build();

  @Test
  void claimDataOfAPrimary() {
    assertThat(
            new Scene()
                .unclaimed()
                .server(Condition.STOPPED, Role.PRIMARY, 1, 1000)
                .by(Rule.CLAIM_DATA))
        .containsExactly(new Effect.TakeInitialize());
  }

  @Test
  void claimClusterWithoutData() {
    Scene scene = new Scene().unclaimed().nothing(Condition.EMPTY);
    assertThat(scene.by(Rule.CLAIM_CLUSTER)).containsExactly(new Effect.TakeInitialize());
    assertThat(scene.tagged(NOFAILOVER).decide().orders())
        .noneMatch(order -> order.effect() instanceof Effect.TakeInitialize);
  }

  @Test
  void bootstrapFailedEndsTheAgent() {
    assertThat(claimant().failed(Effect.Bootstrap.class, 3).by(Rule.BOOTSTRAP_FAILED))
        .singleElement()
        .isInstanceOf(Effect.Exit.class);
  }

  private static Scene claimant() {
    return new Scene()
        .unclaimed()
        .leading()
        .initialization(new Initialization.InProgress())
        .nothing(Condition.EMPTY);
  }

  @Test
  void bootstrapByTheClaimant() {
    assertThat(claimant().by(Rule.BOOTSTRAP)).containsExactly(new Effect.Bootstrap());
  }

  /** Its data was lost, and etcd may have recorded it (seed 40012208): a new claim tells. */
  @Test
  void bootstrapNothingWhereTheLastDataMayBeRecorded() {
    Effect record = new Effect.FinishInitialize(Scene.CLUSTER);
    assertThat(claimant().running(record).by(Rule.NOTHING_TO_LEAD)).isEmpty();
    assertThat(claimant().failed(Effect.FinishInitialize.class, 1).by(Rule.NOTHING_TO_LEAD))
        .containsExactly(new Effect.ReleaseLeader(Lsn.ZERO));
  }

  @Test
  void recordClusterOnceThePrimaryRuns() {
    assertThat(claimant().primary(1, 1000).by(Rule.RECORD_CLUSTER))
        .containsExactly(new Effect.FinishInitialize(Scene.CLUSTER));
    assertThat(claimant().primary(1, 1000).decide().view().routed().primary())
        .as("nobody is sent there before")
        .isEmpty();
  }

  @Test
  void awaitBootstrapOfAnother() {
    Scene scene = new Scene().unclaimed().nothing(Condition.EMPTY);
    scene.initialization(new Initialization.InProgress());
    assertThat(scene.by(Rule.AWAIT_BOOTSTRAP)).isEmpty();
  }

  @Test
  void awaitStoreWhileNothingIsKnown() {
    assertThat(new Scene().storeUnknown().by(Rule.AWAIT_STORE)).isEmpty();
  }

  @Test
  void idleWithNothingToDo() {
    assertThat(new Scene().vacant().nothing(Condition.EMPTY).by(Rule.IDLE)).isEmpty();
  }
}
