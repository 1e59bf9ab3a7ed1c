package dev.matriarch.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.Tags;
import dev.matriarch.engine.TwoNodePolicy;
import dev.matriarch.engine.sim.Fault.Kind;
import dev.matriarch.engine.sim.Simulation.Options;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The failures of the handbook, one each, as text: what happens and what each member decides. A
 * change of behaviour shows as a change of text. Run with -Dstories.write=true to write them anew,
 * and read the difference before you keep it.
 */
class StoriesTest {
  private static final Path FOLDER = Path.of("src", "test", "resources", "stories");
  private static final Duration AT = Duration.ofSeconds(20);
  private static final long SEED = 5;

  /** The member that leads when trouble comes, and two others. */
  private static final int LEADER = 0;

  private static final int REPLICA = 1;
  private static final int THIRD = 2;

  private static Fault fault(Kind kind, int member, int seconds) {
    return new Fault(AT, kind, member, -1, Duration.ofSeconds(seconds));
  }

  private static void tell(String name, Fault... faults) throws IOException {
    tell(name, 3, faults);
  }

  private static void tell(String name, int members, Fault... faults) throws IOException {
    tell(name, members, Settings.DEFAULT, faults);
  }

  private static void tell(String name, int members, Settings settings, Fault... faults)
      throws IOException {
    Setup setup =
        new Setup(
            Collections.nCopies(members, Tags.NONE),
            settings,
            true,
            Weather.FAIR,
            List.of(faults),
            Duration.ofSeconds(80));
    Report report = Simulation.run(SEED, setup, Options.standard().recorded());
    assertThat(report.breach()).isEmpty();
    String from = faults.length == 0 ? "" : "*** ";
    List<String> lines =
        report.transcript().stream()
            .dropWhile(line -> !line.contains(from))
            .filter(line -> !isRoutine(line))
            .toList();
    String text = name + "\n\n" + String.join("\n", lines) + "\n";
    Path file = FOLDER.resolve(name.replace(' ', '-').replace(",", "") + ".txt");
    if (Boolean.getBoolean("stories.write")) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, text);
    }
    assertThat(Files.readString(file)).isEqualTo(text);
  }

  private static boolean isRoutine(String line) {
    return line.contains(" PUBLISH: ")
        || line.contains(" ROUTE: ")
        || line.contains(" RECORD_STATUS: ")
        || line.contains(" KEEP_SLOTS: its slots are behind")
        || line.contains(" HOLD: leading")
        || line.contains(" STREAM: following");
  }

  @Test
  void bootstrap() throws IOException {
    tell("bootstrap of three members");
  }

  @Test
  @Promise("P169")
  void primaryCrash() throws IOException {
    tell("PostgreSQL crashes on the primary", fault(Kind.SERVER_KILL, LEADER, 1));
  }

  @Test
  void agentKilled() throws IOException {
    tell("the primary's agent is killed", fault(Kind.AGENT_CRASH, LEADER, 1));
  }

  @Test
  @Promise("P171")
  void agentKilledForLonger() throws IOException {
    tell("the primary's agent stays down", fault(Kind.AGENT_CRASH, LEADER, 50));
  }

  @Test
  @Promise({"P104", "P106", "P167"})
  void nodeLost() throws IOException {
    tell("the primary's node is lost", fault(Kind.NODE_CRASH, LEADER, 50));
  }

  @Test
  @Promise({"P108", "P174", "P175"})
  void replicaLost() throws IOException {
    tell("a replica's node is lost", fault(Kind.NODE_CRASH, REPLICA, 30));
  }

  @Test
  void twoOfThreeLost() throws IOException {
    tell(
        "two of three nodes are lost, and etcd's majority with them",
        fault(Kind.NODE_CRASH, LEADER, 40),
        fault(Kind.NODE_CRASH, REPLICA, 40),
        fault(Kind.STORE_MAJORITY_LOST, THIRD, 40));
  }

  @Test
  @Promise("P179")
  void oneOfEtcdLost() throws IOException {
    tell("etcd elects another leader", fault(Kind.STORE_LEADER_LOST, LEADER, 1));
  }

  @Test
  void majorityOfEtcdLost() throws IOException {
    tell("etcd has no majority", fault(Kind.STORE_MAJORITY_LOST, LEADER, 40));
  }

  private static final Settings FAILSAFE = Settings.DEFAULT.toBuilder().failsafe(true).build();

  @Test
  @Promise({"P172", "P180"})
  void majorityOfEtcdLostInFailsafeMode() throws IOException {
    tell(
        "etcd has no majority, and failsafe mode is on",
        3,
        FAILSAFE,
        fault(Kind.STORE_MAJORITY_LOST, LEADER, 30));
  }

  @Test
  @Promise({"P172", "P181"})
  void majorityOfEtcdAndAReplicaLostInFailsafeMode() throws IOException {
    tell(
        "etcd has no majority and a replica's agent is down in failsafe mode",
        3,
        FAILSAFE,
        fault(Kind.STORE_MAJORITY_LOST, LEADER, 40),
        fault(Kind.AGENT_CRASH, REPLICA, 35));
  }

  @Test
  @Promise({"P172", "P181", "P182"})
  void primaryIsolatedInFailsafeMode() throws IOException {
    tell("the primary is isolated in failsafe mode", 3, FAILSAFE, fault(Kind.ISOLATE, LEADER, 50));
  }

  @Test
  @Promise({"P181", "P182"})
  void primaryIsolated() throws IOException {
    tell("the primary is isolated", fault(Kind.ISOLATE, LEADER, 50));
  }

  @Test
  void primarysDiskHangs() throws IOException {
    tell("the primary's disk hangs", fault(Kind.DISK_HANG, LEADER, 50));
  }

  @Test
  void primarysDiskIsFull() throws IOException {
    tell("the primary's disk is full", fault(Kind.DISK_FULL, LEADER, 50));
  }

  @Test
  void switchover() throws IOException {
    tell(
        "switchover to a replica",
        new Fault(AT, Kind.SWITCHOVER, LEADER, REPLICA, Duration.ofSeconds(1)));
  }

  @Test
  void coldStart() throws IOException {
    tell(
        "cold start after a total outage",
        fault(Kind.NODE_CRASH, LEADER, 20),
        fault(Kind.NODE_CRASH, REPLICA, 30),
        fault(Kind.NODE_CRASH, THIRD, 25));
  }

  @Test
  void coldStartWithoutWhoLedLast() throws IOException {
    tell(
        "cold start, and who led last comes last",
        fault(Kind.NODE_CRASH, LEADER, 70),
        fault(Kind.NODE_CRASH, REPLICA, 30),
        fault(Kind.NODE_CRASH, THIRD, 25));
  }

  @Test
  @Promise("P109")
  void twoNodesWithConsistency() throws IOException {
    tell(
        "the primary of two is lost, and their policy is consistency",
        2,
        Settings.DEFAULT.toBuilder().twoNodePolicy(TwoNodePolicy.CONSISTENCY).build(),
        fault(Kind.NODE_CRASH, Fault.LEADER, 50));
  }

  @Test
  @Promise({"P169", "P201"})
  void longRecovery() throws IOException {
    tell(
        "PostgreSQL crashes on the primary and would recover for long",
        3,
        Settings.DEFAULT.toBuilder()
            .synchrony(new Synchrony(Synchrony.Mode.QUORUM, false, 1, -1))
            .recoveryRate(10_000)
            .build(),
        fault(Kind.SERVER_KILL, LEADER, 1));
  }

  // ---- more of what the handbook and the seeds tell of

  private static Settings synchronous(boolean strict) {
    return Settings.DEFAULT.toBuilder()
        .synchrony(new Synchrony(Synchrony.Mode.QUORUM, strict, 1, -1))
        .build();
  }

  @Test
  @Promise({"P109", "P201"})
  void nodeLostInStrictQuorumMode() throws IOException {
    tell(
        "the primary's node is lost in strict quorum mode",
        3,
        synchronous(true),
        fault(Kind.NODE_CRASH, LEADER, 50));
  }

  @Test
  @Promise({"P109", "P201"})
  void primaryIsolatedInStrictQuorumMode() throws IOException {
    tell(
        "the primary is isolated in strict quorum mode",
        3,
        synchronous(true),
        fault(Kind.ISOLATE, LEADER, 50));
  }

  @Test
  @Promise("P202")
  void onlyStandbyLostInStrictMode() throws IOException {
    tell(
        "two nodes in strict quorum mode, and the standby is lost",
        2,
        synchronous(true),
        fault(Kind.NODE_CRASH, REPLICA, 40));
  }

  @Test
  @Promise("P187")
  void twoOfFiveLost() throws IOException {
    tell(
        "two of five nodes are lost, the primary's and another",
        5,
        fault(Kind.NODE_CRASH, LEADER, 50),
        fault(Kind.NODE_CRASH, THIRD, 50));
  }

  @Test
  @Promise({"P181", "P182"})
  void minoritySide() throws IOException {
    int primaryAndReplica = 0b00011;
    tell(
        "the primary and a replica are cut off from three others and etcd",
        5,
        new Fault(AT, Kind.PARTITION, LEADER, primaryAndReplica, Duration.ofSeconds(50)));
  }

  @Test
  @Promise("P176")
  void primaryLeftAloneInFailsafeMode() throws IOException {
    tell(
        "both replicas and etcd's majority are lost in failsafe mode",
        3,
        FAILSAFE,
        fault(Kind.NODE_CRASH, REPLICA, 40),
        fault(Kind.NODE_CRASH, THIRD, 40),
        fault(Kind.STORE_MAJORITY_LOST, LEADER, 40));
  }

  @Test
  @Promise("P185")
  void agentFrozen() throws IOException {
    tell("the primary's agent freezes", fault(Kind.AGENT_FREEZE, LEADER, 40));
  }

  @Test
  void nodeFrozen() throws IOException {
    tell("the primary's node freezes and wakes up again", fault(Kind.NODE_FREEZE, LEADER, 40));
  }

  @Test
  void serverHangs() throws IOException {
    tell("PostgreSQL hangs on the primary", fault(Kind.SERVER_HANG, LEADER, 50));
  }

  @Test
  void answersOfEtcdLost() throws IOException {
    tell("etcd's answers do not reach the primary", fault(Kind.CUT_STORE_ANSWERS, LEADER, 40));
  }

  @Test
  void dataLostOnThePrimary() throws IOException {
    tell("the primary's data directory is emptied", fault(Kind.DATA_LOST, LEADER, 1));
  }

  @Test
  void dataLostOnAReplica() throws IOException {
    tell("a replica's data directory is emptied", fault(Kind.DATA_LOST, REPLICA, 1));
  }

  @Test
  void foreignData() throws IOException {
    tell("a replica finds another cluster's data", fault(Kind.FOREIGN_DATA, REPLICA, 20));
  }

  @Test
  void switchoverRefused() throws IOException {
    tell(
        "switchover to a replica that is down",
        fault(Kind.NODE_CRASH, REPLICA, 40),
        new Fault(AT.plusSeconds(10), Kind.SWITCHOVER, LEADER, REPLICA, Duration.ofSeconds(1)));
  }

  @Test
  void candidateDiesDuringASwitchover() throws IOException {
    tell(
        "the candidate dies during a switchover",
        new Fault(AT, Kind.SWITCHOVER, LEADER, REPLICA, Duration.ofSeconds(1)),
        new Fault(AT.plusMillis(350), Kind.NODE_CRASH, REPLICA, -1, Duration.ofSeconds(40)));
  }

  @Test
  void crashInPause() throws IOException {
    tell(
        "PostgreSQL crashes on the primary while the cluster is paused",
        fault(Kind.PAUSE, LEADER, 40),
        new Fault(AT.plusSeconds(5), Kind.SERVER_KILL, LEADER, -1, Duration.ofSeconds(1)));
  }

  @Test
  void replicaReinitialized() throws IOException {
    tell("a replica is reinitialized", fault(Kind.REINITIALIZE, REPLICA, 1));
  }

  @Test
  void primaryRestarted() throws IOException {
    tell("the primary is restarted by an operator", fault(Kind.RESTART, LEADER, 1));
  }

  @Test
  @Promise({"P178", "P188"})
  void primaryOfTwoLostWithEtcdsMajority() throws IOException {
    tell(
        "the primary of two is lost, and etcd's majority with it",
        2,
        fault(Kind.NODE_CRASH, Fault.LEADER, 50),
        fault(Kind.STORE_MAJORITY_LOST, LEADER, 50));
  }

  @Test
  @Promise("P189")
  void primaryOfTwoLostBesideAnArbiter() throws IOException {
    tell(
        "the primary of two is lost, and an arbiter keeps etcd's majority",
        2,
        fault(Kind.NODE_CRASH, Fault.LEADER, 50));
  }

  @Test
  @Promise("P191")
  void datacentreLost() throws IOException {
    tell(
        "the data centre of the primary is lost, and a third one keeps etcd's majority",
        4,
        fault(Kind.NODE_CRASH, REPLICA, 50),
        fault(Kind.NODE_CRASH, LEADER, 50));
  }

  private static final Settings STANDBY =
      Settings.DEFAULT.toBuilder().source(Optional.of(Outside.SOURCE)).build();

  @Test
  @Promise({"P193", "P194"})
  void standbyClustersLeaderLost() throws IOException {
    tell(
        "a standby cluster's leader is lost", 3, STANDBY, fault(Kind.NODE_CRASH, Fault.LEADER, 50));
  }

  @Test
  @Promise({"P193", "P194"})
  void siteLost() throws IOException {
    tell(
        "the site that a standby cluster follows is lost, and the cluster becomes one of its own",
        3,
        STANDBY,
        fault(Kind.OUTSIDE_DOWN, LEADER, 55),
        new Fault(AT.plusSeconds(10), Kind.SWAP_SITES, LEADER, -1, Duration.ofSeconds(70)));
  }
}
