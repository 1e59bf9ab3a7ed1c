package dev.matriarch.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.MatriarchConfig.GuardMode;
import dev.matriarch.agent.config.RestConfig.VerifyClient;
import dev.matriarch.engine.Tags;
import dev.matriarch.etcd.Endpoint;
import dev.matriarch.etcd.Login;
import dev.matriarch.etcd.Security;
import dev.matriarch.inventory.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentConfigTest {
  private static final String WHOLE =
      """
      scope: pg-test
      namespace: /pg/
      name: pg-test-1
      restapi:
        listen: 0.0.0.0:8008
        connect_address: 10.10.10.11:8008
        authentication: {username: admin, password: 'sec:ret'}
      etcd3:
        hosts: [10.10.10.10:2379, "10.10.10.11:2379"]
      log: {level: DEBUG, loggers: {urllib3: WARNING}, max_queue_size: 9}
      bootstrap:
        dcs:
          ttl: 30
          synchronous_mode: on
          postgresql: {use_pg_rewind: true, parameters: {max_connections: '101', wal_level: logical}}
        initdb:
        - encoding: UTF8
        - data-checksums
      postgresql:
        listen: 127.0.0.1,10.10.10.11:5433
        connect_address: 10.10.10.11:5433
        data_dir: /pg/data
        bin_dir: /usr/lib/postgresql/15/bin
        pgpass: /run/pgpass
        use_unix_socket: true
        authentication:
          superuser: {username: postgres, password: su, sslmode: verify-ca}
          replication: {username: replicator, password: re}
        parameters:
          log_file_mode: 0600
          fsync: off
          unix_socket_directories: /run/a, /run/b
        pg_hba: [local all all trust]
        callbacks: {on_role_change: /bin/true}
        basebackup: [{checkpoint: fast}, verbose]
      watchdog: {mode: off}
      tags: {clonefrom: true, noloadbalance: false, colour: 'true'}
      """;

  @TempDir Path folder;

  private ConfigResult load(String yaml, Map<String, String> environment) throws IOException {
    Path file = Files.writeString(folder.resolve("patroni.yml"), yaml);
    return AgentConfig.load(file, environment);
  }

  private AgentConfig loaded(String yaml, Map<String, String> environment) throws IOException {
    ConfigResult result = load(yaml, environment);
    assertThat(result).isInstanceOf(ConfigResult.Loaded.class);
    return ((ConfigResult.Loaded) result).config();
  }

  private List<String> problems(String yaml) throws IOException {
    ConfigResult result = load(yaml, Map.of());
    assertThat(result).isInstanceOf(ConfigResult.Rejected.class);
    return ((ConfigResult.Rejected) result)
        .problems().stream().map(p -> p.toString().replace(folder + "/", "")).toList();
  }

  @Test
  void readsEverySection() throws IOException {
    AgentConfig config = loaded(WHOLE, Map.of("HOME", "/root"));

    assertThat(config.scope()).isEqualTo("pg-test");
    assertThat(config.keys().prefix()).isEqualTo("/pg/pg-test/");
    assertThat(config.rest().listen()).isEqualTo(new HostPort("0.0.0.0", 8008));
    assertThat(config.rest().apiUrl()).isEqualTo("http://10.10.10.11:8008/patroni");
    assertThat(config.rest().authentication()).contains(new Credentials("admin", "sec:ret"));
    assertThat(config.peers().authentication()).contains(new Credentials("admin", "sec:ret"));
    assertThat(config.etcd().endpoints())
        .containsExactly(Endpoint.parse("10.10.10.10:2379"), Endpoint.parse("10.10.10.11:2379"));
    assertThat(config.log())
        .isEqualTo(new LogConfig("DEBUG", Map.of("urllib3", "WARNING"), Optional.empty()));
    assertThat(config.bootstrap().dcs())
        .isEqualTo(
            "{\"ttl\":30,\"synchronous_mode\":true,\"postgresql\":{\"use_pg_rewind\":true,"
                + "\"parameters\":{\"max_connections\":\"101\",\"wal_level\":\"logical\"}}}");
    assertThat(config.bootstrap().initdb())
        .containsExactly(Map.entry("encoding", "UTF8"), Map.entry("data-checksums", ""));
    assertThat(config.watchdog().mode()).isEqualTo(WatchdogConfig.Mode.OFF);
    assertThat(config.tags().tags())
        .isEqualTo(Tags.NONE.toBuilder().clonefrom(true).shown(config.tags().json()).build());
    assertThat(config.tags().json()).isEqualTo("{\"clonefrom\":true,\"colour\":\"true\"}");
    assertThat(config.matriarch()).isEmpty();
  }

  @Test
  void readsPostgres() throws IOException {
    PostgresConfig postgres = loaded(WHOLE, Map.of()).postgres();

    assertThat(postgres.listen()).containsExactly("127.0.0.1", "10.10.10.11");
    assertThat(postgres.port()).isEqualTo(5433);
    assertThat(postgres.connUrl()).isEqualTo("postgres://10.10.10.11:5433/postgres");
    assertThat(postgres.socketDir()).isEqualTo(Path.of("/run/a"));
    assertThat(postgres.parameters()).containsEntry("log_file_mode", "0600");
    assertThat(postgres.parameters()).containsEntry("fsync", "off");
    assertThat(postgres.superuser().options()).containsExactly(Map.entry("sslmode", "verify-ca"));
    assertThat(postgres.rewind()).isEqualTo(postgres.superuser());
    assertThat(postgres.basebackup())
        .containsExactly(Map.entry("checkpoint", "fast"), Map.entry("verbose", ""));
    assertThat(postgres.hba()).containsExactly("local all all trust");
  }

  @Test
  void leavesOutWhatItCanDoWithout() throws IOException {
    AgentConfig config =
        loaded(
            "scope: a\nname: b\netcd: {host: localhost}\npostgresql: {data_dir: /d}\n",
            Map.of("HOME", "/home/x"));

    assertThat(config.namespace()).isEqualTo("service");
    assertThat(config.rest().apiUrl()).isEqualTo("http://127.0.0.1:8008/patroni");
    assertThat(config.postgres().connUrl()).isEqualTo("postgres://127.0.0.1:5432/postgres");
    assertThat(config.postgres().pgpass()).isEqualTo(Path.of("/home/x/pgpass"));
    assertThat(config.etcd().endpoints()).containsExactly(Endpoint.parse("localhost:2379"));
    assertThat(config.watchdog()).isEqualTo(WatchdogConfig.DEFAULT);
    assertThat(config.tags()).isEqualTo(MemberTags.NONE);
  }

  @Test
  void letsTheEnvironmentOverrideTheFile() throws IOException {
    AgentConfig config =
        loaded(
            "scope: a\nname: b\npostgresql: {data_dir: /d}\n",
            Map.ofEntries(
                Map.entry("PATRONI_NAME", "c"),
                Map.entry("PATRONI_ETCD3_HOSTS", "'h1:2379','h2:2379'"),
                Map.entry("PATRONI_RESTAPI_USERNAME", "user"),
                Map.entry("PATRONI_RESTAPI_PASSWORD", "word"),
                Map.entry("PATRONI_RESTAPI_CERTFILE", "/c.pem"),
                Map.entry("PATRONI_RESTAPI_KEYFILE", "/k.pem"),
                Map.entry("PATRONI_RESTAPI_CAFILE", "/ca.pem"),
                Map.entry("PATRONI_RESTAPI_VERIFY_CLIENT", "required"),
                Map.entry("PATRONI_CTL_INSECURE", "on"),
                Map.entry("PATRONI_CTL_CERTFILE", "/cc.pem"),
                Map.entry("PATRONI_SUPERUSER_PASSWORD", "p"),
                Map.entry("PATRONI_UNKNOWN", "x"),
                Map.entry("PATH", "/bin")));

    assertThat(config.name()).isEqualTo("c");
    assertThat(config.etcd().endpoints())
        .containsExactly(Endpoint.parse("h1:2379"), Endpoint.parse("h2:2379"));
    assertThat(config.rest().authentication()).contains(new Credentials("user", "word"));
    assertThat(config.rest().tls().orElseThrow().verifyClient()).isEqualTo(VerifyClient.REQUIRED);
    assertThat(config.rest().apiUrl()).startsWith("https://");
    assertThat(config.peers().insecure()).isTrue();
    assertThat(config.peers().ca()).contains(Path.of("/ca.pem"));
    assertThat(config.peers().certificate().orElseThrow().key().file())
        .isEqualTo(Path.of("/cc.pem"));
    assertThat(config.postgres().superuser().credentials())
        .isEqualTo(new Credentials("postgres", "p"));
    assertThat(Environment.forChildren(Map.of("PATRONI_NAME", "c", "PATH", "/bin")))
        .containsExactly(Map.entry("PATH", "/bin"));
  }

  @Test
  void takesCertificatesForEtcd() throws IOException {
    AgentConfig config =
        loaded(
            """
            scope: a
            name: b
            postgresql: {data_dir: /d}
            etcd3: {hosts: 'h:2379', protocol: https, cacert: /ca, cert: /c, key: /k}
            """,
            Map.of());

    assertThat(config.etcd().security())
        .isEqualTo(new Security.MutualTls(Path.of("/ca"), Path.of("/c"), Path.of("/k")));
  }

  @Test
  void takesEtcdBehindAProxyAndLoginsInUrls() throws IOException {
    String base = "scope: a\nname: b\npostgresql: {data_dir: /d}\n";
    AgentConfig config =
        loaded(base + "etcd3: {url: 'http://us%40er:p%3Ass@h:1', use_proxies: true}\n", Map.of());
    assertThat(config.etcd().endpoints()).containsExactly(Endpoint.parse("http://h:1"));
    assertThat(config.etcd().login()).isEqualTo(new Login.Password("us@er", "p:ss"));

    assertThat(loaded(base + "etcd3: {proxy: 'http://p:2379'}\n", Map.of()).etcd().endpoints())
        .containsExactly(Endpoint.parse("p:2379"));
    assertThat(
            loaded(base + "etcd3: {url: 'http://u:v@h:1', username: x, password: y}\n", Map.of())
                .etcd()
                .login())
        .isEqualTo(new Login.Password("x", "y"));
    assertThat(problems(base + "etcd3: {url: 'http://u:%zz@h:1'}\n"))
        .allMatch(told -> !told.contains("%zz"))
        .anyMatch(told -> told.contains("etcd3.url"));
  }

  @Test
  void takesTheFormerNameOfTheMethods() throws IOException {
    String base = "scope: a\nname: b\netcd: {host: h}\n";
    String methods = "create_replica_method: [mine, basebackup], mine: {command: /m}";
    AgentConfig config = loaded(base + "postgresql: {data_dir: /d, " + methods + "}\n", Map.of());
    assertThat(config.postgres().methodOrder()).containsExactly("mine", "basebackup");
    assertThat(config.postgres().methods()).hasSize(1);
  }

  @Test
  void readsWhereTheLogGoes() throws IOException {
    String base = "scope: a\nname: b\netcd: {host: h}\npostgresql: {data_dir: /d}\n";

    assertThat(loaded(base + "log: {dir: /var/log/p}\n", Map.of()).log().file())
        .contains(new LogConfig.File(Path.of("/var/log/p"), 25_000_000, 4));
    assertThat(
            loaded(base + "log: {dir: /l, file_size: 1000, file_num: 7}\n", Map.of()).log().file())
        .contains(new LogConfig.File(Path.of("/l"), 1000, 7));
    assertThat(problems(base + "log: {dir: /l, file_size: some}\n"))
        .containsExactly(
            "patroni.yml:5: log.file_size: some is no whole number; write one from 1 to 2147483647");
  }

  /** Every variable of the field's controller that has a meaning here, and where it is put. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "PATRONI_SCOPE | x | scope | x",
        "PATRONI_NAME | x | name | x",
        "PATRONI_NAMESPACE | /x/ | namespace | /x/",
        "PATRONI_LOG_LEVEL | DEBUG | log.level | DEBUG",
        "PATRONI_LOG_DIR | /l | log.dir | /l",
        "PATRONI_LOG_FILE_NUM | 3 | log.file_num | 3",
        "PATRONI_LOG_FILE_SIZE | 9 | log.file_size | 9",
        "PATRONI_LOG_LOGGERS | {urllib3: DEBUG} | log.loggers.urllib3 | DEBUG",
        "PATRONI_RESTAPI_LISTEN | h:1 | restapi.listen | h:1",
        "PATRONI_RESTAPI_CONNECT_ADDRESS | h:1 | restapi.connect_address | h:1",
        "PATRONI_RESTAPI_USERNAME | u | restapi.authentication.username | u",
        "PATRONI_RESTAPI_PASSWORD | p | restapi.authentication.password | p",
        "PATRONI_RESTAPI_CERTFILE | /c | restapi.certfile | /c",
        "PATRONI_RESTAPI_KEYFILE | /k | restapi.keyfile | /k",
        "PATRONI_RESTAPI_KEYFILE_PASSWORD | p | restapi.keyfile_password | p",
        "PATRONI_RESTAPI_CIPHERS | a:b | restapi.ciphers | a:b",
        "PATRONI_RESTAPI_HTTP_EXTRA_HEADERS | {A: b} | restapi.http_extra_headers.A | b",
        "PATRONI_RESTAPI_HTTPS_EXTRA_HEADERS | {A: b} | restapi.https_extra_headers.A | b",
        "PATRONI_CTL_KEYFILE_PASSWORD | p | ctl.keyfile_password | p",
        "PATRONI_ETCD3_PROXY | http://h:1 | etcd3.proxy | http://h:1",
        "PATRONI_POSTGRESQL_CONFIG_DIR | /e | postgresql.config_dir | /e",
        "PATRONI_LOG_TYPE | json | log.type | json",
        "PATRONI_RESTAPI_CAFILE | /a | restapi.cafile | /a",
        "PATRONI_RESTAPI_VERIFY_CLIENT | optional | restapi.verify_client | optional",
        "PATRONI_RESTAPI_ALLOWLIST | '10.0.0.0/8','h' | restapi.allowlist.1 | h",
        "PATRONI_RESTAPI_ALLOWLIST_INCLUDE_MEMBERS | on | restapi.allowlist_include_members | on",
        "PATRONI_CTL_USERNAME | u | ctl.authentication.username | u",
        "PATRONI_CTL_PASSWORD | p | ctl.authentication.password | p",
        "PATRONI_CTL_INSECURE | on | ctl.insecure | on",
        "PATRONI_CTL_CACERT | /a | ctl.cacert | /a",
        "PATRONI_CTL_CERTFILE | /c | ctl.certfile | /c",
        "PATRONI_CTL_KEYFILE | /k | ctl.keyfile | /k",
        "PATRONI_ETCD3_HOST | h:2379 | etcd3.host | h:2379",
        "PATRONI_ETCD3_HOSTS | 'a:1','b:2' | etcd3.hosts.1 | b:2",
        "PATRONI_ETCD3_URL | http://h:1 | etcd3.url | http://h:1",
        "PATRONI_ETCD3_PROTOCOL | https | etcd3.protocol | https",
        "PATRONI_ETCD3_USERNAME | u | etcd3.username | u",
        "PATRONI_ETCD3_PASSWORD | p | etcd3.password | p",
        "PATRONI_ETCD3_CACERT | /a | etcd3.cacert | /a",
        "PATRONI_ETCD3_CERT | /c | etcd3.cert | /c",
        "PATRONI_ETCD3_KEY | /k | etcd3.key | /k",
        "PATRONI_ETCD_HOSTS | a:1,b:2 | etcd.hosts.0 | a:1",
        "PATRONI_POSTGRESQL_LISTEN | h:1 | postgresql.listen | h:1",
        "PATRONI_POSTGRESQL_CONNECT_ADDRESS | h:1 | postgresql.connect_address | h:1",
        "PATRONI_POSTGRESQL_PROXY_ADDRESS | h:1 | postgresql.proxy_address | h:1",
        "PATRONI_POSTGRESQL_DATA_DIR | /d | postgresql.data_dir | /d",
        "PATRONI_POSTGRESQL_BIN_DIR | /b | postgresql.bin_dir | /b",
        "PATRONI_POSTGRESQL_PGPASS | /p | postgresql.pgpass | /p",
        "PATRONI_SUPERUSER_USERNAME | u | postgresql.authentication.superuser.username | u",
        "PATRONI_SUPERUSER_PASSWORD | p | postgresql.authentication.superuser.password | p",
        "PATRONI_SUPERUSER_SSLMODE | m | postgresql.authentication.superuser.sslmode | m",
        "PATRONI_REPLICATION_USERNAME | u | postgresql.authentication.replication.username | u",
        "PATRONI_REPLICATION_SSLKEY | /k | postgresql.authentication.replication.sslkey | /k",
        "PATRONI_REPLICATION_SSLCERT | /c | postgresql.authentication.replication.sslcert | /c",
        "PATRONI_REPLICATION_SSLROOTCERT | /r |"
            + " postgresql.authentication.replication.sslrootcert | /r",
        "PATRONI_REWIND_USERNAME | u | postgresql.authentication.rewind.username | u",
        "PATRONI_REWIND_PASSWORD | p | postgresql.authentication.rewind.password | p",
        "PATRONI_WATCHDOG_MODE | off | watchdog.mode | off",
        "PATRONI_TAGS | {a: b} | tags.a | b"
      })
  void takesEveryVariable(String name, String value, String path, String expected) {
    Entry.Mapping none = new Entry.Mapping(Map.of(), new Entry.Origin("f", 1));
    Entry found = Environment.over(none, Map.of(name, value));
    for (String step : path.split("\\.", -1)) {
      found =
          found instanceof Entry.Sequence list
              ? list.items().get(Integer.parseInt(step))
              : ((Entry.Mapping) found).entries().get(step);
      assertThat(found).as("%s of %s", step, path).isNotNull();
    }
    assertThat(((Entry.Scalar) found).text()).isEqualTo(expected);
  }

  @Test
  void aVariableThatIsNoListOrMapIsSaid() throws IOException {
    ConfigResult result =
        load(
            "scope: a\nname: b\netcd: {host: h}\npostgresql: {data_dir: /d}\n",
            Map.of("PATRONI_LOG_LOGGERS", "{urllib3"));

    assertThat(result.toString()).contains("environment variable PATRONI_LOG_LOGGERS");
  }

  @Test
  void readsTheSectionThatRenderWrites() throws IOException {
    MatriarchConfig config =
        loaded(
                WHOLE
                    + """
                    matriarch:
                      cluster: pg-test
                      instance: pg-test-1
                      seq: 1
                      ip: 10.10.10.11
                      role: primary
                      run_dir: /run/m
                      heartbeat: /run/m/heartbeat
                      deadline_file: /run/m/deadline
                      lease_guard: {mode: auto, address: 10.10.10.11, ports: [5432, 6432]}
                      haproxy:
                        socket: /run/m/haproxy.sock
                        backends:
                        - {name: pg-test-primary, service: primary, check: /primary, dest: pgbouncer,
                           servers: [pg-test-1, pg-test-2], backups: [pg-test-2]}
                      pgbouncer: {socket_dir: /run/m, port: 6432, admin_user: dbuser_dba,
                                  admin_password: DBUser.DBA, ini: /etc/pgbouncer.ini, overlap: 13}
                      users:
                      - {name: dba, password: 'SCRAM-SHA-256$x', roles: [r1, r2], pgbouncer: true,
                         login: true, superuser: true, connlimit: 9}
                      - {name: r1, roles: [], pgbouncer: false, login: false}
                      databases: [{name: test, owner: dba}]
                      members:
                        pg-test-1: {ip: 10.10.10.11, port: 5432, rest_port: 8008}
                    """,
                Map.of())
            .matriarch()
            .orElseThrow();

    assertThat(config.guard().mode()).isEqualTo(GuardMode.AUTO);
    assertThat(config.guard().ports()).containsExactly(5432, 6432);
    assertThat(config.haproxy().orElseThrow().backends())
        .containsExactly(
            new MatriarchConfig.BackendEntry(
                "pg-test-primary",
                "primary",
                "/primary",
                List.of("pg-test-1", "pg-test-2"),
                List.of("pg-test-2"),
                true));
    assertThat(config.pooler().orElseThrow().admin())
        .isEqualTo(new Credentials("dbuser_dba", "DBUser.DBA"));
    assertThat(config.pooler().orElseThrow().overlap()).isEqualTo(Duration.ofSeconds(13));
    assertThat(config.users().getFirst().options())
        .isEqualTo(Map.of("login", "true", "superuser", "true", "connlimit", "9"));
    assertThat(config.users().getLast().verifier()).isEmpty();
    assertThat(config.members())
        .containsEntry("pg-test-1", new MatriarchConfig.MemberAddress("10.10.10.11", 5432, 8008));
  }

  @Test
  void tellsEverythingThatIsWrongAtOnce() throws IOException {
    assertThat(
            problems(
                """
                scope: with space
                name: b
                restapi: {listen: 'x:y:z', verify_client: maybe, certfile: /c}
                etcd3: {hosts: 'http://h:99999'}
                postgresql:
                  data_dir: relative
                  use_unix_socket: perhaps
                  authentication: {superuser: {password: [1]}}
                  pg_ctl_timeout: long
                """))
        .containsExactly(
            "patroni.yml:1: scope: with space cannot be a part of a key in etcd; leave out blanks and slashes",
            "patroni.yml:3: restapi.listen: x:y:z is no address; write it as host:port",
            "patroni.yml:3: restapi.verify_client: maybe is none of its words; write one of none, optional, required",
            "patroni.yml:4: etcd3.hosts: http://h:99999 has an item that is no address: http://h:99999; write it as host:port",
            "patroni.yml:6: postgresql.data_dir: relative is no absolute path; begin it with a slash",
            "patroni.yml:7: postgresql.use_unix_socket: perhaps is neither yes nor no; write true or false",
            "patroni.yml:8: postgresql.authentication.superuser.password: is no single value; write one word or number",
            "patroni.yml:9: postgresql.pg_ctl_timeout: long is no whole number; write one from 1 to 86400");
  }

  @Test
  void tellsWhatIsMissing() throws IOException {
    assertThat(problems("log: {}\n"))
        .containsExactly(
            "patroni.yml:1: etcd3: is missing; say where etcd is: etcd3.hosts: HOST:2379,HOST:2379",
            "patroni.yml:1: name: is missing; name this member",
            "patroni.yml:1: postgresql.data_dir: is missing; give the absolute path of the data directory",
            "patroni.yml:1: scope: is missing; name the cluster");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# only a comment\n",
        "- a\n- b\n",
        "a: [\n",
        "scope: a\n\tname: b\n",
        "scope: a\nscope: b\n",
        "a: &a [*a]\n",
        "? [x]\n: y\n",
        "a: 'open\n",
        "--- a\n--- b\n",
        "\u0000"
      })
  void refusesWhatIsNoUsableYaml(String yaml) throws IOException {
    assertThat(problems(yaml)).isNotEmpty().allMatch(text -> text.matches("patroni.yml:\\d+: .+"));
  }

  @Test
  void refusesFilesThatCannotBeRead() {
    assertThat(AgentConfig.load(folder.resolve("none.yml"), Map.of()).toString())
        .contains("does not exist");
    assertThat(AgentConfig.load(folder, Map.of()).toString()).contains("holds no YAML file");
  }

  @Test
  void warnsOfUnknownKeysAndGoesOn() throws IOException {
    ConfigResult result = load(WHOLE + "citus: {group: 0}\nkubernets: {}\n", Map.of());

    assertThat(((ConfigResult.Loaded) result).warnings())
        .extracting(Problem::path)
        .containsExactly("citus", "kubernets");
  }

  @Test
  void readsCiphersByTheNamesOfOpenssl() throws IOException {
    String base = "scope: a\nname: b\netcd: {host: h}\npostgresql: {data_dir: /d}\n";
    ConfigResult.Loaded result =
        (ConfigResult.Loaded)
            load(
                base
                    + "restapi: {certfile: /c, ciphers: 'ECDHE-RSA-AES256-GCM-SHA384:"
                    + "DHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:AES128-SHA:"
                    + "HIGH:!SSLv3:!aNULL'}\n",
                Map.of());

    assertThat(result.config().rest().tls().orElseThrow().ciphers())
        .containsExactly(
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_RSA_WITH_AES_128_CBC_SHA");
    assertThat(result.warnings())
        .singleElement()
        .asString()
        .endsWith("restapi.ciphers: has HIGH, which is no suite that is known; left aside");
  }

  @Test
  void readsHeadersForAllAnswers() throws IOException {
    String base = "scope: a\nname: b\netcd: {host: h}\npostgresql: {data_dir: /d}\n";
    String headers =
        "http_extra_headers: {X-One: '1'}, https_extra_headers: {X-Two: 'a; b'}, server_tokens: x";

    assertThat(loaded(base + "restapi: {" + headers + "}\n", Map.of()).rest().headers())
        .isEqualTo(Map.of("X-One", "1"));
    assertThat(
            loaded(base + "restapi: {certfile: /c, " + headers + "}\n", Map.of()).rest().headers())
        .isEqualTo(Map.of("X-One", "1", "X-Two", "a; b"));
    assertThat(
            problems(
                base
                    + "restapi: {http_extra_headers: {'X Y': z, Content-Length: 1, X: \"a\\nb\"}}"))
        .hasSize(3)
        .allMatch(told -> told.contains("restapi.http_extra_headers: has "));
  }

  @Test
  void readsWhatIsWaitedFor() throws IOException {
    String base = "scope: a\nname: b\netcd: {host: h}\n";
    AgentConfig config =
        loaded(
            base
                + "bootstrap: {pg_hba: [one, two]}\n"
                + "postgresql: {data_dir: /d, pg_ctl_timeout: 90, pre_promote: /a 'b c',"
                + " before_stop: /d}\n",
            Map.of());

    assertThat(config.postgres().hooks()).isEqualTo(new PostgresConfig.Hooks("/a 'b c'", "/d"));
    assertThat(config.postgres().controlTimeout().toSeconds()).isEqualTo(90);
    assertThat(config.bootstrap().hba()).containsExactly("one", "two");
    assertThat(problems(base + "postgresql: {data_dir: /d, pre_promote: \"/a 'b\"}\n"))
        .singleElement()
        .asString()
        .contains("postgresql.pre_promote: /a 'b");
  }

  @Test
  void warnsOfEventsAndKeywordsThatAreNone() throws IOException {
    ConfigResult.Loaded result =
        (ConfigResult.Loaded)
            load(
                """
                scope: a
                name: b
                etcd: {host: h}
                postgresql:
                  data_dir: /d
                  callbacks: {on_start: /a, on_strat: /b}
                  authentication: {replication: {password: p, sslmode: require, sslmod: x}}
                """,
                Map.of());

    assertThat(result.warnings())
        .extracting(Problem::path)
        .containsExactly(
            "postgresql.callbacks.on_strat", "postgresql.authentication.replication.sslmod");
    assertThat(result.config().postgres().replication().options())
        .isEqualTo(Map.of("sslmode", "require"));
  }

  @Test
  void refusesTheNameOfNobodyAndADomainToLookUp() throws IOException {
    assertThat(
            problems(
                """
                scope: a
                name: __patroni_strict_sync_replica_placeholder__
                etcd3: {srv: example.org}
                postgresql: {data_dir: /d}
                """))
        .hasSize(2)
        .anyMatch(told -> told.contains("name: __patroni"))
        .anyMatch(told -> told.contains("etcd3.srv: example.org is not looked up; list"));
  }

  @Test
  void showsNoSecret() throws IOException {
    ConfigResult result = load(WHOLE, Map.of());

    assertThat(result.toString()).doesNotContain("sec:ret").doesNotContain("password=su");
  }

  @Test
  void saysWhichTagWins() throws IOException {
    String base = "scope: a\nname: b\netcd: {host: h}\npostgresql: {data_dir: /d}\n";
    ConfigResult.Loaded yes =
        (ConfigResult.Loaded)
            load(base + "tags: {failover_priority: '1', nofailover: true}\n", Map.of());
    ConfigResult.Loaded no =
        (ConfigResult.Loaded)
            load(base + "tags: {failover_priority: '0', nofailover: false}\n", Map.of());
    ConfigResult.Loaded sync =
        (ConfigResult.Loaded) load(base + "tags: {nosync: true, sync_priority: '2'}\n", Map.of());

    assertThat(yes.warnings().getFirst().rule())
        .isEqualTo(
            "Conflicting configuration between nofailover: True and failover_priority: 1. Defaulting to nofailover: True");
    assertThat(yes.config().tags().tags().mayLead()).isFalse();
    assertThat(no.warnings().getFirst().rule())
        .isEqualTo(
            "Conflicting configuration between nofailover: False and failover_priority: 0. Defaulting to nofailover: False");
    assertThat(no.config().tags().tags().mayLead()).isTrue();
    assertThat(no.config().tags().json())
        .isEqualTo("{\"failover_priority\":\"0\",\"nofailover\":false}");
    assertThat(sync.warnings().getFirst().rule())
        .isEqualTo(
            "Conflicting configuration between nosync: True and sync_priority: 2. Defaulting to nosync: True");
    assertThat(sync.config().tags().tags().nosync()).isTrue();
    assertThat(sync.config().tags().json()).isEqualTo("{\"nosync\":true,\"sync_priority\":\"2\"}");
  }
}
