package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Server.Condition;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is done to data that went another way, and what a member does that nobody leads. */
class ReturnRulesTest {
  private static final Undoing NEVER = new Undoing(false, false, false);
  private static final Undoing REWIND_ONLY = new Undoing(true, false, false);
  private static final Undoing COPY_ONLY = new Undoing(false, false, true);

  /** m2 leads on timeline 2, which it began at 900; what came back was listed. */
  private static Scene returning(Undoing undoing) {
    return new Scene()
        .undoing(undoing)
        .member("m2", MemberRole.PRIMARY, 2)
        .history(1, 900, "m2")
        .succeeded(Effect.ListLost.class);
  }

  private static Scene formerPrimary(Undoing undoing) {
    return returning(undoing).server(Condition.CRASHED, Role.PRIMARY, 1, 1000);
  }

  private static final Effect REJOIN = new Effect.Rejoin("m2");
  private static final Effect COPY = new Effect.CloneFrom("m2");

  @Test
  void whoMayNotBeRewoundIsAskedWhetherItMust() {
    assertThat(formerPrimary(NEVER).by(Rule.REJOIN)).containsExactly(REJOIN);
    Scene kept = formerPrimary(NEVER).refused(Effect.Rejoin.class);
    assertThat(kept.by(Rule.REJOIN)).as("the leader may be another by now").hasSize(1);
    Scene longer = formerPrimary(NEVER).failed(Effect.Rejoin.class, 5);
    assertThat(longer.by(Rule.REJOIN)).containsExactly(REJOIN);
    assertThat(longer.reason())
        .contains(
            "reinit it, or set use_pg_rewind or remove_data_directory_on_diverged_timelines to true");
  }

  @Test
  void itsDataGivesWayWhereThatIsAllowedAndOnlyIfItDiverged() {
    assertThat(formerPrimary(COPY_ONLY).by(Rule.REJOIN)).containsExactly(REJOIN);
    assertThat(formerPrimary(COPY_ONLY).failed(Effect.Rejoin.class, 5).by(Rule.REJOIN))
        .as("the leader could not be asked")
        .containsExactly(REJOIN);
    assertThat(formerPrimary(COPY_ONLY).refused(Effect.Rejoin.class).by(Rule.CLONE))
        .containsExactly(COPY);
  }

  @Test
  void aRewindThatFailsEndsInACopyOnlyWhereThatIsAllowed() {
    assertThat(formerPrimary(Undoing.DEFAULT).failed(Effect.Rejoin.class, 2).by(Rule.CLONE))
        .containsExactly(COPY);
    Scene kept = formerPrimary(REWIND_ONLY).failed(Effect.Rejoin.class, 2);
    assertThat(kept.by(Rule.REJOIN)).containsExactly(REJOIN);
    assertThat(kept.reason()).contains("remove_data_directory_on_rewind_failure");
  }

  @Test
  void keepDivergedWhatCannotBeRewound() {
    Scene cutOff = returning(REWIND_ONLY).halfRewound();
    assertThat(cutOff.by(Rule.KEEP_DIVERGED)).isEmpty();
    assertThat(cutOff.reason())
        .isEqualTo(
            "for an operator: a rewind was cut off, and the data is kept; reinit it, or set"
                + " remove_data_directory_on_rewind_failure to true");
    assertThat(cutOff.reinitAsked(false).by(Rule.REINITIALIZE)).containsExactly(COPY);
    assertThat(returning(Undoing.DEFAULT).halfRewound().by(Rule.CLONE)).containsExactly(COPY);
    for (Undoing undoing : new Undoing[] {NEVER, REWIND_ONLY}) {
      Scene unknown =
          returning(undoing).history(1, 900, "m2").server(Condition.CRASHED, Role.PRIMARY, 2, 1000);
      assertThat(unknown.by(Rule.KEEP_DIVERGED)).as("%s", undoing).isEmpty();
    }
  }

  @Test
  void keepDivergedStandbyRunningWhereNothingMayBeDoneToIt() {
    Scene running = returning(NEVER).server(Condition.RUNNING, Role.STANDBY, 1, 1000);
    assertThat(running.by(Rule.KEEP_DIVERGED)).isEmpty();
    assertThat(running.reason()).contains("for an operator: its WAL went beyond");
    for (Undoing undoing : new Undoing[] {COPY_ONLY, REWIND_ONLY, Undoing.DEFAULT}) {
      Scene stopped = returning(undoing).server(Condition.RUNNING, Role.STANDBY, 1, 1000);
      assertThat(stopped.by(Rule.STOP_DIVERGED)).as("%s", undoing).hasSize(1);
    }
  }

  private static Scene alone(Duration vacant) {
    Scene scene = new Scene().vacant(vacant).nothing(Condition.EMPTY).restoringAlone();
    return scene.member("m3", MemberRole.UNINITIALIZED, 0);
  }

  @Test
  void restoreWithoutALeader() {
    Duration ttl = Settings.DEFAULT.ttl();
    assertThat(downed(alone(ttl)).by(Rule.RESTORE)).containsExactly(new Effect.Restore());
    Scene early = downed(alone(ttl.minusMillis(1)));
    assertThat(early.by(Rule.RESTORE)).as("a leader may come").isEmpty();
    Scene served = alone(ttl);
    assertThat(served.by(Rule.RESTORE)).as("m3 has data").isEmpty();
    assertThat(served.reason()).isEqualTo("for a leader, while m2 has data");
    Scene without = downed(new Scene().vacant(ttl).nothing(Condition.EMPTY));
    assertThat(without.course().rule()).as("no program").isEqualTo(Rule.IDLE);
    assertThat(new Scene().nothing(Condition.EMPTY).restoringAlone().by(Rule.CLONE))
        .as("a leader is copied")
        .containsExactly(COPY);
    Scene kept = downed(alone(ttl)).undoing(REWIND_ONLY).halfRewound();
    assertThat(kept.course().rule()).as("what a rewind left is kept").isEqualTo(Rule.IDLE);
  }

  private static Scene downed(Scene scene) {
    for (String name : new String[] {"m2", "m3"}) {
      scene.shown(Member.named(name).toBuilder().state(MemberState.STOPPED).build());
    }
    return scene;
  }

  @Test
  void unknownClusterEndsTheAgentOfAStandbyAfterAWhile() {
    Scene early = new Scene().unclaimed().followingNobody();
    assertThat(early.by(Rule.UNKNOWN_CLUSTER)).isEmpty();
    assertThat(early.reason())
        .isEqualTo("for its primary: etcd knows no cluster, and this data is a standby's");
    Scene waited = new Scene().vacant(Settings.DEFAULT.ttl()).unclaimed().followingNobody();
    assertThat(waited.by(Rule.UNKNOWN_CLUSTER))
        .singleElement()
        .isInstanceOfSatisfying(
            Effect.Exit.class,
            exit -> {
              assertThat(exit.code()).isEqualTo(1);
              assertThat(exit.why())
                  .contains("etcd knows no cluster", Scene.CLUSTER, "nothing was touched");
            });
    assertThat(waited.server(Condition.STOPPED, Role.STANDBY, 1, 1000).by(Rule.UNKNOWN_CLUSTER))
        .hasSize(1);
    assertThat(waited.server(Condition.STOPPED, Role.PRIMARY, 1, 1000).by(Rule.CLAIM_DATA))
        .hasSize(1);
  }
}
