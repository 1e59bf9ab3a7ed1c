package dev.matriarch.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.inventory.Address;
import dev.matriarch.promises.Promise;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @CsvSource({
    "PgBouncer 1.18.0, false",
    "PgBouncer 1.20.1, false",
    "PgBouncer 1.21.0, true",
    "PgBouncer 1.24.1, true",
    "PgBouncer 2.0.0, true",
    "nothing, false",
  })
  void prepared_statements_are_kept_by_releases_that_can(String version, boolean kept) {
    var layout =
        new Layout(
            Path.of("/var/lib/matriarch"),
            Samples.PROGRAMS.with(PoolerRelease.of(version)),
            "postgres",
            false);
    assertThat(ini("", layout).contains("max_prepared_statements = 256\n")).isEqualTo(kept);
  }

  @Test
  @Promise("P57")
  void passwords_can_be_asked_for() {
    assertThat(INI).doesNotContain("auth_query");
    var yaml = Samples.text("pg-test") + "    pgbouncer_auth_query: true\n";
    var files =
        NodeFiles.of(Samples.inventory(yaml), Address.of("10.10.10.11"), Samples.layout(false));
    assertThat(Samples.content(files, "pgbouncer.ini"))
        .contains("auth_user = postgres\n")
        .contains("auth_query = SELECT rolname, rolpassword FROM pg_catalog.pg_authid WHERE");
    assertThat(Samples.content(files, "userlist.txt"))
        .endsWith("\"postgres\" \"" + ScramVerifier.UNUSABLE + "\"\n");
  }

  /** Where its databases are on another host, too. */
  @Test
  @Promise({"P57", "P111"})
  void passwords_are_asked_for_on_its_own_host() {
    var yaml = "    pgbouncer_auth_query: true\n";
    var layout = Samples.layout(false);
    assertThat(ini(yaml, layout)).doesNotContain("matriarch_passwords", "auth_dbname");
    var newer =
        new Layout(
            Path.of("/var/lib/matriarch"),
            Samples.PROGRAMS.with(new PoolerRelease(1, 19)),
            "postgres",
            false);
    var files =
        NodeFiles.of(
            Samples.inventory(
                Samples.text("pg-test")
                    + yaml
                    + "    pg_databases: [{name: own, pool_auth_user: asker}, {name: app}]\n"),
            Address.of("10.10.10.11"),
            newer);
    var own = "\nmatriarch_passwords = dbname=postgres port=5432 host=/var/lib/matriarch/run\n";
    assertThat(Samples.content(files, "pgbouncer.ini"))
        .contains(own)
        .contains("\nauth_dbname = matriarch_passwords\n")
        .contains(" auth_user=asker auth_dbname=own\n");
    assertThat(Samples.content(files, "pgb_hba.conf"))
        .startsWith(
            """
            # for the pooler itself
            local matriarch_passwords all reject
            host matriarch_passwords all 0.0.0.0/0 reject
            host matriarch_passwords all ::/0 reject
            """);
    var file =
        files.stream().filter(f -> f.path().endsWith("pgbouncer.ini")).findFirst().orElseThrow();
    var elsewhere =
        file.content().replace("host=/var/lib/matriarch/run port=5432", "host=10.9.9.9 port=5433");
    assertThat(new RunningFiles(newer).keptTarget(file, elsewhere).content())
        .isEqualTo(elsewhere)
        .contains(own);
  }

  @ParameterizedTest
  @ValueSource(strings = {"allow", "prefer", "require", "verify-ca", "verify-full"})
  @Promise("P58")
  void clients_come_over_tls_as_declared(String mode) {
    assertThat(INI).doesNotContain("client_tls");
    var ini = ini("    pgbouncer_sslmode: " + mode + "\n", Samples.layout(false));
    assertThat(ini)
        .contains("client_tls_sslmode = " + mode + "\n")
        .contains("client_tls_key_file = /var/lib/matriarch/cert/server.key\n")
        .contains("client_tls_cert_file = /var/lib/matriarch/cert/server.crt\n");
    assertThat(ini.contains("client_tls_ca_file = /var/lib/matriarch/cert/ca.crt\n"))
        .isEqualTo(mode.startsWith("verify"));
  }

  /** The agent lets them be on the primary's host, wherever it is. */
  @Test
  void a_changed_file_leaves_the_databases_where_they_are() {
    var layout = Samples.layout(true);
    var there = new RunningFiles(layout);
    var present = INI.replace("host=/var/lib/matriarch/run port=5432", "host=10.9.9.9 port=5433");
    var file =
        FILES.stream().filter(f -> f.path().endsWith("pgbouncer.ini")).findFirst().orElseThrow();
    assertThat(there.keptTarget(file, present).content()).isEqualTo(present);
    assertThat(there.keptTarget(file, INI)).isEqualTo(file);
    assertThat(there.keptTarget(file, "")).isEqualTo(file);
  }

  private static String ini(String more, Layout layout) {
    var yaml = Samples.text("pg-test") + more;
    return Samples.content(
        NodeFiles.of(Samples.inventory(yaml), Address.of("10.10.10.11"), layout), "pgbouncer.ini");
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
