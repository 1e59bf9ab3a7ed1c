package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checking clients tell the truth about a real server. */
@Tag("root")
@Tag("real")
class ClientsTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Pace PACE = Pace.USUAL.withPatience(Duration.ofSeconds(1));

  @TempDir Path logs;
  private Network network;
  private Host client;
  private Host one;
  private Host two;

  @BeforeEach
  void open() {
    network = Network.open(logs);
    one = network.add("n1", "10.10.10.11");
    two = network.add("n2", "10.10.10.12");
    client = network.add("client", "10.10.10.250");
  }

  @AfterEach
  void close() {
    network.close();
  }

  @Test
  void writerSurvivesARestartAndEveryAcknowledgedRowIsThereOnce() throws Exception {
    try (BareServer server = new BareServer(one);
        NumberedWriter writer = writer(server.tcp())) {
      awaitWrites(writer, 50);
      server.restart();
      awaitWrites(writer, writer.acknowledged() + 50);
      ClientLog log = writer.stop();
      assertThat(log.errors()).isNotEmpty();
      assertThat(log.gap()).isPositive();
      assertThat(log.acknowledged()).allSatisfy(write -> assertThat(write.timeline()).isEqualTo(1));
      try (Connection again = server.open()) {
        Verdict verdict = writer.verify(again);
        assertThat(verdict.clean()).as("%s", verdict).isTrue();
        assertThat(verdict.acknowledged()).isGreaterThanOrEqualTo(100);
      }
    }
  }

  @Test
  void writerReportsARowThatWasLostAndOneThatIsDoubled() throws Exception {
    try (BareServer server = new BareServer(one);
        Connection connection = server.open();
        NumberedWriter writer = writer(server.tcp())) {
      awaitWrites(writer, 20);
      ClientLog log = writer.stop();
      try (Statement statement = connection.createStatement()) {
        long lost = log.acknowledged().get(3).number();
        long doubled = log.acknowledged().get(7).number();
        statement.execute("DELETE FROM matriarch_numbered WHERE number = " + lost);
        statement.execute(
            "INSERT INTO matriarch_numbered SELECT * FROM matriarch_numbered WHERE number = "
                + doubled);
        Verdict verdict = writer.verify(connection);
        assertThat(verdict.clean()).isFalse();
        assertThat(verdict.lost()).containsExactly(lost);
        assertThat(verdict.doubled()).containsExactly(doubled);
      }
    }
  }

  @Test
  void writerTakesACommitThatIsOnlyLocalForAFailure() throws Exception {
    try (BareServer server = new BareServer(one);
        Connection connection = server.open();
        NumberedWriter writer = writer(server.tcp())) {
      awaitWrites(writer, 10);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET synchronous_commit = local");
        statement.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        statement.execute("SELECT pg_reload_conf()");
        Await.until(
            "a commit that is cancelled while it waits",
            SOON,
            () -> {
              cancelWaiting(statement);
              return writer.log().errorsByReason().keySet().stream()
                  .anyMatch(reason -> reason.contains("synchronous replication"));
            },
            () -> writer.log().errorsByReason().toString());
      }
      writer.stop();
      assertThat(writer.verify(connection).unacknowledged()).isNotEmpty();
    }
  }

  @Test
  void writerNoticesASilentCutAndGoesOnWhenItIsHealed() throws Exception {
    try (BareServer server = new BareServer(one);
        Connection connection = server.open();
        NumberedWriter writer = writer(server.tcp())) {
      awaitWrites(writer, 10);
      network.isolate(one);
      Await.until("an error", SOON, () -> !writer.log().errors().isEmpty());
      network.heal(one);
      awaitWrites(writer, writer.acknowledged() + 10);
      assertThat(writer.stop().gap()).isGreaterThan(PACE.patience());
      assertThat(writer.verify(connection).clean()).isTrue();
    }
  }

  @Test
  void aServerThatWasSilentIsAskedAgainWhenTheOthersRefuse() throws Exception {
    try (BareServer server = new BareServer(one);
        NumberedWriter writer = writer(server.tcp(), new Endpoint.Tcp(two.address(), 5432))) {
      awaitWrites(writer, 10);
      network.isolate(one);
      // Who is passed over is not asked: then nothing but refusals comes, one in each interval.
      Await.until("four connections that got no answer", SOON, () -> silences(writer) >= 8);
      network.heal(one);
      awaitWrites(writer, writer.acknowledged() + 10);
      assertThat(writer.stop().errors()).hasSizeLessThan(100);
    }
  }

  private static long silences(NumberedWriter writer) {
    return writer.log().errors().stream()
        .filter(error -> error instanceof Attempt.Unreachable)
        .filter(error -> error.answered() - error.sent() > Duration.ofMillis(900).toNanos())
        .count();
  }

  @Test
  void readerTellsAPrimaryFromAStandby() throws Exception {
    try (BareServer server = new BareServer(one);
        ServiceReader reader =
            ServiceReader.start(
                List.of(server.tcp()), BareServer.LOGIN, PACE, client.threads(), Ticker.system())) {
      Await.until("reads", SOON, () -> reader.log().acknowledged().size() > 10);
      assertThat(reader.stop().acknowledged())
          .allSatisfy(read -> assertThat(read.timeline()).isEqualTo(1));
      assertThat(reader.log().errors()).isEmpty();
    }
  }

  @Test
  void watchFindsTwoIndependentPrimariesAndNothingWrongWithOne() throws Exception {
    try (BareServer first = new BareServer(one);
        BareServer second = new BareServer(two)) {
      WatchReport alone = watch(List.of(first), List.of("n1"));
      assertThat(alone.writers()).containsExactly("n1");
      assertThat(alone.overlaps()).isEmpty();
      WatchReport both = watch(List.of(first, second), List.of("n1", "n2"));
      assertThat(both.writers()).containsExactly("n1", "n2");
      assertThat(both.overlaps()).isNotEmpty();
      network.isolate(one);
      WatchReport isolated = watch(List.of(first, second), List.of("n1", "n2"));
      assertThat(isolated.overlaps()).as("seen through the Unix socket").isNotEmpty();
    }
  }

  private WatchReport watch(List<BareServer> servers, List<String> names) {
    List<WriterWatch.Way> ways =
        Stream.iterate(0, i -> i < servers.size(), i -> i + 1)
            .flatMap(
                i ->
                    Stream.of(servers.get(i).tcp(), servers.get(i).local())
                        .map(endpoint -> new WriterWatch.Way(names.get(i), endpoint)))
            .toList();
    try (WriterWatch watch =
        WriterWatch.start(ways, BareServer.LOGIN, client.threads(), Ticker.system())) {
      Await.until(
          "an answer from every server",
          SOON,
          () -> watch.report().writers().size() == names.size());
      Await.until("some samples", SOON, () -> watch.report().samples().size() > 20);
      return watch.stop();
    }
  }

  private NumberedWriter writer(Endpoint... endpoints) {
    return NumberedWriter.start(
        "test", List.of(endpoints), BareServer.LOGIN, PACE, client.threads(), Ticker.system());
  }

  private static void awaitWrites(NumberedWriter writer, long count) {
    Await.until(
        count + " writes",
        SOON,
        () -> writer.acknowledged() >= count,
        () -> writer.log().errorsByReason().toString());
  }

  private static void cancelWaiting(Statement statement) {
    try {
      statement.execute(
          "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
