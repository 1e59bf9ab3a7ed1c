package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

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
  void callbacksAreTold() throws IOException {
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
    await("another leader", () -> !cluster.leader().isEmpty() && !cluster.leader().equals(old));
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

  private static boolean writes(String member) {
    return cluster.sql(member, "SELECT pg_is_in_recovery()").equals("f");
  }

  private static boolean hasSaid(String member) {
    return says(member, "following a different leader because I am not allowed to promote");
  }

  /** Somebody starts the frozen one's server by hand, and it takes a write. */
  @Test
  void whoDivergedKeepsItsDataWhereNothingMayBeDoneToIt() throws Exception {
    String old = cluster.leader();
    String kept = "\"remove_data_directory_on_rewind_failure\": null";
    cluster.ask(
        old, "PATCH", "/config", "{\"postgresql\": {\"use_pg_rewind\": false, " + kept + "}}");
    signal("STOP", old);
    await("another leader", () -> !cluster.leader().isEmpty() && !cluster.leader().equals(old));
    cluster.control(old, "restart", "-l", cluster.data(old) + "/by-hand.log");
    assertThat(cluster.sql(old, "CREATE TABLE public.only_here ()")).isEmpty();
    Path mark = Files.writeString(cluster.data(old).resolve("mark"), "its own");
    signal("CONT", old);
    await("it to say what to do", () -> says(old, "remove_data_directory_on_diverged_timelines"));
    assertThat(cluster.log(old)).contains("does not have");
    assertThat(mark).exists();
    assertThat(cluster.ask(old, "POST", "/reinitialize", "{\"from-leader\": true}"))
        .isEqualTo("reinitialize started 200");
    await("the cluster to be whole again", cluster::isWhole);
    assertThat(mark).doesNotExist();
    String rewinding = "{\"use_pg_rewind\": true, " + kept.replace("null", "true") + "}";
    cluster.ask(cluster.leader(), "PATCH", "/config", "{\"postgresql\": " + rewinding + "}");
  }

  private static boolean says(String member, String words) {
    try {
      return cluster.log(member).contains(words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anAgentThatWakesObeysSigtermAtOnce() throws Exception {
    String old = cluster.leader();
    signal("STOP", old);
    await("another leader", () -> !cluster.leader().isEmpty() && !cluster.leader().equals(old));
    Process agent = cluster.agent(old);
    signal("TERM", old);
    signal("CONT", old);
    assertThat(agent.waitFor(15, TimeUnit.SECONDS)).as(cluster.logs()).isTrue();
    assertThat(agent.exitValue()).isZero();
    assertThat(cluster.data(old).resolve("postmaster.pid")).doesNotExist();
    cluster.start(old);
  }
}
