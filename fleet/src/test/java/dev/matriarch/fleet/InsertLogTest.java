package dev.matriarch.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Lsn;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

@Promise("P211")
class InsertLogTest {
  private static Insert insert(long number, long ms, long end) {
    return new Insert(number, Duration.ofMillis(ms).toNanos(), new Lsn(end));
  }

  private static long ms(long number) {
    return Duration.ofMillis(number).toNanos();
  }

  private final InsertLog log =
      new InsertLog(
          List.of(insert(1, 10, 100), insert(3, 900, 260), insert(2, 20, 200), insert(4, 910, 300)),
          Map.of("refused", 3));

  @Test
  void theLongestGapIsBetweenAcknowledgementsWhateverTheirNumbers() {
    assertThat(log.longestGap(0, ms(1000))).isEqualTo(Duration.ofMillis(880));
    assertThat(log.longestGap(ms(500), ms(1000))).isEqualTo(Duration.ofMillis(400));
    assertThat(log.longestGap(0, ms(5000)))
        .as("until the end, when none came any more")
        .isEqualTo(Duration.ofMillis(4090));
  }

  @Test
  void whatIsLostWasAcknowledgedAndIsNotThere() {
    List<Insert> lost = log.missingFrom(Set.of(1L, 4L, 7L));
    assertThat(lost).extracting(Insert::number).containsExactly(2L, 3L);
    assertThat(InsertLog.bytesBeyond(new Lsn(150), lost)).isEqualTo(110);
    assertThat(InsertLog.bytesBeyond(new Lsn(150), List.of())).isZero();
  }

  @Test
  void aPromiseIsBrokenByTimeOrByLoss() {
    assertThat(measured(900, 0, 0, 0)).matches(it -> it.inTime() && it.lossKept());
    assertThat(measured(1100, 0, 0, 0).inTime()).isFalse();
    assertThat(measured(900, 1, 0, 0).lossKept()).as("nothing may be lost").isFalse();
    assertThat(measured(900, 5, 1000, 1024).lossKept()).isTrue();
    assertThat(measured(900, 5, 1025, 1024).lossKept()).isFalse();
  }

  private static DrillResult.Measured measured(long away, int lost, long bytes, long most) {
    return new DrillResult.Measured(
        "a",
        "b",
        "service",
        100,
        Duration.ofMillis(away),
        Duration.ofSeconds(1),
        lost,
        bytes,
        most,
        Map.of());
  }

  @Test
  void theClientGoesThroughTheServiceWhereThereIsOne() {
    ClientWay way = ClientWay.of(cluster(""));
    assertThat(way.hosts()).containsExactly("10.10.10.11:5433", "10.10.10.12:5433");
    assertThat(way.url(1))
        .isEqualTo(
            "jdbc:postgresql://10.10.10.12:5433,10.10.10.11:5433/postgres?targetServerType=any");
    ClientWay direct = ClientWay.of(cluster(", haproxy_enabled: false"));
    assertThat(direct.url(0))
        .isEqualTo(
            "jdbc:postgresql://10.10.10.11:6432,10.10.10.12:6432/postgres?targetServerType=primary");
    assertThat(ClientWay.of(cluster(", haproxy_enabled: false, pgbouncer_enabled: false")).hosts())
        .containsExactly("10.10.10.11:5432", "10.10.10.12:5432");
  }

  @Test
  void thePromiseIsTheTimingModels() {
    Cluster cluster = cluster("");
    assertThat(FailoverDrill.promised(cluster, new DrillWish.ByHand()))
        .isLessThan(Duration.ofSeconds(30));
    assertThat(FailoverDrill.promised(cluster, new DrillWish.Planned(""))).isPositive();
  }

  private static Cluster cluster(String more) {
    return Declared.inventory(
            """
            pg-test:
              hosts:
                10.10.10.11: { pg_seq: 1, pg_role: primary }
                10.10.10.12: { pg_seq: 2, pg_role: replica }
              vars: { pg_cluster: pg-test%s }
            """
                .formatted(more))
        .clusters()
        .getFirst();
  }
}
