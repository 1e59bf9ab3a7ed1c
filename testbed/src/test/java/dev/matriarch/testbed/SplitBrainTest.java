package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standby promoted while its primary goes on must be seen, through sockets and by timelines. */
@Tag("root")
@Tag("real")
class SplitBrainTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path logs;

  @Test
  void aPromotionBesideALivingPrimaryIsAnOverlapEvenIfItIsCutOff() throws Exception {
    try (Network network = Network.open(logs)) {
      Host one = network.add("n1", "10.10.10.11");
      Host two = network.add("n2", "10.10.10.12");
      Host client = network.add("client", "10.10.10.250");
      try (BareServer primary = new BareServer(one);
          BareServer standby = BareServer.cloneOf(primary, one, two);
          WriterWatch watch =
              WriterWatch.start(
                  List.of(
                      new WriterWatch.Way("n1", primary.tcp()),
                      new WriterWatch.Way("n1", primary.local()),
                      new WriterWatch.Way("n2", standby.tcp()),
                      new WriterWatch.Way("n2", standby.local())),
                  BareServer.LOGIN,
                  client.threads(),
                  Ticker.system())) {
        Await.until("a writer", SOON, () -> watch.report().writers().equals(List.of("n1")));
        network.isolate(one);
        promote(standby);
        Await.until("overlap", SOON, () -> !watch.report().overlaps().isEmpty());
        assertThat(watch.stop().overlaps())
            .allSatisfy(
                overlap -> {
                  assertThat(overlap.stale()).isEqualTo("n1");
                  assertThat(overlap.current()).isEqualTo("n2");
                });
      }
    }
  }

  private static void promote(BareServer server) throws Exception {
    try (Connection connection = server.open();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_promote()");
    }
  }
}
