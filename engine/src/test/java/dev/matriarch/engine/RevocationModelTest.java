package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.RevocationModel.Bounds;
import dev.matriarch.engine.RevocationModel.Cluster;
import dev.matriarch.engine.RevocationModel.Flaw;
import dev.matriarch.promises.Promise;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** All that can happen in a small cluster whose primary's term is revoked, one after the other. */
class RevocationModelTest {
  private static final Cluster THREE = new Cluster(2, 1, true);
  private static final Cluster FOUR = new Cluster(3, 2, true);
  private static final Cluster ONE_MUST_NOT_LEAD = new Cluster(2, 1, false);
  private static final Bounds LEAST = new Bounds(1, 0, 1, 0, 0);
  private static final boolean DEEP = Boolean.getBoolean("revocation.deep");

  /** States that there are. */
  private static int holds(Cluster cluster, Bounds bounds) {
    RevocationModel model = new RevocationModel(cluster, bounds, Engine.course(), Flaw.NONE);
    assertThat(model.run()).as("%s, %s", cluster, bounds).isEmpty();
    assertThat(model.takeovers()).isPositive();
    System.out.printf(
        "%s, %s: %,d states, %,d takeovers%n", cluster, bounds, model.states(), model.takeovers());
    return model.states();
  }

  @Test
  @Promise({"P109", "P201", "P202"})
  void theLeaderRenewsItsLeaseWhileItIsRevoked() {
    assertThat(holds(THREE, new Bounds(1, 1, 1, 0, 0))).isGreaterThan(50_000);
  }

  @Test
  @Promise({"P109", "P201", "P202"})
  void theLeaderChangesItsVotersWhileItIsRevoked() {
    assertThat(holds(THREE, new Bounds(1, 0, 1, 1, 0))).isGreaterThan(50_000);
  }

  @Test
  @Promise({"P109", "P201", "P202"})
  void aVoterCrashesOrItsAgentStartsAnewAfterItPromised() {
    assertThat(holds(THREE, new Bounds(1, 0, 1, 0, 1))).isGreaterThan(50_000);
    assertThat(holds(ONE_MUST_NOT_LEAD, new Bounds(1, 0, 1, 0, 1))).isGreaterThan(10_000);
  }

  @Test
  @Promise({"P109", "P201", "P202"})
  void clientsGoOnWriting() {
    assertThat(holds(THREE, new Bounds(2, 0, 1, 0, 0))).isGreaterThan(50_000);
  }

  @Test
  @Promise({"P109", "P201", "P202"})
  void oneRevocationAfterAnother() {
    assertThat(holds(THREE, new Bounds(1, 0, 2, 0, 0))).isGreaterThan(50_000);
  }

  /** Minutes, and gigabytes: {@code -Drevocation.deep=true}. */
  @Test
  void allOfItAtOnce() {
    if (DEEP) {
      holds(THREE, new Bounds(1, 1, 1, 1, 0));
      holds(THREE, new Bounds(1, 0, 1, 1, 1));
      holds(THREE, new Bounds(1, 0, 1, 2, 0));
      holds(FOUR, LEAST);
      holds(new Cluster(3, 1, true), LEAST);
    }
  }

  // ---- what is done wrong is noticed

  private static Optional<String> caught(Cluster cluster, List<Clause> course, Flaw flaw) {
    return new RevocationModel(cluster, LEAST, course, flaw).run();
  }

  @Test
  void onePromiseTooFew() {
    assertThat(caught(THREE, Wrongly.hasty(), Flaw.NONE)).isPresent();
    assertThat(caught(FOUR, Wrongly.hasty(), Flaw.NONE)).isPresent();
  }

  @Test
  void aCandidateThatIsNotTheMostAdvanced() {
    assertThat(caught(THREE, Wrongly.bold(), Flaw.NONE)).isPresent();
  }

  @Test
  void aVoterThatGoesBackToTheLeaderWhileItsPromiseCounts() {
    assertThat(caught(ONE_MUST_NOT_LEAD, Wrongly.faithless(), Flaw.NONE)).isPresent();
  }

  @Test
  void aPositionReadWhileTheReceiverStillRuns() {
    assertThat(caught(THREE, Engine.course(), Flaw.RECEIVER_OVERLOOKED)).isPresent();
  }

  @Test
  void aTakeoverThatComparesTheLeaderAlone() {
    assertThat(caught(THREE, Engine.course(), Flaw.TAKEOVER_COMPARES_LEADER_ONLY)).isPresent();
  }
}
