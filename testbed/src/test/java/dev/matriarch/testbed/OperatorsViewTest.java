package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What operators are told about three real nodes in asynchronous mode: could they fail over now,
 * what happened and why, and for whom they wait after all of them were down.
 */
@Tag("root")
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorsViewTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private Product product;
  private Cluster cluster;

  @BeforeAll
  void start() {
    product = Product.lay("pg_rto: 10");
    cluster = product.cluster();
    cluster.start();
    cluster.awaitServing(Product.START);
    cluster.awaitSettled(Product.START);
    sql(cluster.primary(), "CREATE TABLE told (n int)");
  }

  @AfterAll
  void stop() {
    product.close();
  }

  @BeforeEach
  void whole() {
    cluster.hosts().forEach(this::boot);
    cluster.awaitSettled(SOON);
    awaitReadiness("\"ready\":true", "\"missing\":[]");
    sql(cluster.primary(), "TRUNCATE told");
  }

  @Test
  @Promise({"P28", "P107"})
  void aHealthyClusterSaysWhoWouldLeadAndWhatThatWouldCost() {
    sql(cluster.primary(), "INSERT INTO told VALUES (1)");
    awaitReadiness("\"rpo\":{\"bytes\":0,\"transactions\":0}");
    // The lease of 8 s, the election and the promotion.
    assertThat(readiness())
        .contains("\"candidate\":\"pg-test-")
        .contains("\"expected_outage_ms\":");
    Shell.Result said = matriarch("status");
    assertThat(said.exitCode()).as(said.output()).isZero();
    assertThat(said.output())
        .containsPattern("Failover: pg-test-[123] would lead within \\d+ s; at most \\d+ bytes")
        .contains("All is well.")
        .doesNotContain("missing:");
  }

  @Test
  @Promise("P107")
  void eachConditionThatAFailoverLacksIsNamed() {
    Host lagging = cluster.replicas().getFirst();
    Host barred = cluster.replicas().getLast();
    tag(barred, "nofailover: false", "nofailover: true");
    awaitReadiness("\"ready\":true", missing("allowed", barred));

    long receiver = freezeReceiver(lagging);
    // Little, and no time-out: the connection has to bear it.
    sql(cluster.primary(), "ALTER SYSTEM SET wal_sender_timeout = '2min'");
    sql(cluster.primary(), "SELECT pg_reload_conf()");
    configure("{\"maximum_lag_on_failover\":10000}");
    sql(cluster.primary(), rows(1000));
    awaitReadiness("\"ready\":false", missing("allowed", barred), missing("lag", lagging));
    Shell.Result said = matriarch("status");
    assertThat(said.output())
        .contains("Failover: no failover is possible now")
        .containsPattern(
            "missing: lag \\(" + cluster.instance(lagging) + " lacks \\d+ bytes of WAL\\)")
        .contains("missing: allowed (" + cluster.instance(barred));
    Signal.CONT.send(receiver);
    configure("{\"maximum_lag_on_failover\":1048576}");
    sql(cluster.primary(), "ALTER SYSTEM RESET wal_sender_timeout");
    sql(cluster.primary(), "SELECT pg_reload_conf()");
    awaitReadiness("\"ready\":true");

    configure("{\"pause\":true}");
    awaitReadiness("\"ready\":false", "\"condition\":\"not_paused\"");
    Agents.stopServer(cluster, lagging);
    awaitReadiness("\"condition\":\"not_paused\"", missing("running", lagging));
    configure("{\"pause\":null}");
    cluster.awaitSettled(SOON);
    tag(barred, "nofailover: true", "nofailover: false");
    awaitReadiness("\"ready\":true", "\"missing\":[]");

    Fault.Applied frozen = new Fault.EtcdFreeze().apply(cluster);
    awaitReadiness("\"ready\":false", "\"condition\":\"etcd\"");
    Shell.Result without = matriarch("status");
    frozen.heal();
    assertThat(without.exitCode()).as(without.output()).isOne();
    assertThat(without.output())
        .contains("| silent ")
        .contains("missing: etcd (etcd does not answer this member)");
  }

  /**
   * With the lengths of the default {@code pg_rto}. etcd's leader dies too, and its next one grants
   * every lease anew: nobody waits for that.
   */
  @Test
  @Promise({"P106", "P164", "P168", "P216"})
  void aFailoverIsToldAsOneStoryThatReplaysToTheSameDecisions() {
    configure("{\"ttl\":30,\"loop_wait\":10,\"retry_timeout\":10}");
    Await.until("the leader's longer lease", SOON, () -> leaderLease().contains("TTL(32s)"));
    Host lost = cluster.primary();
    EtcdLeader.moveTo(cluster, lost);
    Instant struck = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    lost.crash();
    Await.until(
        "another leads", SOON, () -> cluster.observe().primary().isPresent(), cluster::situation);
    Host heir = cluster.primary();
    Host other =
        cluster.hosts().stream()
            .filter(host -> !host.equals(lost) && !host.equals(heir))
            .findFirst()
            .orElseThrow();
    lost.revive();
    cluster.start(lost);
    cluster.awaitSettled(SOON);

    Shell.Result story = matriarch("explain", "--since", "3m");
    assertThat(story.exitCode()).as(story.output()).isZero();
    assertThat(story.output())
        .doesNotContain("not told:")
        .containsPattern(
            "Failover from %s to %s: writes taken again after \\d+\\.\\d{3} s"
                .formatted(cluster.instance(lost), cluster.instance(heir)))
        .contains("last renewal of " + cluster.instance(lost) + " seen")
        .contains("leader key vacant", "elected: ", "promotion begun", "promoted")
        .contains("timeline recorded")
        .contains(cluster.instance(heir) + "  401 EXPIRE: ")
        .contains(cluster.instance(heir) + "  305 PROMOTE: ")
        .contains(cluster.instance(other) + "  505 FOLLOW: ")
        .contains(cluster.instance(lost) + "  502 REJOIN: ");
    String move =
        "Failover from %s to %s".formatted(cluster.instance(lost), cluster.instance(heir));
    String phases = story.output().substring(story.output().indexOf(move));
    assertThat(secondsTo(" s  suspicion: ", phases)).isBetween(5.0, 15.0);
    assertThat(List.of(" s  leader key vacant", " s  elected: ", " s  promoted", " s  clients of "))
        .extracting(step -> secondsTo(step, phases))
        .as("one phase after the other, all in the handbook's 30 s:%n%s", phases)
        .isSorted()
        .allMatch(seconds -> seconds > 15 && seconds < 30);
    assertThat(matriarch("explain", "--at", struck.toString(), "--since", "60s").output())
        .contains(move);

    List<String> folders = new ArrayList<>();
    for (Host host : cluster.hosts()) {
      folders.add(cluster.folder(host).resolve("log/recording").toString());
    }
    Shell.Result replay = run("replay", folders);
    assertThat(replay.exitCode()).as(replay.output()).isZero();
    assertThat(replay.output()).containsPattern("[1-9]\\d+ decisions, 0 come out otherwise");
    configure("{\"ttl\":10,\"loop_wait\":3,\"retry_timeout\":3}");
  }

  /** What etcd grants the leader key: the lease of 20 s, and three renewals of 4 s more. */
  private String leaderLease() {
    Matcher lease =
        Pattern.compile("\"lease\":(\\d+)")
            .matcher(etcdctl("get", "/pg/" + cluster.plan().cluster() + "/leader", "-w", "json"));
    return lease.find()
        ? etcdctl("lease", "timetolive", Long.toHexString(Long.parseLong(lease.group(1))))
        : "";
  }

  private String etcdctl(String... words) {
    Host host = cluster.primary();
    List<String> line =
        new ArrayList<>(List.of("etcdctl", "--endpoints", "http://" + host.address() + ":2379"));
    line.addAll(List.of(words));
    return host.run(line.toArray(String[]::new));
  }

  /** How long after the last sign of life of the former leader that came about. */
  private static double secondsTo(String step, String story) {
    Matcher found = Pattern.compile("\\+(\\d+\\.\\d{3})" + step).matcher(story);
    assertThat(found.find()).as(step + " in\n" + story).isTrue();
    return Double.parseDouble(found.group(1));
  }

  @Test
  @Promise({"P10", "P42", "P49", "P50", "P51", "P52", "P55", "P56", "P174"})
  void theServicesAreToldCheckedAndChangedWhileTheyAreUsed() {
    new ServiceTour(product).walk();
  }

  @Test
  @Promise({"P49", "P50", "P111", "P156"})
  void aHostThatOnlyOffersServicesKeepsItsClientsWhileTheyAreLookedAfter() {
    new ProviderTour(product).walk();
  }

  /** Only who led last has the last rows; it comes back last, and its rows are waited for. */
  @Test
  @Promise({"P107", "P165"})
  void afterAnOutageOfAllHostsWhoLedLastIsAwaitedAndNothingIsLost() {
    Host last = cluster.primary();
    List<Host> others = cluster.replicas();
    others.forEach(this::freezeReceiver);
    sql(last, rows(100));
    cluster.hosts().forEach(Host::crash);

    boot(others.getFirst());
    Await.until(
        "one of three waits for etcd",
        SOON,
        () -> Observer.logs(cluster.folder(others.getFirst())).contains("for etcd"),
        cluster::situation);
    boot(others.getLast());
    String awaited = "it waits for " + cluster.instance(last) + ", who led last";
    Await.until(
        "status to name who is awaited",
        SOON,
        () -> matriarch("status").output().contains(awaited),
        () -> matriarch("status").output() + cluster.situation());
    assertThat(cluster.observe().primaries()).isEmpty();

    boot(last);
    // Who leads then does not matter: another one fetches its WAL first.
    cluster.awaitSettled(SOON);
    for (Host host : cluster.hosts()) {
      Await.until(
          "all rows on " + host,
          SOON,
          () -> sql(host, "SELECT count(*) FROM told").equals("100"),
          cluster::situation);
    }
  }

  /** The standby goes on, and gets nothing. */
  private long freezeReceiver(Host host) {
    long receiver = Long.parseLong(sql(host, "SELECT pid FROM pg_stat_wal_receiver"));
    Signal.STOP.send(receiver);
    return receiver;
  }

  private void boot(Host host) {
    host.revive();
    cluster.start(host);
  }

  private static String rows(int count) {
    return "INSERT INTO told SELECT generate_series(1, " + count + ")";
  }

  private String missing(String condition, Host host) {
    return "{\"condition\":\"%s\",\"member\":\"%s\"".formatted(condition, cluster.instance(host));
  }

  /** The leader's answer has all of these in the end. */
  private void awaitReadiness(String... parts) {
    Await.until(
        "readiness with " + List.of(parts),
        SOON,
        () -> List.of(parts).stream().allMatch(readiness()::contains),
        () -> readiness() + "\n" + cluster.situation());
  }

  private String readiness() {
    Optional<String> primary = cluster.observe().primary();
    return primary.isEmpty()
        ? ""
        : cluster
            .client()
            .run(
                Launch.of(
                    "curl",
                    "-s",
                    "http://" + cluster.host(primary.get()).address() + ":8008/failover-readiness"),
                SOON)
            .output();
  }

  private void configure(String json) {
    Agents.configure(cluster.client(), cluster.primary(), json);
  }

  /** Edits the file that the agent reads, and has it read again. */
  private void tag(Host host, String before, String after) {
    Path file = cluster.folder(host).resolve("conf/patroni.yml");
    try {
      String text = Files.readString(file);
      assertThat(text).contains(before);
      Files.writeString(file, text.replace(before, after));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    host.signal(Role.AGENT, Signal.HUP);
  }

  private String sql(Host host, String statement) {
    String folder = String.valueOf(cluster.socket(host).socket().getParent());
    Launch psql =
        Launch.of("psql", "-XAtq", "-h", folder, "-d", "app", "-c", statement).as("postgres");
    return host.run(psql, SOON).output().strip();
  }

  private Shell.Result matriarch(String verb, String... arguments) {
    List<String> words = new ArrayList<>(List.of(cluster.plan().cluster()));
    words.addAll(List.of(arguments));
    words.addAll(List.of("--inventory", product.folder().resolve("matriarch.yml").toString()));
    return run(verb, words);
  }

  private Shell.Result run(String verb, List<String> words) {
    List<String> line = new ArrayList<>(List.of(Product.launcher().toString(), verb));
    line.addAll(words);
    return cluster.client().run(Launch.of(line), SOON);
  }
}
