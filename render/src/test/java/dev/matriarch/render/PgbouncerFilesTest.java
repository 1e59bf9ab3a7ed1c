package dev.matriarch.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.inventory.Address;
import dev.matriarch.promises.Promise;
import java.util.List;
import org.junit.jupiter.api.Test;

class PgbouncerFilesTest {
  private static final List<NodeFile> FILES = Samples.files("shared-host", "127.0.0.11", true);
  private static final String INI = Samples.content(FILES, "pgbouncer.ini");

  @Test
  @Promise({"P21", "P22"})
  void it_listens_on_6432_and_reaches_its_server_over_the_socket() {
    assertThat(INI)
        .contains("listen_addr = 127.0.0.11\n", "listen_port = 6432\n")
        .contains("\napp = host=/var/lib/matriarch/run port=5432 pool_size=20\n")
        .contains("pool_mode = transaction\n");
  }

  @Test
  void it_knows_the_pooled_databases_and_the_main_one() {
    assertThat(INI).contains("\npostgres = host=").doesNotContain("archive", "gone");
  }

  @Test
  void what_a_failover_needs_is_set() {
    assertThat(INI).contains("server_login_retry = 0.1\n", "query_wait_timeout = 120\n");
  }

  @Test
  void users_get_their_own_pool_options() {
    assertThat(INI)
        .contains("[users]\n")
        .contains("\napp = pool_mode=session\n")
        .contains("\ndbuser_dba = pool_mode=session max_user_connections=16\n");
  }

  @Test
  void only_users_of_the_pooler_are_listed() {
    var names =
        Samples.content(FILES, "userlist.txt").lines().map(l -> l.split("\"", -1)[1]).toList();
    assertThat(names).containsExactly("dbuser_dba", "dbuser_monitor", "app", "web");
  }

  @Test
  void a_name_that_could_break_out_of_its_line_is_refused() {
    var yaml =
        Samples.text("pg-test") + "    pg_databases: [{name: app, pool_auth_user: \"a\\x07b\"}]\n";
    assertThatThrownBy(
            () ->
                NodeFiles.of(
                    Samples.inventory(yaml), Address.of("10.10.10.11"), Samples.layout(false)))
        .hasMessageContaining("control characters");
  }

  @Test
  void a_database_that_it_cannot_name_is_refused() {
    var yaml = Samples.text("pg-test") + "    pg_databases: [{name: \"a$b\"}]\n";
    assertThatThrownBy(
            () ->
                NodeFiles.of(
                    Samples.inventory(yaml), Address.of("10.10.10.11"), Samples.layout(false)))
        .hasMessage(
            "database 'a$b': PgBouncer cannot write this name in its settings;"
                + " use letters, digits and _.- only, or leave it out of the pooler");
  }
}
