package dev.matriarch.etcd;

import static dev.matriarch.etcd.EtcdServers.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A watch misses nothing, whatever becomes of its endpoint. */
@Tag("real")
class WatchTest {

  private static final Timeouts BRIEF =
      new Timeouts(Duration.ofMillis(400), Duration.ofSeconds(3), Duration.ofMillis(500));

  @TempDir static Path folder;
  private static EtcdServers servers;
  private static EtcdClient writer;

  /** What a listener heard. */
  private static final class Heard {
    final Queue<WatchNotice> notices = new ConcurrentLinkedQueue<>();

    List<String> values() {
      List<String> values = new ArrayList<>();
      for (WatchNotice notice : notices) {
        if (notice instanceof WatchNotice.Changed changed) {
          for (Change change : changed.changes()) {
            values.add(change instanceof Change.Put put ? put.now().value() : "-" + change.key());
          }
        }
      }
      return values;
    }

    long count(Class<? extends WatchNotice> kind) {
      return notices.stream().filter(kind::isInstance).count();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    servers = EtcdServers.start(folder, 3);
    writer = EtcdClient.open(servers.config());
    servers.ready(writer);
  }

  @AfterAll
  static void stop() throws Exception {
    writer.close();
    servers.close();
  }

  @Test
  void listsFirstAndThenTellsEveryChange() throws Exception {
    writer.put("/w1/a", "0", LeaseId.NONE);
    Heard heard = new Heard();
    Watch watch = writer.watch("/w1/", heard.notices::add);
    until("listed", () -> heard.count(WatchNotice.Resumed.class) == 1);
    assertThat(heard.notices.peek())
        .isInstanceOfSatisfying(
            WatchNotice.Listed.class,
            listed -> assertThat(listed.all().find("/w1/a").orElseThrow().value()).isEqualTo("0"));
    writer.put("/w1/a", "1", LeaseId.NONE);
    writer.put("/w1-not", "x", LeaseId.NONE);
    writer.txn(Txn.of(Op.put("/w1/a", "2"), Op.put("/w1/b", "3")));
    writer.delete("/w1/a");
    until("all told", () -> heard.values().size() == 4);
    assertThat(heard.values()).containsExactly("1", "2", "3", "-/w1/a");
    watch.close();
    writer.put("/w1/a", "after the end", LeaseId.NONE);
    assertThat(heard.values()).hasSize(4);
  }

  @Test
  void goesOnWithoutAGapWhenItsEndpointIsKilled() throws Exception {
    int victim = (servers.leader(writer) + 1) % 3;
    try (EtcdClient own =
        EtcdClient.open(EtcdConfig.of(servers.endpoints(victim)).withTimeouts(BRIEF))) {
      Heard heard = new Heard();
      Watch watch = own.watch("/w2/", heard.notices::add);
      List<String> written = writeThrough(victim + 1, "/w2/n", heard, () -> servers.kill(victim));
      assertThat(heard.values()).isEqualTo(written);
      assertThat(heard.count(WatchNotice.Interrupted.class)).isEqualTo(1);
      assertThat(heard.count(WatchNotice.Listed.class)).isEqualTo(1);
      watch.close();
    } finally {
      servers.restart(victim);
      untilAllAnswer();
    }
  }

  @Test
  void noticesAHungEndpointByItself() throws Exception {
    int victim = (servers.leader(writer) + 1) % 3;
    try (EtcdClient own =
        EtcdClient.open(EtcdConfig.of(servers.endpoints(victim)).withTimeouts(BRIEF))) {
      Heard heard = new Heard();
      Watch watch = own.watch("/w3/", heard.notices::add);
      List<String> written = writeThrough(victim + 1, "/w3/n", heard, () -> servers.freeze(victim));
      assertThat(heard.values()).isEqualTo(written);
      assertThat(heard.notices)
          .anySatisfy(
              notice ->
                  assertThat(notice)
                      .isInstanceOfSatisfying(
                          WatchNotice.Interrupted.class,
                          interrupted ->
                              assertThat(interrupted.failure().message())
                                  .contains(servers.endpoint(victim).toString())));
      watch.close();
    } finally {
      servers.thaw(victim);
      untilAllAnswer();
    }
  }

  @Test
  void leavesAHungEndpointAsSoonAsAnotherCallFailsThere() throws Exception {
    int victim = (servers.leader(writer) + 1) % 3;
    Timeouts silent =
        new Timeouts(Duration.ofMillis(400), Duration.ofSeconds(3), Duration.ofHours(1));
    try (EtcdClient own =
        EtcdClient.open(EtcdConfig.of(servers.endpoints(victim)).withTimeouts(silent))) {
      Heard heard = new Heard();
      Watch watch = own.watch("/w4/", heard.notices::add);
      until("open", () -> heard.count(WatchNotice.Resumed.class) == 1);
      servers.freeze(victim);
      assertThat(own.put("/w4/n", "1", LeaseId.NONE)).isInstanceOf(TxnOutcome.Applied.class);
      until("told elsewhere", () -> heard.values().contains("1"));
      watch.close();
    } finally {
      servers.thaw(victim);
      untilAllAnswer();
    }
  }

  @Test
  void listsAgainWhenWhatItMissedWasCompacted() throws Exception {
    int victim = (servers.leader(writer) + 1) % 3;
    try (EtcdClient own =
        EtcdClient.open(EtcdConfig.of(List.of(servers.endpoint(victim))).withTimeouts(BRIEF))) {
      Heard heard = new Heard();
      Watch watch = own.watch("/w5/", heard.notices::add);
      until("open", () -> heard.count(WatchNotice.Resumed.class) == 1);
      servers.kill(victim);
      until("noticed", () -> heard.count(WatchNotice.Interrupted.class) == 1);
      try (EtcdClient other =
          EtcdClient.open(EtcdConfig.of(List.of(servers.endpoint((victim + 1) % 3))))) {
        for (int i = 0; i < 5; i++) {
          other.put("/w5/n", Integer.toString(i), LeaseId.NONE);
        }
        compact(other.list("/w5/").revision(), (victim + 1) % 3);
      }
      servers.restart(victim);
      until("listed again", () -> heard.count(WatchNotice.Listed.class) == 2);
      WatchNotice.Listed last =
          heard.notices.stream()
              .filter(WatchNotice.Listed.class::isInstance)
              .map(WatchNotice.Listed.class::cast)
              .reduce((_, b) -> b)
              .orElseThrow();
      assertThat(last.all().find("/w5/n").orElseThrow().value()).isEqualTo("4");
      watch.close();
    } finally {
      untilAllAnswer();
    }
  }

  @Test
  void endsOnAMemberThatIsCutOffFromTheMajority() throws Exception {
    try (EtcdClient own =
        EtcdClient.open(EtcdConfig.of(servers.endpoints(0)).withTimeouts(BRIEF))) {
      Heard heard = new Heard();
      Watch watch = own.watch("/w6/", heard.notices::add);
      until("open", () -> heard.count(WatchNotice.Resumed.class) == 1);
      servers.kill(1);
      servers.kill(2);
      until("told", () -> heard.count(WatchNotice.Interrupted.class) == 1);
      servers.restart(1);
      servers.restart(2);
      until("resumed", () -> heard.count(WatchNotice.Resumed.class) >= 2);
      untilAllAnswer();
      writer.put("/w6/n", "back", LeaseId.NONE);
      until("goes on", () -> heard.values().contains("back"));
      watch.close();
    } finally {
      untilAllAnswer();
    }
  }

  private interface Fault {
    void happen() throws Exception;
  }

  /** Writes numbers at another endpoint while the fault happens, and waits until all were heard. */
  private static List<String> writeThrough(int at, String key, Heard heard, Fault fault)
      throws Exception {
    until("open", () -> heard.count(WatchNotice.Resumed.class) == 1);
    List<String> written = new ArrayList<>();
    try (EtcdClient other = EtcdClient.open(EtcdConfig.of(List.of(servers.endpoint(at % 3))))) {
      for (int i = 0; i < 60; i++) {
        if (i == 20) {
          fault.happen();
        }
        String value = Integer.toString(i);
        assertThat(other.put(key, value, LeaseId.NONE)).isInstanceOf(TxnOutcome.Applied.class);
        written.add(value);
      }
    }
    until("all told", () -> heard.values().size() >= written.size());
    return written;
  }

  private static void compact(long revision, int at) throws Exception {
    Process etcdctl =
        new ProcessBuilder(
                "etcdctl", "--endpoints", servers.endpoint(at).toString(), "compact", "" + revision)
            .redirectErrorStream(true)
            .start();
    assertThat(etcdctl.waitFor()).isZero();
  }

  private static void untilAllAnswer() throws Exception {
    until(
        "all members answer",
        () ->
            writer.health().stream()
                .allMatch(health -> health instanceof Health.Answers answers && answers.leader()));
  }
}
