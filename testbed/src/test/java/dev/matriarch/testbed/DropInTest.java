package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What users of the field's controller see of three agents with plain files: callbacks, the history
 * that is kept, the lines of an election, and an agent that was frozen.
 */
@Tag("e2e")
class DropInTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final Path TRANSCRIPT = Path.of("src/test/resources/rest.txt");

  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    cluster = new LocalCluster();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void whole() {
    Await.until("the cluster to be whole", Duration.ofSeconds(60), cluster::isWhole, cluster::logs);
  }

  private static void await(String what, BooleanSupplier condition) {
    Await.until(what, SOON, condition, cluster::logs);
  }

  private static void signal(String word, String member) {
    Shell.run("kill", "-" + word, Long.toString(cluster.agent(member).pid())).orThrow();
  }

  private static void switchover() {
    String from = cluster.leader();
    String wish = "{\"leader\":\"" + from + "\"}";
    // The leader of a cluster that has only just come together may know no candidate yet.
    await("a switchover", () -> cluster.ask(from, "POST", "/switchover", wish).endsWith(" 200"));
    await("the cluster after a switchover", cluster::isWhole);
  }

  @Test
  @Promise("P27")
  void callbacksAreToldByWhoRunsTheServer() throws IOException {
    Path calls = cluster.data(cluster.replicas().getFirst()).resolveSibling("calls");
    Path script =
        Files.writeString(cluster.folder().resolve("callback.sh"), "echo \"$@\" >>" + calls + "\n");
    String member = cluster.replicas().getFirst();
    StringBuilder events = new StringBuilder("callbacks: {");
    for (String event :
        List.of("on_start", "on_stop", "on_restart", "on_reload", "on_role_change")) {
      events.append("%s: \"/bin/sh '%s'\", ".formatted(event, script));
    }
    cluster.write(member, "", events.append("}").toString());
    cluster.ask(member, "POST", "/reload", "");
    await("the reload", () -> said(calls).equals(List.of("on_reload replica batman")));
    assertThat(cluster.ask(member, "POST", "/restart", "{}")).endsWith(" 200");
    await("the restart", () -> said(calls).getLast().equals("on_restart replica batman"));
    assertThat(said(calls)).as("neither a stop nor a start").hasSize(2);
    assertThat(ProcessHandle.of(cluster.postmaster(member)).flatMap(ProcessHandle::parent))
        .as("the server is a child of the agent that started it")
        .contains(cluster.agent(member).toHandle());
    String leader = cluster.leader();
    cluster.ask(
        leader,
        "POST",
        "/switchover",
        "{\"leader\":\"%s\",\"candidate\":\"%s\"}".formatted(leader, member));
    await("the promotion", () -> said(calls).getLast().equals("on_role_change primary batman"));
    assertThat(said(calls)).hasSize(3);
    cluster.write(member, "");
    cluster.ask(member, "POST", "/reload", "");
  }

  private static List<String> said(Path calls) {
    try {
      return Files.exists(calls) ? Files.readAllLines(calls) : List.of("nothing");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each request of the contract, and bad ones, in all that a cluster goes through. */
  @Test
  void requestsAreAnsweredAsInTheirTranscript() throws Exception {
    RestTour tour = new RestTour(cluster, TRANSCRIPT);
    tour.go();
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(TRANSCRIPT, tour.text());
    } else {
      assertThat(tour.changes()).isEmpty();
    }
  }

  @Test
  void onlySoMuchHistoryIsKept() {
    switchover();
    switchover();
    assertThat(lines(cluster.key("history"))).isGreaterThan(1);
    cluster.ask(cluster.leader(), "PATCH", "/config", "{\"max_timelines_history\": 1}");
    switchover();
    await("one line of history", () -> lines(cluster.key("history")) == 1);
    cluster.ask(cluster.leader(), "PATCH", "/config", "{\"max_timelines_history\": null}");
  }

  @Test
  void leasesFollowTheConfiguration() {
    cluster.ask(cluster.leader(), "PATCH", "/config", "{\"ttl\": 9}");
    await(
        "the members' keys to live 9 s",
        () -> cluster.leases().split("TTL\\(9s\\)", -1).length >= 4);
    cluster.ask(cluster.leader(), "PATCH", "/config", "{\"ttl\": 8}");
    await("8 s again", () -> cluster.leases().split("TTL\\(8s\\)", -1).length >= 4);
  }

  private static int lines(String history) {
    return history.split("no recovery target specified", -1).length - 1;
  }

  @Test
  void anAgentThatWasFrozenForLongerThanItsLeaseDoesNotActOnWhatItKnew() throws Exception {
    String old = cluster.leader();
    String watcher = cluster.replicas().getFirst();
    cluster.write(watcher, "nofailover: true");
    cluster.ask(watcher, "POST", "/reload", "");
    await("the tag", () -> cluster.key("members/" + watcher).contains("nofailover"));
    signal("STOP", old);
    await("another leader", () -> leadsInsteadOf(old));
    assertThat(writes(old)).as("the frozen one's server was stopped before").isFalse();
    String next = cluster.leader();
    await("the election's line", () -> hasSaid(watcher));
    await("its server to serve", () -> writes(next));
    signal("CONT", old);
    Await.until(
        "the woken one's server not to be a primary any more",
        Duration.ofSeconds(3),
        () -> !writes(old),
        cluster::logs);
    assertThat(cluster.leader()).isEqualTo(next);
    await("the cluster to be whole again", cluster::isWhole);
    assertThat(cluster.leader()).as("it took nothing back").isEqualTo(next);
    cluster.write(watcher, "");
    cluster.ask(watcher, "POST", "/reload", "");
  }

  /** Asked once: the key is vacant for a moment in between. */
  private static boolean leadsInsteadOf(String old) {
    String leader = cluster.leader();
    return !leader.isEmpty() && !leader.equals(old);
  }

  private static boolean writes(String member) {
    return cluster.sql(member, "SELECT pg_is_in_recovery()").equals("f");
  }

  private static boolean hasSaid(String member) {
    return says(member, "following a different leader because I am not allowed to promote");
  }

  /** A frozen leader's server is started by hand, and takes a write of its own. */
  private static Diverged diverge() throws IOException {
    String old = cluster.leader();
    signal("STOP", old);
    await("another leader", () -> leadsInsteadOf(old));
    cluster.control(old, "restart", "-l", cluster.data(old) + "/by-hand.log");
    assertThat(cluster.sql(old, "CREATE TABLE public.only_here ()")).isEmpty();
    return new Diverged(old, Files.writeString(cluster.data(old).resolve("mark"), "its own"));
  }

  /**
   * Who has what nobody else has.
   *
   * @param mark a file that no other member has
   */
  private record Diverged(String name, Path mark) {}

  /** Sets what may be done to data that went another way; null leaves the default, no. */
  private static void mayBeUndone(String rewind, String afterFailure, String afterDivergence) {
    String choice =
        """
        {"postgresql": {"use_pg_rewind": %s, "remove_data_directory_on_rewind_failure": %s,
         "remove_data_directory_on_diverged_timelines": %s}}"""
            .formatted(rewind, afterFailure, afterDivergence);
    assertThat(cluster.ask(cluster.leader(), "PATCH", "/config", choice)).endsWith(" 200");
  }

  @Test
  void whoDivergedKeepsItsDataUntilItMayBeCopiedAnew() throws Exception {
    mayBeUndone("false", "null", "null");
    Diverged old = diverge();
    signal("CONT", old.name());
    await("it to say what to do", () -> says(old.name(), "remove_data_directory_on_diverged_"));
    assertThat(cluster.log(old.name())).contains("does not have");
    assertThat(old.mark()).exists();
    assertThat(cluster.ask(old.name(), "GET", "/lost", ""))
        .as("listed before anything may be done to it")
        .contains("\"transactions\":1,", "\"complete\":true");
    mayBeUndone("false", "null", "true");
    await("the cluster to be whole again", cluster::isWhole);
    assertThat(old.mark()).doesNotExist();
    mayBeUndone("true", "true", "null");
  }

  /** The WAL is gone that a rewind would have to read. */
  @Test
  void whoCannotBeRewoundKeepsItsDataUntilItMayBeCopiedAnew() throws Exception {
    mayBeUndone("true", "null", "null");
    Diverged old = diverge();
    Path parted = cluster.data(old.name()).resolve("pg_wal").resolve(segment(old.name()));
    for (int i = 0; i < 2; i++) {
      assertThat(cluster.sql(old.name(), "SELECT pg_switch_wal()")).contains("/");
      assertThat(cluster.sql(old.name(), "CHECKPOINT")).isEmpty();
    }
    cluster.control(old.name(), "stop");
    Files.deleteIfExists(parted);
    signal("CONT", old.name());
    await("it to say what to do", () -> says(old.name(), "remove_data_directory_on_rewind_fail"));
    assertThat(cluster.log(old.name())).contains("pg_rewind");
    assertThat(old.mark()).exists();
    mayBeUndone("true", "true", "null");
    await("the cluster to be whole again", cluster::isWhole);
    assertThat(old.mark()).doesNotExist();
  }

  private static String segment(String member) {
    return cluster.sql(member, "SELECT pg_walfile_name(pg_current_wal_lsn())");
  }

  private static boolean says(String member, String words) {
    try {
      return cluster.log(member).contains(words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its file names another scope, or etcd lost all keys. */
  @Test
  void aStandbyOfAClusterThatEtcdDoesNotKnowIsLeftAlone() throws Exception {
    String standby = cluster.replicas().getFirst();
    assertThat(cluster.stop(standby)).isZero();
    String file = Files.readString(cluster.file(standby));
    Files.writeString(cluster.file(standby), file.replace("scope: batman", "scope: elsewhere"));
    cluster.start(standby);
    assertThat(cluster.agent(standby).waitFor(60, TimeUnit.SECONDS)).as(cluster.logs()).isTrue();
    assertThat(cluster.agent(standby).exitValue()).isEqualTo(1);
    assertThat(cluster.log(standby))
        .contains("etcd knows no cluster, and this data is a standby's of system")
        .contains("nothing was touched");
    assertThat(cluster.data(standby).resolve("standby.signal")).exists();
    Files.writeString(cluster.file(standby), file);
    cluster.start(standby);
  }

  /** All members are down, and who led last has lost its data. */
  @Test
  void whereNobodyHasDataAProgramMakesIt() throws Exception {
    String first = cluster.leader();
    List<String> others = cluster.replicas();
    for (String name : others) {
      assertThat(cluster.stop(name)).isZero();
    }
    assertThat(cluster.stop(first)).isZero();
    Path backup = cluster.data(first).resolveSibling("backup");
    Files.move(cluster.data(first), backup);
    Path script =
        Files.writeString(
            cluster.folder().resolve("restore.sh"),
            """
            for word in "$@"; do case "$word" in --datadir=*) to="${word#--datadir=}" ;; esac; done
            rm -rf "$to" && cp -a '%s' "$to"
            """
                .formatted(backup));
    cluster.write(
        first,
        "",
        "create_replica_methods: [backup]\n  backup: {no_leader: true, command: \"/bin/sh '%s'\"}"
            .formatted(script));
    cluster.start(first);
    await("the restored one to lead", () -> cluster.leader().equals(first) && writes(first));
    assertThat(cluster.log(first)).contains("nobody leads and nobody has data");
    others.forEach(cluster::start);
    await("the others", cluster::isWhole);
    cluster.write(first, "");
    cluster.ask(first, "POST", "/reload", "");
  }

  @Test
  void anAgentThatWakesObeysSigtermAtOnce() throws Exception {
    String old = cluster.leader();
    signal("STOP", old);
    await("another leader", () -> leadsInsteadOf(old));
    Process agent = cluster.agent(old);
    signal("TERM", old);
    signal("CONT", old);
    assertThat(agent.waitFor(15, TimeUnit.SECONDS)).as(cluster.logs()).isTrue();
    assertThat(agent.exitValue()).isZero();
    assertThat(cluster.data(old).resolve("postmaster.pid")).doesNotExist();
    cluster.start(old);
  }
}
