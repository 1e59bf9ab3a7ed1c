package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.rest.Takeovers;
import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.FailsafeRecord;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Lease;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.engine.Revocation;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.Self;
import dev.matriarch.engine.Server;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.StatusRecord;
import dev.matriarch.engine.StoreSight;
import dev.matriarch.engine.SyncState;
import dev.matriarch.engine.View;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TakeoverWatchTest {
  private static final Instant WALL = Instant.parse("2026-11-22T02:00:00Z");
  private static final Instant START = Instant.EPOCH.plusSeconds(100);

  private final TakeoverWatch watch = new TakeoverWatch();
  private Leadership leadership = new Leadership.Vacant();
  private Optional<MoveRequest> request = Optional.empty();
  private boolean holds;
  private Role role = Role.STANDBY;

  private void at(int ms) {
    Instant now = START.plusMillis(ms);
    ClusterState state =
        new ClusterState(
            1,
            leadership,
            new Initialization.Absent(),
            Collections.emptySortedMap(),
            request,
            SyncState.NONE,
            List.of(),
            StatusRecord.NONE,
            Optional.empty(),
            FailsafeRecord.NONE,
            Revocation.NONE);
    View view =
        View.atStart(Self.of("b", "", "", START), Settings.DEFAULT)
            .after(new Event.ClockRead(WALL), START)
            .toBuilder()
            .store(new StoreSight(state, true, "", Optional.empty(), Optional.empty(), true))
            .lease(holds ? new Lease.Held(now, 9, Settings.DEFAULT.lease()) : new Lease.None())
            .server(
                Server.UNSEEN.toBuilder().condition(Server.Condition.RUNNING).role(role).build())
            .build();
    watch.observe(view, now);
  }

  private void takeOver() {
    leadership = new Leadership.Held("a", 5);
    at(0);
    at(500);
    leadership = new Leadership.Held("a", 6);
    at(1000);
    at(9000);
    leadership = new Leadership.Vacant();
    at(21_000);
    at(21_050);
    holds = true;
    at(21_100);
    leadership = new Leadership.Held("b", 9);
    at(21_110);
    role = Role.PRIMARY;
    at(21_300);
    at(30_000);
  }

  @Test
  @Promise("P216")
  void aFailoverIsMeasuredFromTheLastRenewal() {
    takeOver();
    assertThat(watch.told())
        .isEqualTo(
            new Takeovers(
                1,
                0,
                Optional.of(
                    new Takeovers.Last(
                        WALL.plusMillis(21_300),
                        Duration.ofSeconds(20),
                        Duration.ofMillis(100),
                        Duration.ofMillis(200)))));
  }

  @Test
  void whatWasAskedForIsASwitchover() {
    request = Optional.of(new MoveRequest(3, "a", "b", Optional.empty()));
    takeOver();
    assertThat(watch.told().switchovers()).isEqualTo(1);
    assertThat(watch.told().failovers()).isZero();
  }

  @Test
  void aFirstLeaderAndOneThatComesBackTookItFromNobody() {
    holds = true;
    role = Role.PRIMARY;
    at(0);
    leadership = new Leadership.Held("b", 9);
    at(100);
    leadership = new Leadership.Vacant();
    at(200);
    at(300);
    assertThat(watch.told()).isEqualTo(Takeovers.NONE);
  }

  @Test
  void aTermThatIsTakenWithoutAVacancyHasNoElection() {
    leadership = new Leadership.Held("a", 5);
    at(0);
    holds = true;
    at(2000);
    leadership = new Leadership.Held("b", 9);
    role = Role.PRIMARY;
    at(2200);
    Takeovers.Last last = watch.told().last().orElseThrow();
    assertThat(last.silence()).isEqualTo(Duration.ofSeconds(2));
    assertThat(last.election()).isZero();
    assertThat(last.promotion()).isEqualTo(Duration.ofMillis(200));
  }
}
