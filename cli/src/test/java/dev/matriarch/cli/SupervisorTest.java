package dev.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The supervisor on real processes that are killed, frozen and left alone. */
@Tag("real")
class SupervisorTest {
  private SupervisedFolder node;

  @BeforeEach
  void open() throws IOException {
    node = SupervisedFolder.make();
  }

  @AfterEach
  void close() throws Exception {
    node.close();
  }

  @Test
  void aServiceThatIsKilledIsStartedAgain() throws Exception {
    node.services(node.plain("etcd"), node.agent());
    node.supervise();
    long first = node.awaitPid("etcd");
    node.signal("KILL", first);
    assertThat(node.awaitOtherPid("etcd", first)).isNotEqualTo(first);
    assertThat(node.said()).contains("etcd ended (signal 9)");
  }

  @Test
  void aServiceThatKeepsEndingIsStartedAgainAfterGrowingPauses() throws Exception {
    node.services("broken\tplain\t/bin/false", node.agent());
    node.supervise();
    node.awaitSaid("starts again in 200 ms");
    node.awaitSaid("starts again in 400 ms");
    node.awaitSaid("starts again in 800 ms");
  }

  @Test
  void anAgentWhoseHeartbeatStopsIsKilledAndStartedAgain() throws Exception {
    node.services(node.plain("etcd"), node.agent());
    node.supervise();
    long etcd = node.awaitPid("etcd");
    long agent = node.awaitPid("agent");
    node.awaitLogged("agent", "beats");
    node.signal("STOP", agent);
    assertThat(node.awaitOtherPid("agent", agent)).isNotEqualTo(agent);
    assertThat(node.said()).contains("agent shows no sign of life");
    assertThat(node.awaitPid("etcd")).isEqualTo(etcd);
  }

  @Test
  void aSignalStopsTheAgentFirstAndThenTheOthersInReverse() throws Exception {
    node.services(node.plain("etcd"), node.agent(), node.plain("haproxy"));
    Process supervisor = node.supervise();
    List<Long> pids =
        List.of(node.awaitReady("etcd"), node.awaitReady("agent"), node.awaitReady("haproxy"));
    supervisor.destroy();
    assertThat(supervisor.waitFor()).as(node::said).isZero();
    assertThat(node.endings()).containsExactly("agent", "haproxy", "etcd");
    assertThat(pids).noneMatch(node::isAlive);
    assertThat(node.filesOfRun()).containsExactlyInAnyOrder("services", "supervisor.lock");
  }

  @Test
  void aFrozenServiceIsStoppedToo() throws Exception {
    node.services(node.plain("etcd"), node.agent());
    Process supervisor = node.supervise();
    long etcd = node.awaitReady("etcd");
    node.awaitReady("agent");
    node.signal("STOP", etcd);
    supervisor.destroy();
    assertThat(supervisor.waitFor()).as(node::said).isZero();
    assertThat(node.isAlive(etcd)).isFalse();
  }

  /** As a pooler does that would rather wait for its clients. */
  @Test
  void aServiceThatEndsWhenItIsAskedTwiceIsNotKilled() throws Exception {
    String twice = "trap 'trap \"exit 0\" TERM' TERM; echo ready; while :; do sleep 0.1; done";
    node.services("pgbouncer\tplain\t/bin/bash\t-c\t" + twice, node.agent());
    Process supervisor = node.supervise();
    node.awaitReady("pgbouncer");
    node.awaitReady("agent");
    supervisor.destroy();
    assertThat(supervisor.waitFor()).as(node::said).isZero();
    assertThat(node.said()).doesNotContain("did not end");
  }

  @Test
  void theAgentAloneCanBeStopped() throws Exception {
    node.services(node.plain("etcd"), node.agent());
    Process supervisor = node.supervise();
    long etcd = node.awaitReady("etcd");
    long agent = node.awaitReady("agent");
    node.signal("USR1", supervisor.pid());
    node.awaitGone(agent);
    node.awaitSaid("stopping the agent");
    // What is killed now is started again, so the loop went on; the agent stays away.
    node.signal("KILL", etcd);
    node.awaitOtherPid("etcd", etcd);
    assertThat(node.endings()).containsExactly("agent");
    assertThat(node.filesOfRun()).doesNotContain("agent.pid");
  }

  @Test
  void servicesOutliveTheSupervisorAndTheNextOneAdoptsThem() throws Exception {
    node.services(node.plain("etcd"), node.plain("haproxy"), node.agent());
    Process killed = node.supervise();
    long etcd = node.awaitReady("etcd");
    long haproxy = node.awaitReady("haproxy");
    node.awaitReady("agent");
    node.signal("KILL", killed.pid());
    killed.waitFor();
    node.signal("KILL", haproxy);
    node.awaitGone(haproxy);
    assertThat(node.isAlive(etcd)).isTrue();
    node.supervise();
    node.awaitSaid("etcd still runs (pid " + etcd + ")");
    assertThat(node.awaitOtherPid("haproxy", haproxy)).isNotEqualTo(haproxy);
    node.signal("KILL", etcd);
    assertThat(node.awaitOtherPid("etcd", etcd)).isNotEqualTo(etcd);
  }

  @Test
  void aPidFileOfAnotherProcessIsNotBelieved() throws Exception {
    node.services(node.plain("etcd"), node.agent());
    Path file = node.run().resolve("etcd.pid");
    // Alive, but not born when the file says: the number was given to somebody else.
    Files.writeString(file, ProcessHandle.current().pid() + "\n1\n");
    node.supervise();
    assertThat(node.awaitOtherPid("etcd", ProcessHandle.current().pid())).isPositive();
    assertThat(node.said()).doesNotContain("still runs");
  }

  @Test
  void aSecondSupervisorOfTheSameFolderRefuses() throws Exception {
    node.services(node.plain("etcd"), node.agent());
    Process first = node.supervise();
    node.awaitReady("etcd");
    Process second = node.supervise();
    assertThat(second.waitFor()).isEqualTo(1);
    node.awaitSaid("another supervisor already runs below " + node.folder());
    assertThat(first.isAlive()).isTrue();
  }

  @Test
  void aServerThatTheAgentLeftBehindIsStopped() throws Exception {
    node.services(node.plain("etcd"), node.agent());
    long server = node.leaveServer();
    Process supervisor = node.supervise();
    node.awaitReady("etcd");
    supervisor.destroy();
    assertThat(supervisor.waitFor()).as(node::said).isZero();
    node.awaitGone(server);
    assertThat(node.said()).contains("PostgreSQL still runs (pid " + server + ")");
  }

  @Test
  void aManifestThatMakesNoSenseIsNamedByItsLine() throws Exception {
    node.services("etcd\tsometimes\t/bin/true");
    Process supervisor = node.supervise();
    assertThat(supervisor.waitFor()).as(node::said).isEqualTo(1);
    assertThat(node.said()).contains("run/services: cannot understand: etcd\tsometimes");
  }
}
