package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.testbed.PlainCluster.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A running cluster of the field's controller is taken over member by member, and given back:
 * replicas go on without an outage, the primary moves by a switchover. Mixed while it lasts.
 */
@Tag("root")
@Tag("e2e")
class MovingInTest {

  @Test
  void memberByMemberInAndBackAgain() throws Exception {
    try (PlainCluster cluster = new PlainCluster(3)) {
      Host one = cluster.hosts().get(0);
      Host two = cluster.hosts().get(1);
      Host three = cluster.hosts().get(2);
      for (Host host : cluster.hosts()) {
        cluster.start(host, Kind.THEIRS);
        Await.until(
            host + " serves", PlainCluster.SOON, () -> cluster.serves(host), cluster::situation);
      }
      cluster.awaitLedBy(one, 2);
      cluster.write("CREATE TABLE step (n int PRIMARY KEY)");

      // A replica: its server, and a session on it, live through the change.
      replaceKeepingSessions(cluster, three, Kind.OURS);
      cluster.awaitLedBy(one, 2);
      step(cluster, 1);

      // Mixed: either kind hands over to the other.
      move(cluster, one, three, 2);
      step(cluster, 2);
      move(cluster, three, one, 2);
      move(cluster, one, three, 2);

      replaceKeepingSessions(cluster, one, Kind.OURS);
      replaceKeepingSessions(cluster, two, Kind.OURS);
      cluster.awaitLedBy(three, 2);
      step(cluster, 3);

      // And back. The primary too keeps its server: the key is taken up by whoever comes.
      replaceKeepingSessions(cluster, one, Kind.THEIRS);
      replaceKeepingSessions(cluster, three, Kind.THEIRS);
      cluster.awaitLedBy(three, 2);
      step(cluster, 4);
      move(cluster, three, one, 2);
      step(cluster, 5);
    }
  }

  @Test
  void whicheverKindDiesTheOtherLeads() throws Exception {
    try (PlainCluster cluster = new PlainCluster(3)) {
      Host theirs = cluster.hosts().get(0);
      Host ours = cluster.hosts().get(1);
      cluster.start(theirs, Kind.THEIRS);
      Await.until(
          "a primary",
          PlainCluster.SOON,
          () -> cluster.observe().primary().isPresent(),
          cluster::situation);
      cluster.start(ours, Kind.OURS);
      cluster.awaitLedBy(theirs, 1);
      cluster.write("CREATE TABLE step (n int PRIMARY KEY)");
      step(cluster, 1);

      cluster.crash(theirs);
      cluster.awaitLedBy(ours, 0);
      theirs.revive();
      cluster.start(theirs, Kind.THEIRS);
      cluster.awaitLedBy(ours, 1);
      step(cluster, 2);

      cluster.crash(ours);
      cluster.awaitLedBy(theirs, 0);
      ours.revive();
      cluster.start(ours, Kind.OURS);
      cluster.awaitLedBy(theirs, 1);
      step(cluster, 3);
    }
  }

  private static void move(PlainCluster cluster, Host from, Host to, int streaming) {
    String said =
        cluster.ctl(
            "switchover", "pg-mixed", "--master", from.name(), "--candidate", to.name(), "--force");
    assertThat(said).contains("Successfully switched over");
    cluster.awaitLedBy(to, streaming);
  }

  /** As {@code docs/moving-in.md} tells it: pause, stop the one, start the other, resume. */
  private static void replaceKeepingSessions(PlainCluster cluster, Host host, Kind kind)
      throws SQLException {
    cluster.ctl("pause", "pg-mixed", "--wait");
    try (Connection session = cluster.connect(host);
        Statement statement = session.createStatement()) {
      cluster.stop(host);
      cluster.start(host, kind);
      Await.until(
          host + " is led by " + kind,
          PlainCluster.SOON,
          () -> cluster.ctl("list", "pg-mixed").lines().anyMatch(line -> tellsOf(line, host)),
          () -> cluster.ctl("list", "pg-mixed") + cluster.situation());
      cluster.ctl("resume", "pg-mixed", "--wait");
      try (ResultSet row = statement.executeQuery("SELECT 1")) {
        assertThat(row.next()).as("the session of before goes on").isTrue();
      }
    }
  }

  private static boolean tellsOf(String line, Host host) {
    return line.contains("| " + host.name() + " ")
        && (line.contains(" running ") || line.contains(" streaming "));
  }

  private static void step(PlainCluster cluster, int number) throws SQLException {
    cluster.write("INSERT INTO step VALUES (" + number + ")");
    for (Host host : cluster.hosts()) {
      if (cluster.serves(host)) {
        Await.until(
            "row " + number + " on " + host,
            PlainCluster.SOON,
            () -> {
              try {
                return cluster.count(host, "step") == number;
              } catch (SQLException e) {
                throw new TestbedException("cannot count on " + host, e);
              }
            },
            cluster::situation);
      }
    }
  }
}
