package dev.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.matriarch.engine.LeaseTerms;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.inventory.Bytes;
import dev.matriarch.inventory.ConfTemplate;
import dev.matriarch.inventory.Durability;
import dev.matriarch.inventory.LeaseTiming;
import dev.matriarch.inventory.Timing;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is declared and printed is what the engine goes by. */
class TimingAgreementTest {
  private static final Durability ASYNCHRONOUS = Durability.of(Bytes.ofMebi(1), ConfTemplate.OLTP);
  private static final Durability STRICT = Durability.of(new Bytes(0), ConfTemplate.CRIT);
  private static final Durability QUORUM = Durability.of(new Bytes(0), ConfTemplate.OLTP);

  @TempDir private Path folder;

  @Test
  @Promise({"P124", "P129"})
  void inventoryAndEngineComputeTheSameForEveryRecoveryTime() {
    for (int rto = 3; rto <= 3600; rto++) {
      Timing timing = Timing.ofSeconds(rto);
      for (Durability durability : List.of(ASYNCHRONOUS, QUORUM, STRICT)) {
        agree(timing, durability);
      }
    }
  }

  private static void agree(Timing timing, Durability durability) {
    Settings settings =
        Settings.DEFAULT.toBuilder()
            .ttl(timing.ttl())
            .loopWait(timing.loopWait())
            .retryTimeout(timing.retryTimeout())
            .synchrony(synchrony(durability))
            .build();
    LeaseTerms engine = settings.lease();
    LeaseTiming declared = timing.leading(durability);
    String what = "pg_rto " + timing.plan() + " " + durability;
    assertThat(declared.lease()).as(what).isEqualTo(engine.lease());
    assertThat(declared.fence()).as(what).isEqualTo(engine.margin());
    assertThat(declared.patience()).as(what).isEqualTo(engine.patience());
    assertThat(declared.heartbeat()).as(what).isEqualTo(engine.heartbeat());
    assertThat(declared.renewal()).as(what).isEqualTo(engine.renewal());
    assertThat(declared.suspicion()).as(what).isEqualTo(settings.suspicion());
    assertThat(declared.revokes()).as(what).isEqualTo(settings.revokes());
  }

  private static Synchrony synchrony(Durability durability) {
    Synchrony.Mode mode = durability.losesNothing() ? Synchrony.Mode.QUORUM : Synchrony.Mode.OFF;
    return new Synchrony(mode, durability.strict(), 1, -1);
  }

  private void write(String variables) throws IOException {
    Files.writeString(
        folder.resolve("matriarch.yml"),
        """
        pg-test:
          hosts:
            10.10.10.11: { pg_seq: 1, pg_role: primary }
            10.10.10.12: { pg_seq: 2, pg_role: replica }
            10.10.10.13: { pg_seq: 3, pg_role: replica }
          vars:
            pg_cluster: pg-test
        """
            + variables.indent(4));
  }

  private JsonNode timing(String variables) throws Exception {
    write(variables);
    Captured here = new Captured(folder, Map.of());
    assertThat(here.run("config", "timing", "pg-test", "-o", "json")).as(here.err()).isZero();
    return new ObjectMapper().readTree(here.out()).path(0);
  }

  private static double worst(JsonNode timing, String failure) {
    return StreamSupport.stream(timing.path("outages").spliterator(), false)
        .filter(it -> it.path("failure").asText().equals(failure))
        .findFirst()
        .orElseThrow()
        .path("worst")
        .asDouble();
  }

  @Test
  @Promise({"P125", "P126", "P127", "P128", "P130", "P204"})
  void theVerbPrintsAllThatFollowsFromTheRecoveryTime() throws Exception {
    JsonNode timing = timing("");
    assertThat(timing.path("mode").asText()).isEqualTo("asynchronous");
    assertThat(timing.path("lengths").path("loop_wait").asInt()).isEqualTo(10);
    assertThat(timing.path("lengths").path("retry_timeout").asInt()).isEqualTo(10);
    assertThat(timing.path("lengths").path("primary_start_timeout").asInt()).isEqualTo(10);
    assertThat(timing.path("lengths").path("primary_stop_timeout").asInt()).isEqualTo(30);
    assertThat(timing.path("lengths").path("fence deadline").asDouble()).isEqualTo(19.5);
    assertThat(timing.path("lengths").path("haproxy inter").asDouble()).isEqualTo(3);
    assertThat(worst(timing, "node crash")).isEqualTo(21.6);
    assertThat(worst(timing, "etcd minority lost")).isZero();
    assertThat(worst(timing, "primary's disk hangs"))
        .as("2 s to the next proof, 10 s without an answer, 1 s election, promotion, routing")
        .isEqualTo(13.6);
    assertThat(worst(timing, "replica lost")).isZero();
    JsonNode endless =
        StreamSupport.stream(timing.path("outages").spliterator(), false)
            .filter(it -> it.path("failure").asText().equals("etcd majority lost"))
            .findFirst()
            .orElseThrow();
    assertThat(endless.path("worst").isNull()).as("no number where nothing bounds it").isTrue();
    assertThat(endless.path("until").asText()).isEqualTo("etcd is back");
    Captured told = new Captured(folder, Map.of());
    told.run("config", "timing", "pg-test");
    assertThat(told.out()).containsPattern("etcd majority lost +\\| until etcd is back");
    timing.path("checks").forEach(it -> assertThat(it.path("holds").asBoolean()).isTrue());
  }

  @Test
  @Promise({"P164", "P168"})
  void theVerbPrintsTheWorstOutageOfEachFailure() throws Exception {
    JsonNode outages = timing("").path("outages");
    List<String> bounded =
        StreamSupport.stream(outages.spliterator(), false)
            .filter(it -> !it.path("worst").isNull())
            .map(it -> it.path("failure").asText())
            .toList();
    assertThat(bounded)
        .containsExactly(
            "postmaster crash",
            "agent crash",
            "agent frozen",
            "node crash",
            "silent power-off",
            "primary isolated",
            "etcd minority lost",
            "primary's disk hangs",
            "primary's disk full",
            "replica lost",
            "switchover");
    for (JsonNode outage : outages) {
      assertThat(outage.path("worst").asDouble()).as(outage.toString()).isLessThan(40);
    }
    Captured told = new Captured(folder, Map.of());
    told.run("config", "timing", "pg-test");
    assertThat(told.out())
        .containsPattern(
            "node crash +\\| 21.6 s +\\| lease 20 \\+ election 1 \\+ promotion 0.5 \\+ routing 0.1");
  }

  @Test
  @Promise("P130")
  void theVerbRefusesAPlanThatContradictsItself() throws Exception {
    Captured here = new Captured(folder, Map.of());
    write("pg_rto: mine\npg_rto_plan: {mine: [30, 10, 30, 10, 5, 2s, 1s, 2s, 3, 3]}");
    assertThat(here.run("config", "timing", "pg-test")).isEqualTo(1);
    assertThat(here.err())
        .contains("mine breaks ttl >= loop_wait + 2 x retry_timeout: 30 < 10 + 2 x 30")
        .contains("the nearest that hold are retry_timeout 10, or ttl 70");
    assertThat(here.out()).isEmpty();

    write("pg_rto: mine\npg_rto_plan: {mine: [30, 10, 10, 10, 5, 9s, 9s, 9s, 3, 3]}");
    assertThat(here.run("config", "timing", "pg-test")).isEqualTo(1);
    assertThat(here.err())
        .contains("problem: pg-test: not so: HAProxy's checks alone (fall)", "< the lease 20 s");
  }

  @Test
  @Promise({"P197", "P214"})
  void thePresetsOfTheHandbookKeepTheirRecoveryTimes() throws Exception {
    assertThat(worst(timing("pg_rto: 15\npg_rpo: 1048576"), "node crash")).isLessThan(15);
    assertThat(worst(timing("pg_rto: 30\npg_rpo: 1048576"), "node crash")).isLessThan(30);
    assertThat(worst(timing("pg_rto: 60\npg_rpo: 1048576"), "node crash")).isLessThan(60);
    assertThat(worst(timing("pg_rto: 15\npg_rpo: 16777216"), "node crash")).isLessThan(15);
    JsonNode zero = timing("pg_rto: 60\npg_rpo: 0\npg_conf: crit.yml");
    assertThat(zero.path("mode").asText()).isEqualTo("strict quorum");
    assertThat(worst(timing("pg_rto: 30\npg_rpo: 0\npg_conf: crit.yml"), "node crash"))
        .as("the term is revoked instead of waited for")
        .isLessThan(7);
  }

  @Test
  @Promise("P196")
  void fifteenSecondsAreKept() throws Exception {
    JsonNode timing = timing("pg_rto: 15");
    assertThat(timing.path("lengths").path("haproxy inter").asDouble()).isEqualTo(1);
    assertThat(timing.path("lengths").path("haproxy fastinter").asDouble()).isEqualTo(0.5);
    assertThat(timing.path("lengths").path("haproxy rise").asInt()).isEqualTo(2);
    assertThat(timing.path("lengths").path("haproxy fall").asInt()).isEqualTo(2);
    assertThat(worst(timing, "silent power-off")).isLessThan(15);
  }
}
