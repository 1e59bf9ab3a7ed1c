package dev.matriarch.engine;

import static dev.matriarch.engine.PooledClients.KEPT;
import static dev.matriarch.engine.PooledClients.LOST;
import static dev.matriarch.engine.PooledClients.WELCOME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Server.Condition;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PooledClientsTest {
  private static final Duration OVERLAP = Duration.ofSeconds(8);
  private static final Pooler HELD = Pooler.seen(true, "m2", true);
  private static final Pooler ELSEWHERE = Pooler.seen(false, "m2", true);
  private static final Duration LEASE = Settings.DEFAULT.lease().lease();

  private static PooledClients of(Scene scene) {
    return PooledClients.of(scene.view(), Scene.NOW, OVERLAP);
  }

  private static Scene down() {
    return new Scene().server(Condition.STOPPED, Role.PRIMARY, 1, 1000);
  }

  @Test
  @Promise("P111")
  void whoWaitsForTheNextPrimaryMayBeJoined() {
    assertThat(of(down().leading().pooler(HELD))).as("its key is not away yet").isEqualTo(WELCOME);
    assertThat(of(down().pooler(HELD))).as("the next one has it").isEqualTo(WELCOME);
    assertThat(of(down().vacant(Duration.ofSeconds(5)).pooler(HELD))).isEqualTo(WELCOME);
  }

  @Test
  void nobodyWaitsForAPrimaryThatDoesNotCome() {
    assertThat(of(down().vacant(Settings.DEFAULT.ttl()).pooler(HELD))).isEqualTo(LOST);
    assertThat(of(down().vacant(Duration.ofSeconds(5)).storeFails().pooler(HELD))).isEqualTo(LOST);
    assertThat(of(down().leading(LEASE).storeFails().pooler(HELD)))
        .as("cut off, and its lease has passed")
        .isEqualTo(LOST);
  }

  @Test
  @Promise("P111")
  void whoHasGoneOnIsKeptAndJoinedUntilTheOtherCanBeFound() {
    Scene gone = new Scene().pooler(ELSEWHERE);
    assertThat(of(gone)).isEqualTo(KEPT);
    assertThat(of(gone.succeeded(Effect.Pool.class, OVERLAP))).isEqualTo(KEPT);
    assertThat(of(gone.succeeded(Effect.Pool.class, OVERLAP.minusMillis(1)))).isEqualTo(WELCOME);
    Scene ahead = new Scene().member("m2", MemberRole.REPLICA, 1).pooler(ELSEWHERE);
    assertThat(of(ahead)).as("they wait in the login to who is about to lead").isEqualTo(WELCOME);
  }

  @Test
  void anOutageOfEtcdEndsNobodyBeforeTheirPrimaryMustHaveStopped() {
    Scene outage = new Scene().storeFails().pooler(ELSEWHERE);
    assertThat(of(outage.leader("m2", LEASE.minusMillis(1)))).isEqualTo(KEPT);
    assertThat(of(outage.leader("m2", LEASE))).isEqualTo(LOST);
    assertThat(of(outage.promised("m2", Duration.ofSeconds(1))))
        .as("that goes on without etcd")
        .isEqualTo(KEPT);
    assertThat(of(outage.promised("m3", Duration.ofSeconds(1)))).isEqualTo(LOST);
  }

  @Test
  void whoGoesToTheWrongServerIsLost() {
    assertThat(of(new Scene().leader("m3", Duration.ZERO).pooler(ELSEWHERE))).isEqualTo(LOST);
    assertThat(of(new Scene().vacant().pooler(ELSEWHERE))).as("not held yet").isEqualTo(LOST);
    assertThat(of(new Scene().pooler(Pooler.seen(false, "", true))))
        .as("a standby's own pooler")
        .isEqualTo(LOST);
    assertThat(of(new Scene().pooler(Pooler.ABSENT))).isEqualTo(LOST);
  }
}
