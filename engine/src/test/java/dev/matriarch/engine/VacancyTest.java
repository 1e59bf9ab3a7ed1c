package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Found by simulation: a member asked its peers, lost etcd, missed a whole term, found the key
 * vacant again, and elected itself by what they had said before that term.
 */
class VacancyTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final Duration LEASE = Settings.DEFAULT.lease().lease();

  private static ClusterState vacant(long syncRevision) {
    return new ClusterState(
        syncRevision,
        new Leadership.Vacant(),
        new Initialization.Done(Scene.CLUSTER),
        ClusterState.EMPTY.members(),
        ClusterState.EMPTY.request(),
        new SyncState(syncRevision, "m2", 1, new TreeSet<>(Set.of("m1", "m3"))),
        ClusterState.EMPTY.history(),
        ClusterState.EMPTY.status(),
        ClusterState.EMPTY.config(),
        ClusterState.EMPTY.failsafe(),
        ClusterState.EMPTY.revocation());
  }

  private static StoreSight seen(long syncRevision) {
    return StoreSight.UNSEEN.after(vacant(syncRevision), LEASE, NOW);
  }

  @Test
  @Promise({"P109", "P201"})
  void aBreakInTheSightOfEtcdBeginsANewVacancy() {
    Instant later = NOW.plusSeconds(40);
    assertThat(seen(7).after(vacant(7), LEASE, later).vacantSince()).contains(NOW);
    assertThat(seen(7).failing("no answer").after(vacant(7), LEASE, later).vacantSince())
        .contains(later);
  }

  @Test
  @Promise({"P109", "P201"})
  void votersWrittenAnewBeginANewVacancy() {
    Instant later = NOW.plusSeconds(1);
    assertThat(seen(7).after(vacant(8), LEASE, later).vacantSince()).contains(later);
  }

  @Test
  @Promise({"P109", "P201"})
  void aClaimNamesTheVotersByWhomItWasDecided() {
    View view = new Scene().vacant().sync("m1", 1, "m2", "m3").view();
    assertThat(Electing.acquiring(view))
        .isEqualTo(new Effect.AcquireLeader(0, view.state().sync()));
  }
}
