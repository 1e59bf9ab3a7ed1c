package dev.matriarch.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a wrong file is answered: every problem with file, line, path, value, rule and way out. */
class BadInputTest {
  private static final Path EVERYTHING_WRONG =
      Path.of("src/test/resources/dev/matriarch/inventory/everything-wrong.txt");

  private static String only(String text) {
    List<String> problems = Read.problems(text);
    assertThat(problems).hasSize(1);
    return problems.getFirst();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# only a comment\n", "---\n", "null\n", "~"})
  void emptyFile(String text) {
    assertThat(only(text)).startsWith("matriarch.yml:1: the file is empty; declare a cluster");
  }

  @Test
  void wrongYaml() {
    assertThat(only("pg-test:\n  hosts: {10.10.10.11: {pg_seq: 1\n  vars: x\n"))
        .startsWith("matriarch.yml:3: is not YAML in column")
        .contains("check indentation");
    assertThat(only("a: b: c\n")).startsWith("matriarch.yml:1: is not YAML");
    assertThat(only("a: 1\n---\nb: 2\n")).contains("a second document begins here");
    assertThat(only("a: \u0007\n")).contains("U+0007 is not allowed in YAML");
    assertThat(only("- 1\n- 2\n")).contains("is no mapping of groups");
    assertThat(only("? [a, b]\n: 1\n")).isNotEmpty();
  }

  @Test
  void duplicateKeys() {
    assertThat(only(Read.SEED + "    pg_cluster: pg-other\n"))
        .isEqualTo(
            "matriarch.yml:8: pg-test.vars.pg_cluster: is given twice, first in line 7; keep one"
                + " of them");
  }

  @Test
  void tabs() {
    assertThat(Read.problems("pg-test:\n\thosts:\n\t\t10.10.10.11: {}\n"))
        .containsExactly(
            "matriarch.yml:2: a tab indents this line; indent with spaces",
            "matriarch.yml:3: a tab indents this line; indent with spaces");
  }

  @Test
  void unknownParameter() {
    assertThat(only(Read.SEED.replace("pg_role: replica }", "pg_role: replica, pg_wieght: 5 }")))
        .isEqualTo(
            "matriarch.yml:4: pg-test.hosts.10.10.10.12.pg_wieght: is no parameter; did you mean"
                + " pg_weight?");
    assertThat(Read.problemsOfSeedWith("quux: 1"))
        .singleElement()
        .asString()
        .endsWith("quux: is no parameter; no known name is near; remove it");
  }

  @Test
  @Promise({"P3", "P92"})
  void noPrimary() {
    assertThat(only(Read.SEED.replace("primary", "replica")))
        .isEqualTo(
            "matriarch.yml:1: pg-test: has no primary; give one of its hosts pg_role: primary");
  }

  @Test
  @Promise("P92")
  void twoPrimaries() {
    assertThat(only(Read.SEED.replace("2, pg_role: replica", "2, pg_role: primary")))
        .isEqualTo(
            "matriarch.yml:4: pg-test.hosts.10.10.10.12.pg_role: primary is already the role of"
                + " 10.10.10.11; make this one a replica: a cluster has exactly one primary");
  }

  @Test
  @Promise({"P6", "P87"})
  void doubledAndZeroSeq() {
    assertThat(only(Read.SEED.replace("pg_seq: 2", "pg_seq: 1")))
        .isEqualTo(
            "matriarch.yml:4: pg-test.hosts.10.10.10.12.pg_seq: 1 is taken by 10.10.10.11; give"
                + " each instance its own number");
    for (String wrong : List.of("0", "-1", "x", "1.5", "[1]")) {
      assertThat(only(Read.SEED.replace("pg_seq: 2", "pg_seq: " + wrong)))
          .startsWith("matriarch.yml:4: pg-test.hosts.10.10.10.12.pg_seq: ")
          .contains("; give ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg.test", "PG-test", "1pg", "-pg", "pg_test", "root", "pg-", "''"})
  @Promise({"P4", "P86"})
  void clusterNames(String name) {
    assertThat(only(Read.SEED.replace("pg_cluster: pg-test", "pg_cluster: " + name)))
        .startsWith("matriarch.yml:7: pg-test.vars.pg_cluster: ");
  }

  @Test
  @Promise("P86")
  void aBetterClusterNameIsOffered() {
    assertThat(only(Read.SEED.replace("pg_cluster: pg-test", "pg_cluster: PG.Test")))
        .endsWith("; use pg-test");
  }

  @Test
  @Promise("P88")
  void unknownRole() {
    assertThat(only(Read.SEED.replace("2, pg_role: replica", "2, pg_role: slave")))
        .contains("slave is none of primary, replica, standby, offline, delayed");
  }

  @Test
  @Promise("P89")
  void identityIsMandatory() {
    assertThat(only(Read.SEED.replace("pg_cluster: pg-test", "pg_port: 5432")))
        .contains("pg_cluster is missing; add pg_cluster: pg-test");
    assertThat(only(Read.SEED.replace("pg_seq: 2, ", ""))).contains("pg_seq is missing");
    assertThat(only(Read.SEED.replace("2, pg_role: replica", "2")))
        .contains("10.10.10.12: pg_role is missing");
    assertThat(Read.problems("pg-a: {hosts: {10.0.0.1: }}"))
        .hasSize(3)
        .allMatch(problem -> problem.contains("is missing"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.10.10", "10.10.10.256", "node-2", "0.0.0.0", "224.0.0.1", "'10.10.10.[1:3]'"})
  @Promise("P7")
  void noAddress(String text) {
    assertThat(only(Read.SEED.replace("10.10.10.12:", text + ":"))).startsWith("matriarch.yml:4: ");
  }

  @Test
  void aHostInTwoClustersOnTheSamePorts() {
    String second =
        "pg-b: {hosts: {10.10.10.12: {pg_seq: 1, pg_role: primary}}, vars: {pg_cluster: pg-b}}";
    assertThat(only(Read.SEED + second))
        .startsWith(
            "matriarch.yml:8: pg-b.hosts.10.10.10.12: 10.10.10.12 already runs pg-test-2 on ports"
                + " of pg-b-1 (pg_port 5432, ")
        .contains("service primary 5433")
        .endsWith("; use another host or give pg-b-1 other ports");
  }

  @Test
  void anInstanceThatWantsAPortTwice() {
    assertThat(Read.problemsOfSeedWith("pgbouncer_port: 5432"))
        .hasSize(3)
        .first()
        .asString()
        .contains("wants one port twice (pg_port and pgbouncer_port 5432)");
    assertThat(Read.problemsOfSeedWith("pg_services: [{name: x, port: 2379}]"))
        .hasSize(3)
        .first()
        .asString()
        .contains("already runs etcd-1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '#',
      value = {
        "port: 70000 -> port: 70000 is out of range; give a port from 1 to 65535",
        "ip: node-1 -> ip: node-1 is no address to listen at; give *, ${ip}, ${lo} or an address",
        "check: /replicas -> check: /replicas is no path that an agent answers with 200; did you mean /replica?",
        "check: '/replica?lag=1 MB' -> check: /replica?lag=1 MB has characters that HAProxy does not take",
        "dest: pgpool -> dest: pgpool is no destination; give default, pgbouncer, postgres or a port",
        "balance: random -> balance: random is none of roundrobin, leastconn",
        "maxconn: 0 -> maxconn: 0 is out of range",
        "selector: \"[? pg_rol == 'x']\" -> selector: [? pg_rol == 'x'] is no selector: pg_rol is no fact of an instance, pg_role is; write []",
        "selector: '[? pg_role == x]' -> is no selector: the value that is compared to must stand in quotes",
        "selector: '[? (pg_offline_query]' -> is no selector: a parenthesis is not closed",
        "backup: '[? pg_offline_query || ]' -> backup: [? pg_offline_query || ] is no selector: a condition is missing at its end",
        "weight: 5 -> weight: is no field of a service; the fields are name, port, ip, selector, backup",
      })
  @Promise("P53")
  void fieldsOfAService(String field, String problem) {
    String more = field.startsWith("port") ? "" : ", port: 5999";
    more += field.startsWith("check") ? "" : ", check: /replica";
    assertThat(Read.problemsOfSeedWith("pg_services: [{name: x, " + field + more + "}]"))
        .singleElement()
        .asString()
        .startsWith("matriarch.yml:8: pg-test.vars.pg_services[0].")
        .contains(problem);
  }

  @Test
  @Promise("P50")
  void aProviderOfServicesThatIsNone() {
    assertThat(Read.problemsOfSeedWith("pg_service_provider: proxy"))
        .containsExactly(
            "matriarch.yml:8: pg-test.vars.pg_service_provider: proxy is no group that has hosts;"
                + " add proxy: {hosts: {10.10.10.21: {nodename: proxy-1}}}");
    assertThat(
            only(
                Read.SEED
                    + "    pg_service_provider: proxy\n"
                    + "pg-b: {hosts: {10.10.10.14: {pg_seq: 1, pg_role: primary}},"
                    + " vars: {pg_cluster: pg-b, pg_service_provider: proxy}}\n"
                    + "proxy: {hosts: {10.10.10.21: }}\n"))
        .startsWith(
            "matriarch.yml:10: proxy.hosts.10.10.10.21: 10.10.10.21 already runs pg-test on ports"
                + " of pg-b (service primary 5433, ")
        .endsWith("; use another host or give pg-b other ports");
  }

  @Test
  @Promise("P144")
  void evenNumberOfEtcdMembers() {
    assertThat(
            only(Read.SEED + "etcd: {hosts: {10.0.0.1: {etcd_seq: 1}, 10.0.0.2: {etcd_seq: 2}}}"))
        .isEqualTo(
            "matriarch.yml:8: etcd: has 2 members, an even number; use 1, 3 or 5: a further member"
                + " of an even number adds no safety");
    assertThat(Read.problems(Read.SEED + "etcd: {hosts: {10.0.0.1: {}}}"))
        .anyMatch(problem -> problem.contains("etcd_seq is missing"));
  }

  @Test
  void thePoolerKnowsNoReplication() {
    assertThat(Read.problemsOfSeedWith("pgb_hba_rules: [{db: replication, addr: all}]"))
        .singleElement()
        .asString()
        .contains("pgb_hba_rules[0].db: replication is nothing that a pooler can pass on");
  }

  @Test
  void oneClusterInTwoGroups() {
    assertThat(
            Read.problems(
                Read.SEED + Read.SEED.replace("pg-test:", "pg-b:").replace("10.10.10", "10.10.11")))
        .containsExactly(
            "matriarch.yml:14: pg-b.vars.pg_cluster: pg-test is already declared by group pg-test"
                + " in line 7; give each group its own pg_cluster");
  }

  @Test
  void upstreamsThatLeadNowhere() {
    String follows = "2, pg_role: replica, pg_upstream: ";
    assertThat(only(Read.SEED.replace("2, pg_role: replica", follows + "10.9.9.9")))
        .contains("10.9.9.9 is no member of the cluster");
    assertThat(only(Read.SEED.replace("2, pg_role: replica", follows + "10.10.10.12")))
        .contains("is this host itself");
    assertThat(
            only(
                Read.SEED.replace(
                    "pg_role: primary", "pg_role: primary, pg_upstream: 10.10.10.12")))
        .contains("follows this primary itself");
  }

  @Test
  void groupsThatAreNone() {
    assertThat(only("redis: {hosts: {10.0.0.1: {redis_node: 1}}}"))
        .contains("no cluster is declared");
    assertThat(Read.problems(Read.SEED + "pg_rto: 30\n"))
        .singleElement()
        .asString()
        .contains("pg_rto: is a parameter, not a group; put it under vars");
    assertThat(only(Read.SEED + "x: 1\n")).contains("is no group");
    assertThat(only(Read.SEED + "pg-b: {hosts: {}, vars: {pg_cluster: pg-b}}"))
        .contains("has no hosts");
    assertThat(only(Read.SEED + "  var: {pg_rto: 3}\n")).contains("did you mean vars?");
    assertThat(Read.problems("all:\n")).isNotEmpty();
    assertThat(Read.problems("all: [1]\n")).isNotEmpty();
    assertThat(Read.problems("all: {children: [1]}\n")).isNotEmpty();
    assertThat(Read.problems("pg-a: {hosts: [10.0.0.1], vars: [1]}")).hasSizeGreaterThan(1);
  }

  @Test
  void secretsAreNotShown() {
    assertThat(Read.problemsOfSeedWith("pg_admin_password: {hunter2: hunter3}"))
        .singleElement()
        .asString()
        .contains("***")
        .doesNotContain("hunter");
    assertThat(Read.problemsOfSeedWith("pg_admin_password: \"hunter2\\nx\""))
        .singleElement()
        .asString()
        .doesNotContain("hunter");
    assertThat(Read.problemsOfSeedWith("pg_admin_password: !vault abc"))
        .singleElement()
        .asString()
        .contains("decrypt the value");
  }

  @Test
  void everythingWrongIsReportedAtOnceByLine() throws IOException {
    String answer = String.join("\n", Read.problems(Read.resource("everything-wrong.yml"))) + "\n";
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(EVERYTHING_WRONG, answer);
    }
    assertThat(answer).isEqualTo(Files.readString(EVERYTHING_WRONG));
  }
}
