package dev.matriarch.postgres;

import static dev.matriarch.postgres.Stable.LONG;
import static dev.matriarch.postgres.Stable.SHORT;
import static dev.matriarch.postgres.Stable.awaitCaughtUp;
import static dev.matriarch.postgres.Stable.one;
import static dev.matriarch.postgres.Stable.run;
import static dev.matriarch.postgres.Stable.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.promises.Promise;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several servers that stream from each other. */
@Tag("real")
class ReplicationTest {
  private final Stable stable = new Stable();

  @AfterEach
  void close() {
    stable.close();
  }

  @Test
  void aCloneStreamsAndAPlannedSwitchNeedsNoRewind() {
    PostgresServer one = stable.primary("one");
    PostgresServer two = stable.standby("two", one);
    PostgresServer three = stable.standby("three", one);
    awaitCaughtUp(two, one);
    awaitCaughtUp(three, one);
    assertThat(running(one).senders())
        .extracting(Observation.Sender::applicationName, Observation.Sender::state)
        .contains(
            org.assertj.core.groups.Tuple.tuple("two", "streaming"),
            org.assertj.core.groups.Tuple.tuple("three", "streaming"));
    assertThat(running(one).senders())
        .allSatisfy(
            sender -> {
              assertThat(sender.user()).isEqualTo(Stable.upstream(one, "two").user());
              assertThat(sender.address()).isEqualTo("127.0.0.1");
              assertThat(sender.syncPriority()).isZero();
            });
    Observation.Running standby = running(two);
    assertThat(standby.inRecovery()).isTrue();
    assertThat(standby.timeline()).isEqualTo(1);
    assertThat(standby.conninfo()).contains("port=" + one.spec().port()).doesNotContain("pass");
    assertThat(standby.receiver().orElseThrow().port()).isEqualTo(one.spec().port());

    one.checkpoint(SHORT);
    two.quietRestore(SHORT);
    Lsn end = one.stop(StopMode.FAST, LONG);
    Stable.await("replay", () -> running(two).replayed().orElseThrow().reached(end));
    two.promote(SHORT);
    two.promote(SHORT);
    three.follow(Stable.upstream(two, "three"), SHORT);
    assertThat(running(two).timeline()).isEqualTo(2);
    assertThat(running(two).conninfo()).isEmpty();
    run(two, "CREATE TABLE public.after_switch (n int)");
    one.start(new ServerRole.StandbyOf(Stable.upstream(two, "one")), LONG);
    awaitCaughtUp(one, two);
    awaitCaughtUp(three, two);
    assertThat(one(one, "SELECT count(*) FROM public.after_switch")).isEqualTo("0");
    assertThat(running(three).timeline()).isEqualTo(2);

    TimelineHistory history = one.timelineHistory(Stable.upstream(two, "one"), 2, SHORT);
    assertThat(history.isAncestor(1, end)).isTrue();
    assertThat(two.timelineHistory(2)).contains(history);
    assertThat(one.timelineHistory(7)).isEmpty();
    UpstreamIdentity identity = one.identify(Stable.upstream(two, "one"), SHORT);
    assertThat(identity.timeline()).isEqualTo(2);
    assertThat(identity.systemIdentifier()).isEqualTo(running(one).systemIdentifier());
    one.requireCluster(Stable.upstream(two, "one"), identity.systemIdentifier(), SHORT);
    one.requireCluster(Stable.upstream(two, "one"), "", SHORT);
    assertThatThrownBy(() -> one.requireCluster(Stable.upstream(two, "one"), "7301", SHORT))
        .isInstanceOf(PostgresException.WrongState.class)
        .hasMessageEndingWith(
            " belongs to another cluster: its system identifier is %s, this cluster's is 7301",
            identity.systemIdentifier());
  }

  /** Found on real hosts that came back from a total outage. */
  @Test
  void whoOnlyTriesToConnectHasNotStreamed() {
    PostgresServer one = stable.primary("one");
    PostgresServer two = stable.standby("two", one);
    awaitCaughtUp(two, one);
    assertThat(running(two).hasStreamed()).isTrue();
    assertThat(running(one).hasStreamed()).isFalse();
    one.stop(StopMode.FAST, LONG);
    two.stop(StopMode.FAST, LONG);
    two.awaitGone(LONG);

    two.start(new ServerRole.StandbyOf(Stable.upstream(one, "two")), LONG);
    Stable.await("an attempt to connect", () -> running(two).received().isPresent());
    assertThat(running(two).hasStreamed()).as("%s", running(two).received()).isFalse();
    one.awaitGone(LONG);
    one.start(new ServerRole.Primary(), LONG);
    // Caught up it was before.
    Stable.await("it to stream", () -> running(two).hasStreamed());
  }

  @Test
  @Promise({"P119", "P122"})
  void aDivergedPrimaryIsRewoundAndFollows() {
    PostgresServer one = stable.primary("one");
    PostgresServer two = stable.standby("two", one);
    run(one, "CREATE TABLE public.t (n int)");
    awaitCaughtUp(two, one);
    Lsn left = two.unfollow(SHORT);
    assertThat(running(two).receiver()).isEmpty();
    run(one, "INSERT INTO public.t SELECT generate_series(1, 1000)");
    assertThat(running(two).received().orElseThrow()).isLessThanOrEqualTo(left);
    long pid = Stable.pid(one);
    Stable.signal(pid, Linux.SIGKILL);
    two.promote(SHORT);
    run(two, "INSERT INTO public.t VALUES (-1)");
    Stable.await("death", () -> new ProcessTable().live(pid).isEmpty());

    TimelineHistory history = one.timelineHistory(Stable.upstream(two, "one"), 2, SHORT);
    assertThat(history.isAncestor(1, running(two).position())).isFalse();
    ServerRole standby = new ServerRole.StandbyOf(Stable.upstream(two, "one"));
    assertThatThrownBy(() -> one.start(standby, LONG))
        .isInstanceOf(PostgresException.WrongState.class)
        .hasMessageContaining("rewind it first");
    one.rewind(Stable.rewindSource(two), LONG);
    one.start(new ServerRole.StandbyOf(Stable.upstream(two, "one")), LONG);
    awaitCaughtUp(one, two);
    assertThat(one(one, "SELECT count(*), min(n) FROM public.t")).isEqualTo("1");
    assertThat(running(one).timeline()).isEqualTo(2);
    assertThat(one.spec().runDir().resolve("rewind-unfinished")).doesNotExist();
  }

  @Test
  void aRewindCutOffIsNeverStarted() {
    PostgresServer one = stable.primary("one");
    one.stop(StopMode.FAST, LONG);
    one.awaitGone(LONG);
    new OwnedFiles(one.spec().osUser()).write(one.spec().runDir().resolve("rewind-unfinished"), "");
    assertThat(one.observe(SHORT)).isInstanceOf(Observation.Unusable.class);
    assertThatThrownBy(() -> one.start(new ServerRole.Primary(), SHORT))
        .isInstanceOf(PostgresException.DataDirectoryUnfit.class)
        .hasMessageContaining("rewind");
    one.discard(SHORT);
    assertThat(one.observe(SHORT)).isEqualTo(new Observation.Absent());
  }

  @Test
  void aWrongPasswordIsSaidAsSuch() {
    PostgresServer one = stable.primary("one");
    PostgresServer two = stable.server("two");
    Upstream wrong = Stable.upstream(one, "two").as("replicator", new Secret("wrong"));
    assertThatThrownBy(() -> two.cloneFrom(wrong, LONG))
        .isInstanceOf(PostgresException.AuthenticationRefused.class)
        .hasMessageContaining("replicator")
        .hasMessageNotContaining("wrong");
    assertThatThrownBy(() -> two.identify(wrong, SHORT))
        .isInstanceOf(PostgresException.AuthenticationRefused.class);
    Upstream nobody = Stable.upstream(one, "two").as("nobody", new Secret("x"));
    assertThatThrownBy(() -> two.identify(nobody, SHORT))
        .isInstanceOf(PostgresException.AuthenticationRefused.class);
    Upstream away =
        Upstream.of("127.0.0.1", Stable.freePort(), "replicator", Stable.REPLICATION, "two");
    assertThatThrownBy(() -> two.cloneFrom(away, LONG))
        .isInstanceOf(PostgresException.UpstreamUnreachable.class)
        .hasMessageContaining(away.address());
    assertThat(two.observe(SHORT)).isEqualTo(new Observation.Absent());
    assertThat(two.spec().dataDir().resolveSibling("data.making")).doesNotExist();
  }

  @Test
  void synchronousNamesAreInEffectWhenSetAndSurviveASettingsChange() {
    PostgresServer one = stable.primary("one");
    PostgresServer two = stable.standby("two", one);
    awaitCaughtUp(two, one);
    one.setSynchronousStandbyNames("ANY 1 (\"two\",\"three\")", SHORT);
    assertThat(running(one).synchronousStandbyNames()).isEqualTo("ANY 1 (\"two\",\"three\")");
    Stable.await("quorum", () -> running(one).senders().getFirst().syncState().equals("quorum"));
    one.apply(one.settings().withFile(Map.of("work_mem", "5MB")), SHORT);
    assertThat(running(one).synchronousStandbyNames()).isEqualTo("ANY 1 (\"two\",\"three\")");
    List<String> none = one.restart(new ServerRole.Primary(), LONG);
    assertThat(none).isEmpty();
    assertThat(running(one).synchronousStandbyNames()).isEqualTo("ANY 1 (\"two\",\"three\")");
    one.setSynchronousStandbyNames("", SHORT);
    assertThat(running(one).synchronousStandbyNames()).isEmpty();
  }

  @Test
  void aStandbyIsRaisedToWhatItsPrimaryHad() {
    PostgresServer one = stable.primary("one");
    Applied applied =
        one.apply(one.settings().withCommandLine(Map.of("max_connections", "111")), SHORT);
    assertThat(applied.pendingRestart())
        .containsExactly(new PendingSetting("max_connections", "100", "111"));
    one.restart(new ServerRole.Primary(), LONG);
    PostgresServer two = stable.standby("two", one);
    assertThat(one(two, "SHOW max_connections")).isEqualTo("111");
    assertThat(running(two).pendingRestart())
        .containsExactly(new PendingSetting("max_connections", "111", "100"));
  }

  @Test
  void aCrashedStandbyIsObservedAndRestarted() {
    PostgresServer one = stable.primary("one");
    PostgresServer two = stable.standby("two", one);
    awaitCaughtUp(two, one);
    long pid = Stable.pid(two);
    two.stop(StopMode.IMMEDIATE, SHORT);
    assertThat(two.observe(SHORT))
        .isInstanceOfSatisfying(
            Observation.Crashed.class, crashed -> assertThat(crashed.standby()).isTrue());
    List<String> none = two.start(new ServerRole.StandbyOf(Stable.upstream(one, "two")), LONG);
    assertThat(none).isEmpty();
    assertThat(Stable.pid(two)).isNotEqualTo(pid);
    awaitCaughtUp(two, one);
  }

  @Test
  void aLeftOverCloneIsRemovedBeforeTheNext() throws java.io.IOException {
    PostgresServer one = stable.primary("one");
    PostgresServer two = stable.server("two");
    Files.createDirectories(two.spec().dataDir().resolveSibling("data.making").resolve("base"));
    two.cloneFrom(Stable.upstream(one, "two"), LONG);
    assertThat(two.observe(SHORT))
        .isInstanceOfSatisfying(
            Observation.Crashed.class, copy -> assertThat(copy.standby()).isTrue());
    assertThat(two.control().orElseThrow().systemIdentifier())
        .isEqualTo(running(one).systemIdentifier());
    assertThat(two.spec().dataDir().resolveSibling("data.making")).doesNotExist();
    two.discard(SHORT);
    two.discard(SHORT);
    assertThat(two.observe(SHORT)).isEqualTo(new Observation.Absent());
  }
}
