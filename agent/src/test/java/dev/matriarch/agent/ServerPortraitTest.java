package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.FailsafeRecord;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.MemberState;
import dev.matriarch.engine.Redo;
import dev.matriarch.engine.Revocation;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.Server;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.StatusRecord;
import dev.matriarch.engine.SyncState;
import dev.matriarch.postgres.ControlData;
import dev.matriarch.postgres.Observation;
import dev.matriarch.postgres.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ServerPortraitTest {
  private static final dev.matriarch.postgres.Lsn END = new dev.matriarch.postgres.Lsn(0x1000028);

  private final ServerPortrait portrait = new ServerPortrait(directory(), () -> "on");

  private static Directory directory() {
    Member leader =
        Member.named("pg-test-1").toBuilder()
            .connUrl("postgres://10.10.10.11:5432/postgres")
            .apiUrl("http://10.10.10.11:8008/patroni")
            .state(MemberState.RUNNING)
            .role(MemberRole.PRIMARY)
            .timeline(1)
            .position(Lsn.ZERO)
            .version("4.1.0")
            .build();
    ClusterState state =
        new ClusterState(
            1,
            new Leadership.Vacant(),
            new Initialization.Absent(),
            new TreeMap<>(Map.of(leader.name(), leader)),
            Optional.empty(),
            SyncState.NONE,
            List.of(),
            StatusRecord.NONE,
            Optional.empty(),
            FailsafeRecord.NONE,
            Revocation.NONE);
    return new Directory(
        "pg-test-2",
        new Directory.Login("replicator", new Secret("x")),
        Map.of(),
        () -> state,
        () -> true);
  }

  private Server of(Observation seen) {
    return portrait.of(seen, Server.UNSEEN, new TreeSet<>(), false);
  }

  private static ControlData control(ControlData.State state) {
    return new ControlData(
        "7123",
        state,
        END,
        3,
        dev.matriarch.postgres.Lsn.ZERO,
        0,
        new dev.matriarch.postgres.Lsn(0x1000000));
  }

  @Test
  void aStandbyIsTiedToTheMemberItStreamsFrom() {
    Server server =
        of(
            new Observation.Running(
                42,
                true,
                "7123",
                3,
                Optional.empty(),
                Optional.of(END),
                Optional.of(new dev.matriarch.postgres.Lsn(0x900)),
                false,
                Optional.empty(),
                Optional.of(new Observation.Receiver("streaming", "10.10.10.11", 5432, 3, "")),
                "user=replicator host=10.10.10.11 port=5432 application_name=pg-test-2",
                Instant.EPOCH,
                List.of(),
                List.of(),
                150018,
                "",
                List.of(),
                3,
                false,
                Optional.empty()));

    assertThat(server.upstream()).isEqualTo("pg-test-1");
    assertThat(server.streaming()).isTrue();
    assertThat(server.streamed()).isTrue();
    assertThat(server.written()).isEqualTo(new Lsn(END.value()));
    assertThat(server.role()).isEqualTo(Role.STANDBY);
  }

  @Test
  void ofAShutDownPrimaryOnlyTheOneBeyondItsLastRecordHasAll() {
    Server stopped = of(new Observation.Stopped(control(ControlData.State.SHUT_DOWN), false));

    assertThat(stopped.condition()).isEqualTo(Condition.STOPPED);
    assertThat(stopped.written().isBeyond(new Lsn(END.value()))).isTrue();
  }

  @Test
  void aPrimaryThatOnlyClosesConnectionsCountsAsStopped() {
    Server stopping = of(new Observation.Stopping(42, control(ControlData.State.SHUT_DOWN)));
    Server writing = of(new Observation.Stopping(42, control(ControlData.State.SHUTTING_DOWN)));

    assertThat(stopping.condition()).isEqualTo(Condition.STOPPED);
    assertThat(writing.condition()).isEqualTo(Condition.STOPPING);
    assertThat(writing.mayBeWriting()).isTrue();
  }

  @Test
  void aFormerPrimaryThatStartsAsAStandbyIsNone() {
    Observation.Starting starting =
        new Observation.Starting(42, control(ControlData.State.SHUT_DOWN), Optional.empty());

    assertThat(portrait.of(starting, Server.UNSEEN, new TreeSet<>(), true).mayBeWriting())
        .isFalse();
    assertThat(portrait.of(starting, Server.UNSEEN, new TreeSet<>(), false).mayBeWriting())
        .isTrue();
  }

  @Test
  void aCrashedPrimaryReplaysFromItsCheckpointToWhatWasSeenLast() {
    Observation.Crashed crashed =
        new Observation.Crashed(control(ControlData.State.IN_PRODUCTION), false);
    Server running =
        Server.UNSEEN.toBuilder()
            .condition(Condition.RUNNING)
            .role(Role.PRIMARY)
            .redo(new Redo(Lsn.ZERO, new Lsn(0x9000000)))
            .build();
    Server seen = portrait.of(crashed, running, new TreeSet<>(), false);

    assertThat(seen.redo()).isEqualTo(new Redo(new Lsn(0x1000000), new Lsn(0x9000000)));
    assertThat(portrait.of(crashed, seen, new TreeSet<>(), false).redo()).isEqualTo(seen.redo());
    Observation.Starting starting =
        new Observation.Starting(
            42, control(ControlData.State.IN_CRASH_RECOVERY), Optional.empty());
    assertThat(portrait.of(starting, seen, new TreeSet<>(), false).redo()).isEqualTo(seen.redo());
    assertThat(of(crashed).redo())
        .as("by a new agent")
        .isEqualTo(new Redo(new Lsn(0x1000000), new Lsn(END.value())));
  }

  @Test
  void aHungPrimaryIsStillTakenForOne() {
    Server before = of(new Observation.Crashed(control(ControlData.State.IN_PRODUCTION), false));
    Server hung =
        portrait.of(new Observation.Hung(42, "no answer"), before, new TreeSet<>(), false);

    assertThat(hung.condition()).isEqualTo(Condition.HUNG);
    assertThat(hung.mayBeWriting()).isTrue();
  }
}
