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

  private static List<Clause> with(Rule rule, Clause.Reading other) {
    return Engine.course().stream()
        .map(clause -> clause.rule() == rule ? new Clause(rule, other) : clause)
        .toList();
  }

  private static Clause.Reading original(Rule rule) {
    return Engine.course().stream()
        .filter(clause -> clause.rule() == rule)
        .findFirst()
        .orElseThrow()
        .reading();
  }

  @Test
  void onePromiseTooFew() {
    Clause.Reading careful = original(Rule.AWAIT_PROMISES);
    List<Clause> hasty =
        with(
            Rule.AWAIT_PROMISES,
            (view, now) -> {
              long others =
                  view.peers().reports().values().stream()
                      .filter(report -> report.promised() > 0)
                      .count();
              return 1 + others >= view.state().sync().quorum()
                  ? Verdict.PASS
                  : careful.of(view, now);
            });
    assertThat(caught(THREE, hasty, Flaw.NONE)).isPresent();
    assertThat(caught(FOUR, hasty, Flaw.NONE)).isPresent();
  }

  @Test
  void aCandidateThatIsNotTheMostAdvanced() {
    Clause.Reading careful = original(Rule.TAKE_OVER);
    List<Clause> bold =
        with(
            Rule.TAKE_OVER,
            (view, now) ->
                careful.of(
                    view.toBuilder()
                        .server(view.server().toBuilder().written(new Lsn(Long.MAX_VALUE)).build())
                        .build(),
                    now));
    assertThat(caught(THREE, bold, Flaw.NONE)).isPresent();
  }

  @Test
  void aVoterThatGoesBackToTheLeaderWhileItsPromiseCounts() {
    List<Clause> faithless = with(Rule.KEEP_PROMISE, (view, now) -> Verdict.PASS);
    assertThat(caught(ONE_MUST_NOT_LEAD, faithless, Flaw.NONE)).isPresent();
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
