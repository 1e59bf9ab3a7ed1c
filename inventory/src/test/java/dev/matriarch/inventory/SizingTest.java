package dev.matriarch.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The described system's formulas, against numbers that its own expressions gave. */
class SizingTest {
  @ParameterizedTest
  @CsvSource({
    "OLTP, 1, 2000, 40, 500, 500, 125, 1500, 64, 2, 24, 2, 2, 2, 500, 4",
    "OLTP, 8, 32000, 500, 500, 8000, 2000, 24000, 64, 25, 24, 4, 2, 3, 500, 4",
    "OLAP, 1, 2000, 40, 500, 500, 250, 1500, 64, 2, 28, 2, 2, 2, 1000, 4",
    "OLAP, 8, 32000, 500, 500, 8000, 4000, 24000, 64, 25, 28, 7, 4, 3, 1000, 4",
    "CRIT, 1, 2000, 40, 500, 500, 125, 1500, 64, 2, 24, 2, 0, 2, 500, 4",
    "TINY, 1, 2000, 40, 250, 500, 125, 1500, 16, 2, 20, 1, 0, 1, 250, 3",
    "TINY, 8, 32000, 500, 250, 8000, 2000, 24000, 32, 25, 20, 4, 0, 2, 250, 3",
  })
  void goldenVectors(
      ConfTemplate template,
      int cpus,
      long memory,
      long disk,
      int connections,
      long shared,
      long maintenance,
      long cache,
      long work,
      long unit,
      int processes,
      int parallel,
      int gather,
      int parallelMaintenance,
      int locks,
      int ioWorkers) {
    HostSize host = new HostSize(cpus, Bytes.ofMebi(memory), Bytes.ofGibi(disk));
    Sizing sizing = Sizing.of(host, template, Settings.defaults());
    assertThat(sizing)
        .isEqualTo(
            new Sizing(
                connections,
                Bytes.ofMebi(shared),
                Bytes.ofMebi(maintenance),
                Bytes.ofMebi(cache),
                Bytes.ofMebi(work),
                0,
                locks,
                processes,
                parallel,
                gather,
                parallelMaintenance,
                Bytes.ofGibi(unit),
                Bytes.ofGibi(unit),
                Bytes.ofGibi(4 * unit),
                Bytes.ofGibi(6 * unit),
                Bytes.ofGibi(template == ConfTemplate.OLAP ? 4 * unit : unit),
                ioWorkers));
  }

  @Test
  void connectionsFollowTheSettings() {
    HostSize host = new HostSize(4, Bytes.ofMebi(4000), Bytes.ofGibi(100));
    Settings direct =
        new Settings(
            Map.of(), Map.of("pg_default_service_dest", new Value.Text("postgres")), Map.of());
    assertThat(Sizing.of(host, ConfTemplate.OLTP, direct).maxConnections()).isEqualTo(1000);
    Settings fixed = new Settings(Map.of(), Map.of("pg_max_conn", new Value.Whole(77)), Map.of());
    assertThat(Sizing.of(host, ConfTemplate.TINY, fixed).maxConnections()).isEqualTo(77);
    Settings citus =
        new Settings(Map.of(), Map.of("pg_libs", new Value.Text("citus, auto_explain")), Map.of());
    assertThat(Sizing.of(host, ConfTemplate.OLAP, citus).maxLocksPerTransaction()).isEqualTo(2000);
    assertThat(Sizing.of(host, ConfTemplate.OLTP, citus).maxPreparedTransactions()).isEqualTo(500);
  }
}
