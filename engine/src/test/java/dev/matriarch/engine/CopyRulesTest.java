package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Server.Condition;
import org.junit.jupiter.api.Test;

/** Whose data a member copies, and when: the drop-in contract, section 8. */
class CopyRulesTest {
  private static final Tags OFFERS = Tags.NONE.toBuilder().clonefrom(true).build();
  private static final Effect FROM_LEADER = new Effect.CloneFrom("m2");
  private static final Effect FROM_REPLICA = new Effect.CloneFrom("m3");

  private static Member replica(Tags tags) {
    return Member.named("m3").toBuilder()
        .connUrl("postgres://m3")
        .apiUrl("http://m3")
        .state(MemberState.STREAMING)
        .role(MemberRole.REPLICA)
        .timeline(1)
        .tags(tags)
        .build();
  }

  private static Scene without(Member m3) {
    return new Scene().nothing(Condition.EMPTY).shown(m3);
  }

  @Test
  void aReplicaThatOffersItselfIsCopied() {
    assertThat(without(replica(OFFERS)).by(Rule.CLONE)).containsExactly(FROM_REPLICA);
    assertThat(without(replica(Tags.NONE)).by(Rule.CLONE)).containsExactly(FROM_LEADER);
  }

  @Test
  void whatElseItsTagsForbidIsNoObstacle() {
    Tags limited =
        OFFERS.toBuilder().nofailover(true).noloadbalance(true).nosync(true).nostream(true).build();
    assertThat(without(replica(limited)).by(Rule.CLONE)).containsExactly(FROM_REPLICA);
  }

  @Test
  void theLeaderIsCopiedWhereNoneThatOffersItselfRunsWell() {
    Member well = replica(OFFERS);
    for (MemberState state : MemberState.values()) {
      if (!state.isServing()) {
        assertThat(without(well.toBuilder().state(state).build()).by(Rule.CLONE))
            .as(state.wire())
            .containsExactly(FROM_LEADER);
      }
    }
    assertThat(without(well.toBuilder().timeline(2).build()).by(Rule.CLONE))
        .as("not on the leader's timeline")
        .containsExactly(FROM_LEADER);
    assertThat(without(well).failed(Effect.CloneFrom.class, 1).by(Rule.CLONE))
        .as("it could not be copied")
        .containsExactly(FROM_LEADER);
    assertThat(
            new Scene()
                .nothing(Condition.EMPTY)
                .member("m3", MemberRole.REPLICA, 1)
                .shown(well.toBuilder().name("m1").build())
                .by(Rule.CLONE))
        .as("nobody copies itself")
        .containsExactly(FROM_LEADER);
  }

  @Test
  void aFreshCopyIsTheLeadersOwnWhereThatIsAskedFor() {
    Scene scene = new Scene().shown(replica(OFFERS));
    assertThat(scene.reinitAsked(false).by(Rule.REINITIALIZE)).containsExactly(FROM_REPLICA);
    Effect own = new Effect.CloneFrom("m2", true);
    assertThat(scene.reinitAsked(false, true).by(Rule.REINITIALIZE)).containsExactly(own);
    scene.running(FROM_REPLICA);
    assertThat(scene.by(Rule.REINITIALIZE)).as("another copy ends first").isEmpty();
    assertThat(scene.reinitAsked(true, true).by(Rule.REINITIALIZE)).containsExactly(own);
    assertThat(scene.running(own).by(Rule.REINITIALIZE)).as("and is not begun twice").isEmpty();
    assertThat(scene.reinitAsked(true).by(Rule.REINITIALIZE)).isEmpty();
  }
}
