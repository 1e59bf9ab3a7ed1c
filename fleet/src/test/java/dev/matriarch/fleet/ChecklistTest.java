package dev.matriarch.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.fleet.Check.Verdict;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.promises.Promise;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The checklist of a cluster that has everything, and what each thing that is missing does to it.
 */
class ChecklistTest {
  private static final String GOOD =
      """
      infra:
        hosts: { 10.10.10.10: {} }
      etcd:
        hosts:
          10.10.10.21: { etcd_seq: 1, node_zone: a }
          10.10.10.22: { etcd_seq: 2, node_zone: b }
          10.10.10.23: { etcd_seq: 3, node_zone: c }
      pg-test:
        hosts:
          10.10.10.11: { pg_seq: 1, pg_role: primary, node_zone: a }
          10.10.10.12: { pg_seq: 2, pg_role: replica, node_zone: b }
          10.10.10.13: { pg_seq: 3, pg_role: replica, node_zone: c }
        vars:
          pg_cluster: pg-test
          pg_conf: crit.yml
          patroni_watchdog_mode: automatic
      """;

  private static List<Check> declared(String yaml) {
    Inventory inventory = Declared.inventory(yaml);
    return Checklist.declared(inventory, inventory.clusters().getFirst());
  }

  private static Check check(List<Check> checks, String name) {
    return checks.stream().filter(check -> check.name().equals(name)).findFirst().orElseThrow();
  }

  private static RoundTrips told(String... bodies) {
    RoundTrips told = new RoundTrips(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    for (int i = 0; i < bodies.length; i++) {
      told = told.with("pg-test-" + (i + 1), new AgentAnswer.Answered(200, bodies[i]));
    }
    return told;
  }

  private static String body(double etcd, int other, double first, int another, double second) {
    return """
        {"etcd": {"a": 1.0, "b": %s, "c": 0.4},
         "members": {"pg-test-%d": %s, "pg-test-%d": %s}}"""
        .formatted(etcd, other, first, another, second);
  }

  private static List<Check> measured(String yaml, RoundTrips told) {
    Inventory inventory = Declared.inventory(yaml);
    return Distances.of(inventory, inventory.clusters().getFirst(), told);
  }

  @Test
  @Promise({"P145", "P209"})
  void aClusterThatHasEverythingPasses() {
    List<Check> checks = declared(GOOD);
    assertThat(checks).as(checks.toString()).allMatch(it -> it.verdict() == Verdict.OK);
    assertThat(check(checks, "failure-domains").found()).isEqualTo("1 in a, 1 in b, 1 in c");
    assertThat(checks)
        .extracting(Check::name)
        .containsExactly(
            "postgres-members",
            "etcd-members",
            "failure-domains",
            "etcd-failure-domains",
            "etcd-apart",
            "template",
            "watchdog",
            "recovery-time");
  }

  @Test
  @Promise("P209")
  void twoMembersAndOneEtcdAreTooFew() {
    List<Check> checks =
        declared(
            """
            pg-test:
              hosts:
                10.10.10.11: { pg_seq: 1, pg_role: primary }
                10.10.10.12: { pg_seq: 2, pg_role: replica }
              vars: { pg_cluster: pg-test }
            """);
    assertThat(check(checks, "postgres-members").verdict()).isEqualTo(Verdict.FAILS);
    assertThat(check(checks, "etcd-members").verdict()).isEqualTo(Verdict.FAILS);
    assertThat(check(checks, "etcd-members").wayOut()).startsWith("declare 3 or 5");
    assertThat(check(checks, "failure-domains").verdict()).isEqualTo(Verdict.ADVICE);
    assertThat(check(checks, "failure-domains").wayOut())
        .isEqualTo("say node_zone (rack, zone, data centre) of 10.10.10.11, 10.10.10.12");
  }

  @Test
  @Promise("P145")
  void etcdBesideADatabaseIsAdvisedAgainst() {
    Check check = check(declared(GOOD.substring(GOOD.indexOf("pg-test:"))), "etcd-apart");
    assertThat(check.verdict()).isEqualTo(Verdict.ADVICE);
    assertThat(check.found()).isEqualTo("etcd-1, etcd-2, etcd-3 beside PostgreSQL");
    assertThat(check.wayOut()).contains("management node");
  }

  @Test
  @Promise("P209")
  void whatFailsTogetherIsNoSafety() {
    Check members =
        check(
            declared(GOOD.replaceAll("(pg_role: [a-z]+, node_zone): [abc]", "$1: x")),
            "failure-domains");
    assertThat(members.verdict()).isEqualTo(Verdict.FAILS);
    assertThat(members.found()).isEqualTo("3 in x");
    Check etcd =
        check(
            declared(GOOD.replace("etcd_seq: 2, node_zone: b", "etcd_seq: 2, node_zone: a")),
            "etcd-failure-domains");
    assertThat(etcd.verdict()).as("the majority is in one zone").isEqualTo(Verdict.FAILS);
    assertThat(etcd.found()).isEqualTo("2 in a, 1 in c");
    Check demo =
        check(
            declared(GOOD.substring(GOOD.indexOf("pg-test:")).replace("10.10.10.", "127.0.0.")),
            "etcd-failure-domains");
    assertThat(demo.found()).isEqualTo("3 of 3 are on this machine");
    assertThat(demo.verdict()).isEqualTo(Verdict.FAILS);
  }

  @Test
  @Promise("P209")
  void templateWatchdogAndRecoveryTimeAreNamed() {
    List<Check> checks =
        declared(
            GOOD.replace("pg_conf: crit.yml", "pg_rpo: 0")
                .replace("patroni_watchdog_mode: automatic", "pg_rto: 5"));
    assertThat(check(checks, "template").verdict()).isEqualTo(Verdict.ADVICE);
    assertThat(check(checks, "template").wayOut()).contains("crit.yml");
    assertThat(check(checks, "watchdog").verdict()).isEqualTo(Verdict.ADVICE);
    assertThat(check(checks, "recovery-time").verdict()).isEqualTo(Verdict.ADVICE);
    assertThat(check(declared(GOOD.replace("crit.yml", "oltp.yml")), "template"))
        .isEqualTo(Check.ok("template", "oltp.yml: a failover may lose 1048576 bytes"));
  }

  @Test
  @Promise({"P145", "P192", "P209"})
  void whatIsNearEnoughPasses() {
    List<Check> checks =
        measured(
            GOOD,
            told(body(9.9, 2, 0.3, 3, 4.9), body(2, 1, 0.3, 3, 0.5), body(2, 1, 4.8, 2, 0.5)));
    assertThat(checks)
        .containsExactly(
            Check.ok("etcd-latency", "at most pg-test-1 to b 9.9 ms"),
            Check.ok("replication-latency", "at most pg-test-1 to pg-test-3 4.9 ms"));
  }

  @Test
  @Promise({"P145", "P209"})
  void etcdMustBeWithinTenMilliseconds() {
    Check check =
        measured(
                GOOD,
                told(body(12.5, 2, 0.3, 3, 1), body(2, 1, 0.3, 3, 0.5), body(2, 1, 1, 2, 0.5)))
            .getFirst();
    assertThat(check.verdict()).isEqualTo(Verdict.FAILS);
    assertThat(check.found()).isEqualTo("pg-test-1 to b 12.5 ms");
  }

  @Test
  @Promise("P192")
  void betweenZonesFiveMillisecondsWhereCommitsWaitElseTwenty() {
    RoundTrips seven = told(body(1, 2, 7, 3, 7), body(1, 1, 7, 3, 7), body(1, 1, 7, 2, 7));
    RoundTrips twentyOne = told(body(1, 2, 7, 3, 21), body(1, 1, 7, 3, 7), body(1, 1, 21, 2, 7));
    String asynchronous = GOOD.replace("crit.yml", "oltp.yml");
    assertThat(measured(GOOD, seven).getLast().verdict()).isEqualTo(Verdict.FAILS);
    assertThat(measured(GOOD, seven).getLast().wayOut()).startsWith("commits wait for it");
    assertThat(measured(asynchronous, seven).getLast().verdict()).isEqualTo(Verdict.OK);
    assertThat(measured(asynchronous, twentyOne).getLast())
        .satisfies(
            check -> {
              assertThat(check.verdict()).isEqualTo(Verdict.FAILS);
              assertThat(check.found())
                  .isEqualTo("pg-test-1 to pg-test-3 21.0 ms, pg-test-3 to pg-test-1 21.0 ms");
            });
    assertThat(measured(asynchronous.replaceAll("node_zone: [abc]", "node_zone: a"), twentyOne))
        .as("within a zone, ten")
        .last()
        .extracting(Check::verdict)
        .isEqualTo(Verdict.FAILS);
  }

  @Test
  @Promise("P209")
  void whatWasNotMeasuredIsNoPass() {
    RoundTrips silent =
        told(body(1, 2, 1, 3, 1), body(1, 1, 1, 3, 1))
            .with("pg-test-3", new AgentAnswer.NotThere("10.10.10.13:8008: connection refused"));
    assertThat(measured(GOOD, silent))
        .allSatisfy(
            check -> {
              assertThat(check.verdict()).isEqualTo(Verdict.UNKNOWN);
              assertThat(check.verdict().isBad()).isTrue();
              assertThat(check.found()).isEqualTo("pg-test-3 did not measure all");
              assertThat(check.wayOut())
                  .isEqualTo("pg-test-3: 10.10.10.13:8008: connection refused");
            });
    assertThat(measured(GOOD, told("nonsense")).getFirst().wayOut())
        .isEqualTo("pg-test-1: what it answers is no JSON");
    assertThat(measured(GOOD, told("{}")).getFirst().verdict()).isEqualTo(Verdict.UNKNOWN);
  }
}
