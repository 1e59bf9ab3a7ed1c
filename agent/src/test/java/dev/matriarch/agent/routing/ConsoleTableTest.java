package dev.matriarch.agent.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The columns of the releases, as their manuals list them; 1.18 itself is in PoolerConsoleTest. */
class ConsoleTableTest {
  private static final String BEHIND =
      "addr port local_addr local_port connect_time request_time"
          + " wait wait_us close_needed ptr link remote_pid tls application_name";

  @ParameterizedTest
  @CsvSource({
    "1.18, type user database state %s",
    "1.21, type user database state %s prepared_statements",
    "1.23, type user database replication state %s prepared_statements id",
  })
  void aColumnIsFoundWhereverARelasePutsIt(String release, String columns) {
    String names = columns.formatted(BEHIND);
    String values = names.replace("remote_pid", "4711").replace("state", "active");
    var row = ConsoleTable.rows(List.of(tabs(names), tabs(values))).getFirst();
    assertThat(row.text("state")).as(release).isEqualTo("active");
    assertThat(row.number("remote_pid")).as(release).isEqualTo(4711);
  }

  @ParameterizedTest
  @CsvSource({"1.18, maxwait pool_mode", "1.24, maxwait pool_mode load_balance_hosts"})
  void theModeOfAPoolIsNotAlwaysItsLastColumn(String release, String columns) {
    var row =
        ConsoleTable.rows(List.of(tabs(columns), tabs(columns.replace("pool_mode", "session"))))
            .getFirst();
    assertThat(row.text("pool_mode")).as(release).isEqualTo("session");
    assertThat(row.text("no_such_column")).isEmpty();
    assertThat(row.number("maxwait")).isZero();
  }

  private static String tabs(String words) {
    return words.replace(' ', '\t');
  }
}
