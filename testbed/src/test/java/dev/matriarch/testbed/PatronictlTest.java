package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Debian's own {@code patronictl} does all its verbs against three live agents, and what it asks
 * for comes about. One cluster lives through all of it, in this order.
 */
@Tag("e2e")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PatronictlTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Pattern LEADER =
      Pattern.compile("\"Member\": \"(\\w+)\"[^}]*\"Role\": \"Leader\"");
  private static final String SCOPE = LocalCluster.SCOPE;

  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    cluster = new LocalCluster();
    Await.until(
        "three members, two of them streaming",
        Duration.ofSeconds(60),
        PatronictlTest::isWhole,
        () -> ctl("list").output());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static Shell.Result ctl(String... arguments) {
    return cluster.patronictl("", arguments);
  }

  /** Does it and returns what it said. */
  private static String done(String... arguments) {
    Shell.Result result = ctl(arguments);
    assertThat(result.exitCode()).as(() -> result.output() + "\n" + situation()).isZero();
    return result.output();
  }

  private static String list() {
    return done("list", SCOPE, "-f", "json");
  }

  private static String leader() {
    Matcher leads = LEADER.matcher(list());
    return leads.find() ? leads.group(1) : "";
  }

  private static List<String> replicas() {
    String leader = leader();
    return LocalCluster.NAMES.stream().filter(name -> !name.equals(leader)).toList();
  }

  private static boolean isWhole() {
    return cluster.isWhole();
  }

  private static String situation() {
    return ctl("list").output() + cluster.logs();
  }

  private static void awaitWhole() {
    await("the cluster to be whole", PatronictlTest::isWhole);
  }

  private static void await(String what, BooleanSupplier condition) {
    Await.until(what, SOON, condition, PatronictlTest::situation);
  }

  private static String sql(String member, String query) {
    return cluster.sql(member, query);
  }

  private static String started(String member) {
    return sql(member, "SELECT pg_postmaster_start_time()");
  }

  private static String rest(String member, String method, String path, String body) {
    return cluster.ask(member, method, path, body);
  }

  @Test
  @Order(1)
  @Promise("P212")
  void listTopologyAndVersionShowTheCluster() {
    assertThat(leader()).isNotEmpty();
    assertThat(list().split("\"Role\": \"Replica\"", -1)).hasSize(3);
    assertThat(list()).contains("\"State\": \"running\"", "\"TL\": 1", "\"Lag in MB\": 0");
    assertThat(done("topology", SCOPE)).contains("| " + leader(), "| + " + replicas().getFirst());
    assertThat(done("version", SCOPE)).contains("m1: Patroni 4.1.0 PostgreSQL 15.");
    assertThat(done("dsn", SCOPE, "-r", "replica")).contains("host=127.0.0.1 port=");
    assertThat(
            done(
                "query",
                SCOPE,
                "-r",
                "replica",
                "-U",
                "postgres",
                "-c",
                "SELECT pg_is_in_recovery()"))
        .contains("True");
  }

  @Test
  @Order(2)
  void editConfigReachesEveryServerAndAskForARestartWhereItMust() {
    done(
        "edit-config",
        SCOPE,
        "--force",
        "-p",
        "work_mem=9MB",
        "-p",
        "max_connections=65",
        "-s",
        "loop_wait=2");
    assertThat(done("show-config", SCOPE)).contains("work_mem: 9MB", "loop_wait: 2", "ttl: 8");
    for (String name : LocalCluster.NAMES) {
      await("work_mem on " + name, () -> sql(name, "SHOW work_mem").equals("9MB"));
      await(
          "pending restart of " + name,
          () -> cluster.key("members/" + name).contains("\"pending_restart\":true"));
    }
    assertThat(list().split("\"Pending restart\": \"\\*\"", -1)).hasSize(4);
  }

  @Test
  @Order(3)
  void whatPostgresqlRefusesIsNotStored() {
    String before = cluster.key("config");
    assertThat(
            rest(
                leader(),
                "PATCH",
                "/config",
                "{\"postgresql\":{\"parameters\":{\"work_mem\":\"lots\"}}}"))
        .isEqualTo(
            "nothing was changed: PostgreSQL says: invalid value for parameter \"work_mem\": \"lots\" 400");
    assertThat(cluster.key("config")).isEqualTo(before);
  }

  @Test
  @Order(4)
  void restartFulfilsPendingOnesAndKeepsItsConditions() {
    String leader = leader();
    String replica = replicas().getFirst();
    assertThat(ctl("restart", SCOPE, replica, "--force", "--pg-version", "9.5.2").output())
        .contains("restart conditions are not satisfied");
    assertThat(
            ctl("restart", SCOPE, "--force", "-r", "replica", "--pending", "--timeout", "60")
                .output())
        .contains("Success: restart on member " + replica)
        .doesNotContain("restart on member " + leader);
    assertThat(done("restart", SCOPE, "--force", "--pending"))
        .contains("Success: restart on member " + leader);
    for (String name : LocalCluster.NAMES) {
      await("restart of " + name, () -> sql(name, "SHOW max_connections").equals("65"));
    }
    awaitWhole();
    assertThat(leader()).as("a restart moves no leadership").isEqualTo(leader);
    assertThat(list()).doesNotContain("Pending restart");
  }

  @Test
  @Order(5)
  void restartsAreScheduledShownFlushedAndDone() {
    String replica = replicas().getFirst();
    String before = started(replica);
    String later =
        Instant.now().plus(2, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();
    assertThat(done("restart", SCOPE, replica, "--force", "--scheduled", later))
        .contains("Success");
    await(
        "the schedule in etcd",
        () -> cluster.key("members/" + replica).contains("\"scheduled_restart\":{\"schedule\""));
    assertThat(done("list", SCOPE)).contains("Scheduled restart");
    assertThat(rest(replica, "POST", "/restart", "{\"schedule\":\"" + later + "\"}"))
        .isEqualTo("Another restart is already scheduled 409");
    assertThat(done("flush", SCOPE, replica, "restart", "--force"))
        .contains("Success: flush scheduled restart");
    await(
        "no schedule in etcd",
        () -> !cluster.key("members/" + replica).contains("scheduled_restart"));
    String soon = Instant.now().plusSeconds(5).toString();
    done("restart", SCOPE, replica, "--force", "--scheduled", soon);
    await(
        "the scheduled restart",
        () -> !started(replica).equals(before) && !started(replica).startsWith("failed"));
    awaitWhole();
  }

  @Test
  @Order(6)
  void reloadReadsTheFileAgain() throws IOException {
    cluster.write("m3", "my_tag: here");
    assertThat(done("reload", SCOPE, "m3", "--force"))
        .contains("Reload request received for member m3");
    await("the tag", () -> cluster.key("members/m3").contains("\"my_tag\":\"here\""));
    cluster.write("m3", "");
    Shell.run("kill", "-HUP", Long.toString(cluster.agent("m3").pid())).orThrow();
    await("no tag", () -> !cluster.key("members/m3").contains("my_tag"));
    assertThat(cluster.agent("m3").isAlive()).isTrue();
  }

  @Test
  @Order(7)
  void switchoverNowAndAtItsTime() {
    String first = leader();
    String second = replicas().getFirst();
    assertThat(done("switchover", SCOPE, "--leader", first, "--candidate", second, "--force"))
        .contains("Successfully switched over to \"" + second + "\"");
    assertThat(leader()).isEqualTo(second);
    awaitWhole();
    assertThat(
            ctl("switchover", SCOPE, "--leader", first, "--candidate", second, "--force")
                .exitCode())
        .isNotZero();
    String later =
        Instant.now().plus(2, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();
    done(
        "switchover",
        SCOPE,
        "--leader",
        second,
        "--candidate",
        first,
        "--scheduled",
        later,
        "--force");
    assertThat(done("list", SCOPE)).contains("Switchover scheduled at");
    assertThat(done("flush", SCOPE, "switchover", "--force")).contains("Success");
    assertThat(cluster.key("failover")).isEqualTo("{}");
    String soon = Instant.now().plusSeconds(5).toString();
    assertThat(
            done(
                "switchover",
                SCOPE,
                "--leader",
                second,
                "--candidate",
                first,
                "--scheduled",
                soon,
                "--force"))
        .contains("Switchover scheduled");
    await("the scheduled switchover", () -> leader().equals(first));
    awaitWhole();
  }

  @Test
  @Order(8)
  void failoverAndHistory() {
    String next = replicas().getLast();
    assertThat(done("failover", SCOPE, "--candidate", next, "--force"))
        .contains("over to \"" + next + "\"");
    assertThat(leader()).isEqualTo(next);
    awaitWhole();
    assertThat(done("history", SCOPE, "-f", "json"))
        .contains("no recovery target specified", "\"New Leader\": \"" + next + "\"");
  }

  @Test
  @Order(9)
  void reinitCopiesTheLeaderAnew() throws IOException {
    String replica = replicas().getFirst();
    Path mark = cluster.data(replica).resolve("mark");
    Files.writeString(mark, "old");
    assertThat(rest(leader(), "POST", "/reinitialize", "{}"))
        .isEqualTo("I am the leader, can not reinitialize 503");
    assertThat(done("reinit", SCOPE, replica, "--force", "--wait"))
        .contains("Reinitialize is completed on: " + replica);
    assertThat(mark).doesNotExist();
    awaitWhole();
  }

  @Test
  @Order(10)
  void pauseLeavesServersAloneUntilResume() throws InterruptedException {
    assertThat(done("pause", SCOPE, "--wait")).contains("Success: cluster management is paused");
    assertThat(done("list", SCOPE)).contains("Maintenance mode: on");
    String replica = replicas().getFirst();
    cluster.control(replica, "stop");
    await("stopped", () -> cluster.key("members/" + replica).contains("\"state\":\"stopped\""));
    Await.elapse(Duration.ofSeconds(3));
    assertThat(sql(replica, "SELECT 1")).startsWith("failed");
    assertThat(done("restart", SCOPE, replica, "--force"))
        .contains("Success: restart on member " + replica);
    awaitWhole();
    String leader = leader();
    String started = started(leader);
    assertThat(cluster.stop(leader)).isZero();
    assertThat(cluster.key("leader")).isEqualTo(leader);
    assertThat(started(leader)).isEqualTo(started);
    await("the key gone with its lease", () -> cluster.key("leader").isEmpty());
    cluster.start(leader);
    await("the leader back", () -> cluster.key("leader").equals(leader));
    assertThat(started(leader)).as("it was left running").isEqualTo(started);
    awaitWhole();
    String next = replicas().getLast();
    assertThat(ctl("switchover", SCOPE, "--leader", leader, "--force").output())
        .containsIgnoringCase("candidate");
    done("switchover", SCOPE, "--leader", leader, "--candidate", next, "--force");
    awaitWhole();
    assertThat(done("resume", SCOPE, "--wait")).contains("Success: cluster management is resumed");
    String another = replicas().getFirst();
    cluster.control(another, "stop", "--no-wait");
    await("started again after the pause", () -> sql(another, "SELECT 1").equals("1"));
    awaitWhole();
  }

  @Test
  @Order(11)
  void aNameThatIsTakenAndCorruptKeysAreSaid() throws Exception {
    String leader = leader();
    Shell.Result twin =
        Shell.run(List.of(Product.launcher().toString(), "agent", cluster.file(leader).toString()));
    assertThat(twin.exitCode()).isEqualTo(1);
    assertThat(twin.output())
        .containsPattern(
            "(?m)^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} CRITICAL: Can't start; there is already a node named '"
                + leader
                + "' running$");
    String started = started(leader);
    String config = cluster.key("config");
    for (String key :
        List.of(
            "config", "failover", "sync", "status", "history", "initialize", "members/nobody")) {
      cluster.putKey(key, "{\"broken");
    }
    await("it is said", () -> said(leader, "etcd key /service/batman/initialize"));
    Await.elapse(Duration.ofSeconds(3));
    assertThat(LocalCluster.NAMES).allMatch(name -> cluster.agent(name).isAlive());
    assertThat(started(leader)).isEqualTo(started);
    assertThat(sql(leader, "SELECT pg_is_in_recovery()")).isEqualTo("f");
    cluster.putKey("config", config);
    cluster.putKey("initialize", sql(leader, "SELECT system_identifier FROM pg_control_system()"));
  }

  private static boolean said(String member, String what) {
    try {
      return cluster.log(member).contains(what);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  @Order(12)
  void removeForgetsAClusterThatIsDown() throws InterruptedException {
    String leader = leader();
    for (String name : LocalCluster.NAMES) {
      if (!name.equals(leader)) {
        assertThat(cluster.stop(name)).isZero();
      }
    }
    assertThat(cluster.stop(leader)).isZero();
    for (String name : LocalCluster.NAMES) {
      assertThat(cluster.data(name).resolve("postmaster.pid")).doesNotExist();
    }
    cluster.patronictl("batman\nYes I am aware\n", "remove", SCOPE).orThrow();
    assertThat(cluster.key("initialize")).isEmpty();
    assertThat(cluster.key("config")).isEmpty();
  }
}
