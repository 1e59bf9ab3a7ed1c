package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Server.Condition;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Rules 141, 205, 206 and 805: pooled clients outlive their primary. */
class PoolingTest {
  private static final Pooler FLOWING = Pooler.seen(false, "", true);
  private static final Pooler HELD = Pooler.seen(true, "", true);

  private static final RestartPlan PLAN =
      new RestartPlan(
          RestartConditions.NONE,
          Optional.empty(),
          Optional.empty(),
          Optional.of(Scene.NOW.minusSeconds(500)));

  private static Scene asked() {
    return new Scene()
        .leading()
        .primary(1, 1000)
        .asked("m1", "m2")
        .peer("m2", Role.STANDBY, 1, 1000)
        .peer("m3", Role.STANDBY, 1, 1000);
  }

  private static Scene settled() {
    return asked().succeeded(Effect.SettleForHandover.class);
  }

  @Test
  @Promise("P111")
  void settleBeforeClientsWait() {
    assertThat(asked().pooler(FLOWING).by(Rule.SETTLE))
        .containsExactly(new Effect.SettleForHandover());
    assertThat(asked().pooler(FLOWING).failedLately(Effect.SettleForHandover.class).decide().rule())
        .as("it is only for speed")
        .isEqualTo(Rule.HOLD_CLIENTS);
  }

  @Test
  @Promise("P111")
  void holdClientsOnAllHostsWhosePoolersSendHere() {
    Member former = Member.named("m3").toBuilder().role(MemberRole.REPLICA).pooledTo("m1").build();
    assertThat(settled().pooler(FLOWING).shown(former).by(Rule.HOLD_CLIENTS))
        .containsExactly(new Effect.HoldClients(new TreeSet<>(Set.of("m3")), MoveRequest.PAUSE));
    assertThat(settled().pooler(HELD).succeeded(Effect.HoldClients.class).decide().rule())
        .isEqualTo(Rule.HAND_OVER);
    assertThat(settled().pooler(Pooler.ABSENT).decide().rule())
        .as("there is nothing to hold")
        .isEqualTo(Rule.HAND_OVER);
  }

  @Test
  void holdClientsNoLongerThanAllowed() {
    assertThat(
            settled()
                .pooler(FLOWING)
                .failedLately(Effect.HoldClients.class)
                .by(Rule.REQUEST_REFUSED))
        .containsExactly(
            new Effect.ClearRequest(45, "refused: clients could not be held: it failed"));
  }

  @Test
  void holdClientsForARestartOfThePrimary() {
    Scene restart =
        new Scene()
            .leading()
            .primary(1, 1000)
            .restartAsked(PLAN)
            .succeeded(Effect.SettleForHandover.class);
    assertThat(restart.pooler(FLOWING).by(Rule.HOLD_CLIENTS)).hasSize(1);
    assertThat(restart.pooler(HELD).succeeded(Effect.HoldClients.class).decide().rule())
        .isEqualTo(Rule.STOP_TO_RESTART);
    assertThat(restart.pooler(FLOWING).failedLately(Effect.HoldClients.class).decide().rule())
        .as("an operator's restart is done, if need be at the cost of a transaction")
        .isEqualTo(Rule.STOP_TO_RESTART);
  }

  @Test
  void poolHoldsTheClientsOfAPrimaryThatIsDown() {
    Scene crashed = new Scene().leading().server(Condition.STARTING, Role.PRIMARY, 1, 1000);
    assertThat(crashed.since(Duration.ZERO).pooler(FLOWING).by(Rule.POOL))
        .containsExactly(new Effect.Pool("", true));
    assertThat(new Scene().leading().primary(1, 1000).pooler(HELD).by(Rule.RESUME_CLIENTS))
        .as("it is back")
        .containsExactly(new Effect.Pool("", false));
  }

  @Test
  void poolSendsClientsOnToTheNextPrimary() {
    Scene deposed =
        new Scene()
            .server(Condition.STOPPED, Role.PRIMARY, 1, 1000)
            .running(new Effect.Rejoin("m2"))
            .pooler(HELD);
    assertThat(deposed.member("m2", MemberRole.UNINITIALIZED, 1).by(Rule.POOL))
        .as("it holds the key and lets nobody in yet")
        .containsExactly(new Effect.Pool("m2", true));
    Scene taken = deposed.member("m2", MemberRole.REPLICA, 1);
    assertThat(taken.by(Rule.RESUME_CLIENTS))
        .as("logins to a standby wait until it takes writes")
        .containsExactly(new Effect.Pool("m2", false));
    assertThat(taken.pooler(Pooler.seen(false, "m2", true)).decide().rule())
        .as("it is done")
        .isNotIn(Rule.POOL, Rule.RESUME_CLIENTS);
    assertThat(deposed.pooler(HELD).member("m2", MemberRole.PRIMARY, 2).by(Rule.RESUME_CLIENTS))
        .containsExactly(new Effect.Pool("m2", false));
  }

  /** What the file says need not be changed when the key has passed. */
  @Test
  void poolTurnsToTheSuccessorWhileTheServerShutsDown() {
    Effect stop = new Effect.StopForHandover("m2", true);
    Scene handsOver =
        new Scene().leading().primary(1, 1000).asked("m1", "m2").running(stop).pooler(HELD);
    assertThat(handsOver.published().by(Rule.POOL)).containsExactly(new Effect.Pool("m2", true));
    Scene back = new Scene().leading().primary(1, 1000).pooler(Pooler.seen(true, "m2", true));
    assertThat(back.by(Rule.RESUME_CLIENTS))
        .as("it is given up")
        .containsExactly(new Effect.Pool("", false));
  }

  @Test
  void poolIsAStandbysOwnAgainOnceTheLastGuestHasLeft() {
    Scene standby = new Scene().pooler(Pooler.seen(false, "m2", false));
    assertThat(standby.by(Rule.POOL)).containsExactly(new Effect.Pool("", false));
    assertThat(standby.pooler(Pooler.seen(false, "m2", true)).decide().rule())
        .isNotEqualTo(Rule.POOL);
    assertThat(new Scene().vacant().pooler(FLOWING).decide().rule())
        .as("readers of a standby need no primary")
        .isNotEqualTo(Rule.POOL);
  }

  @Test
  void poolWaitsWhenTheLeaderThatItSendsToIsAboutToHandOver() {
    Scene guests = new Scene().pooler(Pooler.seen(false, "m2", true));
    assertThat(guests.by(Rule.POOL, new Event.HoldAsked("m2", Duration.ofSeconds(3))))
        .containsExactly(new Effect.Pool("m2", true));
    assertThat(
            guests
                .pooler(Pooler.seen(true, "m2", true))
                .by(Rule.RESUME_CLIENTS, new Event.HoldAsked("m2", Duration.ZERO)))
        .as("it is given up")
        .containsExactly(new Effect.Pool("m2", false));
  }

  @Test
  void nobodyIsSentAwayWhileAStartedAgentAdoptsItsKey() {
    Scene found = new Scene().primary(1, 1000).leader("m1", Duration.ofSeconds(1)).pooler(FLOWING);
    View started = found.view();
    View leased =
        started.toBuilder()
            .self(started.self().toBuilder().leasedUntil(Scene.NOW.plusSeconds(3)).build())
            .build();
    assertThat(SelfPortrait.routing(leased, Scene.NOW).primary()).isEqualTo("m1");
    assertThat(SelfPortrait.of(leased, Scene.NOW).role()).isEqualTo(MemberRole.PRIMARY);
    assertThat(SelfPortrait.routing(leased, Scene.NOW.plusSeconds(4)).primary())
        .as("its lease may have passed on")
        .isEmpty();
    assertThat(SelfPortrait.routing(started, Scene.NOW).primary()).isEmpty();
  }

  @Test
  void newClientsWaitWhereTheLastPrimaryHoldsItsOwn() {
    Scene down =
        new Scene().leading().server(Condition.STARTING, Role.PRIMARY, 1, 1000).pooler(HELD);
    View before =
        down.view().toBuilder()
            .routed(
                new Routing("m1", Collections.emptySortedSet(), Collections.emptySortedSet(), ""))
            .build();
    Routing now = SelfPortrait.routing(before, Scene.NOW);
    assertThat(now.waitingAt()).isEqualTo("m1");
    assertThat(SelfPortrait.routing(before.toBuilder().routed(now).build(), Scene.NOW))
        .isEqualTo(now);
    assertThat(SelfPortrait.routing(down.ledLast("m1").view(), Scene.NOW).waitingAt())
        .as("its agent was started anew meanwhile")
        .isEqualTo("m1");
  }

  @Test
  void otherHostsAreToldWhoKeepsClients() {
    assertThat(SelfPortrait.of(asked().pooler(HELD).view(), Scene.NOW).keepsClients()).isTrue();
    assertThat(SelfPortrait.of(asked().pooler(FLOWING).view(), Scene.NOW).keepsClients()).isFalse();
    assertThat(SelfPortrait.routing(asked().pooler(HELD).view(), Scene.NOW).keepers())
        .containsExactly("m1");
  }

  private static Scene ending() {
    return new Scene()
        .server(Condition.STOPPED, Role.PRIMARY, 1, 1000)
        .vacant()
        .member("m2", MemberRole.REPLICA, 1)
        .leaving(Duration.ofSeconds(1))
        .since(Duration.ofMillis(500))
        .pooler(HELD);
  }

  @Test
  @Promise("P111")
  void leavingSeesPooledClientsOnToTheNextPrimaryFirst() {
    assertThat(ending().reason()).contains("pooled clients").contains("another is to lead");
    Scene taken = ending().leader("m2", Duration.ZERO).member("m2", MemberRole.PRIMARY, 2);
    assertThat(taken.by(Rule.POOL)).containsExactly(new Effect.Pool("m2", false));
    assertThat(taken.running(new Effect.Pool("m2", false)).by(Rule.LEAVING))
        .as("it is being done")
        .isEmpty();
    assertThat(
            ending()
                .leader("m2", Duration.ZERO)
                .member("m2", MemberRole.PRIMARY, 2)
                .pooler(Pooler.seen(false, "m2", true))
                .by(Rule.LEAVING))
        .containsExactly(new Effect.Exit(0, "asked to end"));
  }

  @Test
  void leavingLetsPooledClientsGoWhenNobodyTakesOver() {
    Duration lease = new Scene().view().settings().lease().lease();
    Duration patience = new Scene().view().settings().lease().patience();
    Duration longest = lease.compareTo(Resigning.LONGEST) < 0 ? lease : Resigning.LONGEST;
    Effect go = new Effect.Pool("", false);
    Scene late = ending().leaving(longest.plusSeconds(9)).since(longest);
    assertThat(late.by(Rule.POOL)).as("for too long").containsExactly(go);
    assertThat(ending().gone("m2").gone("m3").by(Rule.POOL))
        .as("nobody is there who could")
        .containsExactly(go);
    assertThat(ending().history(1, 1000, "m1").by(Rule.POOL))
        .as("nobody has followed far enough")
        .containsExactly(go);
    assertThat(ending().paused().by(Rule.POOL)).as("nobody may").containsExactly(go);
    assertThat(late.since(longest.plus(patience)).failedLately(Effect.Pool.class).by(Rule.LEAVING))
        .as("its pooler does not answer")
        .containsExactly(new Effect.Exit(0, "asked to end"));
  }

  @Test
  @Promise("P111")
  void resumeClientsBeforeTheFormerPrimaryIsMended() {
    Scene taken =
        new Scene()
            .server(Condition.STOPPED, Role.PRIMARY, 1, 1000)
            .leader("m2", Duration.ZERO)
            .member("m2", MemberRole.PRIMARY, 2)
            .history(1, 1000, "m2")
            .pooler(HELD);
    assertThat(taken.by(Rule.RESUME_CLIENTS)).containsExactly(new Effect.Pool("m2", false));
    assertThat(taken.running(new Effect.Pool("m2", false)).decide().rule()).isEqualTo(Rule.REJOIN);
  }

  @Test
  void nobodyIsLetWaitByAnAgentThatEnds() {
    Scene down = ending().pooler(FLOWING);
    assertThat(Pooling.tend(down.view(), Scene.NOW)).isInstanceOf(Verdict.Act.class);
    down.running(new Effect.Exit(0, "asked to end"));
    assertThat(Pooling.tend(down.view(), Scene.NOW)).isEqualTo(Verdict.PASS);
  }
}
