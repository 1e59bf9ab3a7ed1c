package dev.matriarch.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Takes a whole cluster through what the sections of the transcript of {@link RestWalk} name. */
final class RestTour {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final LocalCluster cluster;
  private final RestWalk walk;

  RestTour(LocalCluster cluster, Path transcript) throws IOException {
    this.cluster = cluster;
    this.walk = new RestWalk(cluster, transcript);
  }

  /** Ends with a cluster that is whole again. */
  void go() throws IOException {
    whole();
    walk.section("whole");
    walk.section("whoever may not");
    walk.section("wrong methods");
    walk.section("configuration");
    failsafe();
    walk.section("restart and reload");
    whole();
    walk.section("moves that cannot be");
    await("the schedule", () -> ask(cluster.leader(), "/cluster").contains("scheduled_switchover"));
    walk.section("a switchover is scheduled");
    synchronous();
    paused();
    walk.section("moves");
    whole();
    walk.section("after it");
    whole();
    Path mark = Files.writeString(cluster.data(cluster.replicas().getFirst()).resolve("mark"), "");
    walk.section("after that");
    await("the copy", () -> !Files.exists(mark));
    whole();
  }

  private void failsafe() {
    walk.section("no failsafe mode");
    configure("failsafe_mode", "true");
    await("whom to ask", () -> replicasAnswering("/failsafe") == 2);
    walk.section("failsafe mode");
    configure("failsafe_mode", "null");
  }

  private void synchronous() {
    await(
        "the promise to be over",
        () ->
            LocalCluster.NAMES.stream()
                .noneMatch(name -> ask(name, "/patroni").contains("failsafe_mode_is_active")));
    configure("synchronous_mode", "true");
    await("a synchronous standby", () -> replicasAnswering("/sync") == 1 && rows("\"sync\"") == 1);
    walk.section("synchronous by priority");
    configure("synchronous_mode", "\"quorum\"");
    await("a quorum", () -> replicasAnswering("/quorum") == 2 && rows("\"quorum\"") == 2);
    walk.section("synchronous by quorum");
    configure("synchronous_mode", "null");
    await("nobody synchronous", () -> replicasAnswering("/async") == 2 && rows("\"async\"") == 2);
  }

  private void paused() {
    configure("pause", "true");
    for (String name : LocalCluster.NAMES) {
      await("the pause", () -> cluster.key("members/" + name).contains("\"pause\":true"));
    }
    String replica = cluster.replicas().getFirst();
    cluster.control(replica, "stop");
    await("it is stopped", () -> cluster.key("members/" + replica).contains("\"stopped\""));
    await("its row to be gone", () -> rows("\"async\"") == 1);
    walk.section("paused, the replica stopped");
    configure("pause", "null");
    whole();
  }

  private void whole() {
    // Just after a move the keys may tell how whole it was before; the leader's server does not.
    await(
        "the cluster to be whole", () -> cluster.isWhole() && rows("\"state\":\"streaming\"") == 2);
  }

  private void await(String what, BooleanSupplier condition) {
    Await.until(what, SOON, condition, cluster::logs);
  }

  private String ask(String member, String path) {
    return cluster.ask(member, "GET", path, "");
  }

  /** How many standbys the leader shows with this. */
  private int rows(String word) {
    return ask(cluster.leader(), "/patroni").split(word, -1).length - 1;
  }

  private long replicasAnswering(String path) {
    return cluster.replicas().stream().filter(name -> ask(name, path).endsWith(" 200")).count();
  }

  private void configure(String key, String value) {
    String change = "{\"" + key + "\": " + value + "}";
    String answer = cluster.ask(cluster.leader(), "PATCH", "/config", change);
    if (!answer.endsWith(" 200")) {
      throw new TestbedException(change + ": " + answer);
    }
  }

  /** The transcript with today's answers. */
  String text() {
    return walk.text();
  }

  /** What is answered otherwise than the transcript has it. */
  List<String> changes() {
    return walk.changes();
  }
}
