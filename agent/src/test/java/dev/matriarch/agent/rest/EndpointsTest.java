package dev.matriarch.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.MemberTags;
import dev.matriarch.engine.ConfigRecord;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.engine.PeerReport;
import dev.matriarch.engine.PendingChange;
import dev.matriarch.engine.RestartConditions;
import dev.matriarch.engine.RestartPlan;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.Tags;
import dev.matriarch.etcd.Endpoint;
import dev.matriarch.etcd.EtcdFailure;
import dev.matriarch.etcd.KeyValue;
import dev.matriarch.etcd.LeaseId;
import dev.matriarch.etcd.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointsTest {
  private final FakeRequests requests = new FakeRequests();
  private Statuses statuses = Statuses.primary();
  private final Endpoints endpoints = new Endpoints(() -> statuses.status(), requests);

  private String read(String path) {
    return endpoints.read(path, "", true).body();
  }

  @Test
  void tellsWhetherAFailoverIsPossible() {
    Answer answer = endpoints.read("/failover-readiness", "", true);
    assertThat(answer.status()).isIn(200, 503);
    assertThat(answer.body())
        .contains("\"ready\":" + (answer.status() == 200), "\"rpo\":{", "\"expected_outage_ms\":");
  }

  @Test
  void tellsOfAPrimary() {
    statuses.tags = new MemberTags(Tags.NONE, "{\"new_tag\":\"new_value\"}");

    assertThat(read("/patroni"))
        .isEqualTo(
            """
            {"state":"running","postmaster_start_time":"2026-11-22 02:00:00.000000+00:00",\
            "role":"primary","server_version":150018,"xlog":{"location":5000},"timeline":2,\
            "replication":[{"usename":"replicator","application_name":"b","client_addr":"10.0.0.2",\
            "state":"streaming","sync_state":"async","sync_priority":0}],\
            "dcs_last_seen":1795312800,"tags":{"new_tag":"new_value"},\
            "database_system_identifier":"7000000000000000001",\
            "patroni":{"version":"4.1.0","scope":"pg-test","name":"a"},\
            "matriarch":{"sees_store":true,"leads":true,"may_write":true,"lease_deadline_ms":18500}}""");
  }

  @Test
  void tellsOfAReplicaWithEitherStatus() {
    statuses = Statuses.replica();
    statuses.leader = "";

    Answer answer = endpoints.read("/primary", "", true);

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.contentType()).isEqualTo("application/json");
    assertThat(answer.body())
        .contains(
            "\"role\":\"replica\"",
            "\"received_location\":5000,\"replayed_location\":4000",
            "\"replayed_timestamp\":\"2026-11-22 02:00:00.000000+00:00\",\"paused\":false",
            "\"replication_state\":\"streaming\"",
            "\"cluster_unlocked\":true");
  }

  @Test
  void isUnderstoodByItsPeers() {
    statuses = Statuses.replica();
    Optional<PeerReport> report = PeerAnswer.read("b", Json.object(read("/patroni")).orElseThrow());

    assertThat(report)
        .contains(
            PeerReport.of("b").toBuilder()
                .role(Role.STANDBY)
                .running(true)
                .timeline(2)
                .position(new dev.matriarch.engine.Lsn(5000))
                .seesStore(true)
                .mayWrite(false)
                .build());

    statuses.watchdogFailed = true;
    assertThat(read("/patroni")).contains("\"watchdog_failed\":true");
    assertThat(
            PeerAnswer.read("b", Json.object(read("/patroni")).orElseThrow())
                .orElseThrow()
                .watchdogFailed())
        .isTrue();

    statuses.condition = Condition.STOPPED;
    assertThat(
            PeerAnswer.read("b", Json.object(read("/patroni")).orElseThrow())
                .orElseThrow()
                .running())
        .isFalse();
    assertThat(PeerAnswer.read("c", Json.object(read("/patroni")).orElseThrow())).isEmpty();
  }

  @Test
  void understandsTheFieldsAnswers() {
    String standby =
        """
        {"state": "streaming", "role": "replica", "server_version": 150018, "timeline": 3,
         "xlog": {"received_location": 100, "replayed_location": 120, "paused": false},
         "tags": {"nofailover": true, "failover_priority": "0"},
         "patroni": {"version": "4.1.0", "scope": "x", "name": "p"}}""";
    String old =
        "{\"state\":\"running\",\"role\":\"master\",\"timeline\":1,\"xlog\":{\"location\":7}}";

    assertThat(PeerAnswer.read("p", Json.object(standby).orElseThrow()))
        .contains(
            PeerReport.of("p").toBuilder()
                .role(Role.STANDBY)
                .running(true)
                .timeline(3)
                .position(new dev.matriarch.engine.Lsn(120))
                .tags(Tags.NONE.toBuilder().nofailover(true).build())
                .seesStore(true)
                .mayWrite(false)
                .build());
    assertThat(PeerAnswer.read("p", Json.object(old).orElseThrow()).orElseThrow().role())
        .isEqualTo(Role.PRIMARY);
    assertThat(PeerAnswer.read("p", Json.object("{\"ok\":1}").orElseThrow())).isEmpty();
  }

  @Test
  void tellsOfTheCluster() {
    statuses.synchronous(Synchrony.Mode.QUORUM, "b");

    assertThat(read("/cluster"))
        .contains(
            "{\"name\":\"a\",\"role\":\"leader\",\"state\":\"running\",\"api_url\":\"http://10.0.0.1:8008/patroni\",\"host\":\"10.0.0.1\",\"port\":5432,\"timeline\":1}",
            "{\"name\":\"b\",\"role\":\"quorum_standby\",\"state\":\"streaming\"",
            "{\"name\":\"c\",\"role\":\"replica\"",
            "\"lag\":500",
            "\"scope\":\"pg-test\"");
    assertThat(read("/history"))
        .isEqualTo("[[1,3000,\"no recovery target specified\",\"2026-11-22T02:00:00Z\",\"a\"]]");
  }

  @Test
  void tellsWhatIsScheduledAndWhatWaits() {
    statuses.request =
        Optional.of(
            new MoveRequest(4, "a", "b", Optional.of(Instant.parse("2030-01-01T01:00:00Z"))));
    statuses.pending = List.of(new PendingChange("max_connections", "100", "101"));

    assertThat(read("/cluster"))
        .contains(
            "\"scheduled_switchover\":{\"at\":\"2030-01-01T01:00:00Z\",\"from\":\"a\",\"to\":\"b\"}",
            "\"receive_lsn\":\"0/1194\",\"receive_lag\":500,\"replay_lsn\":\"0/FA0\",\"replay_lag\":1000");
    assertThat(read("/patroni"))
        .contains(
            "\"pending_restart\":true,\"pending_restart_reason\":{\"max_connections\":"
                + "{\"old_value\":\"100\",\"new_value\":\"101\"}}");
  }

  @Test
  void readsAndPatchesTheConfiguration() throws InterruptedException {
    assertThat(endpoints.read("/config", "", true).body()).isEqualTo("{\"ttl\":30}");

    Answer answer = endpoints.change("PATCH", "/config", "{\"ttl\":\"30\",\"loop_wait\":5}");

    assertThat(answer).isEqualTo(Answer.json(200, "{\"ttl\":30,\"loop_wait\":5}"));
    assertThat(requests.asked).containsExactly("config 7 {\"ttl\":30,\"loop_wait\":5}");
  }

  @Test
  void storesAMapUnderANewKeyAsItIs() throws InterruptedException {
    assertThat(endpoints.change("PATCH", "/config", "{\"slots\":{\"s\":null},\"x\":null}").body())
        .isEqualTo("{\"ttl\":30,\"slots\":{\"s\":null}}");
  }

  @Test
  void writesNothingWhenNothingChanges() throws InterruptedException {
    assertThat(endpoints.change("PATCH", "/config", "{\"ttl\":30}").status()).isEqualTo(200);
    assertThat(endpoints.change("PUT", "/config", "{\"ttl\":30}").status()).isEqualTo(200);
    assertThat(requests.asked).isEmpty();
  }

  @Test
  void mergesIntoWhatSomebodyElseWroteMeanwhile() throws InterruptedException {
    requests.answers.add(
        new WriteResult.Conflict(
            Optional.of(new KeyValue("k", "{\"ttl\":20}", 1, 9, LeaseId.NONE))));

    assertThat(endpoints.change("PATCH", "/config", "{\"pause\":true}").body())
        .isEqualTo("{\"ttl\":20,\"pause\":true}");
    assertThat(requests.asked).last().isEqualTo("config 9 {\"ttl\":20,\"pause\":true}");
  }

  @Test
  void saysWhenTheConfigurationCannotBeWritten() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      requests.answers.add(
          new WriteResult.Conflict(
              Optional.of(new KeyValue("k", "{\"ttl\":2" + i + "}", 1, 9, LeaseId.NONE))));
    }
    assertThat(endpoints.change("PATCH", "/config", "{\"pause\":true}").status()).isEqualTo(409);
    requests.answers.add(
        new WriteResult.Failed(
            new EtcdFailure.TimedOut(Endpoint.parse("h:1"), Duration.ofSeconds(1))));
    assertThat(endpoints.change("PUT", "/config", "{}"))
        .isEqualTo(Answer.text(503, "it was not written: etcd h:1: no answer after 1000 ms"));
  }

  @Test
  void aMistakeThatWasThereBeforeKeepsNobodyFromChangingTheRest() throws InterruptedException {
    statuses.config = Optional.of(new ConfigRecord(7, "{\"ttl\":\"long\"}"));
    assertThat(endpoints.change("PATCH", "/config", "{\"loop_wait\":5}").status()).isEqualTo(200);
    assertThat(endpoints.change("PATCH", "/config", "{\"ttl\":30}").status()).isEqualTo(200);
    assertThat(endpoints.change("PATCH", "/config", "{\"ttl\":\"longer\"}").status())
        .isEqualTo(400);
  }

  @Test
  void whereThereIsNoConfigurationOneCanBePutThere() throws InterruptedException {
    statuses.config = Optional.empty();
    assertThat(endpoints.read("/config", "", true).status()).isEqualTo(502);
    assertThat(endpoints.change("PATCH", "/config", "{}").status()).isEqualTo(502);
    assertThat(requests.asked).isEmpty();

    assertThat(endpoints.change("PUT", "/config", "{\"ttl\":20}"))
        .isEqualTo(Answer.json(200, "{\"ttl\":20}"));
    assertThat(requests.asked).containsExactly("config 0 {\"ttl\":20}");

    requests.answers.add(
        new WriteResult.Conflict(Optional.of(new KeyValue("k", "{\"broken", 1, 9, LeaseId.NONE))));
    assertThat(endpoints.change("PUT", "/config", "{\"ttl\":20}").status()).isEqualTo(200);
    assertThat(requests.asked)
        .as("one that cannot be read is overwritten")
        .last()
        .isEqualTo("config 9 {\"ttl\":20}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST|/switchover||400|the body must be a JSON object with the current leader's name",
        "POST|/switchover|[]|400|the body must be a JSON object with the current leader's name",
        "POST|/switchover|{\"leader\":\"a\"|400|the body must be a JSON object with the current leader's name",
        "POST|/switchover|{}|400|Switchover could be performed only from a specific leader",
        "POST|/switchover|{\"leader\":\"x\"}|412|switchover is not possible: leader name does not match: a leads, not x",
        "POST|/switchover|{\"leader\":\"a\",\"candidate\":\"a\"}|412|switchover is not possible: member a leads already",
        "POST|/switchover|{\"leader\":\"a\",\"candidate\":\"x\"}|412|switchover is not possible: candidate x does not exist",
        "POST|/switchover|{\"leader\":\"a\",\"scheduled_at\":\"2030-01-01T00:00\"}|400|scheduled_at needs an offset from UTC, such as 2030-01-01T03:00+00:00",
        "POST|/switchover|{\"leader\":\"a\",\"scheduled_at\":\"2020-01-01T00:00+00\"}|422|scheduled_at has passed already",
        "POST|/switchover|{\"leader\":\"a\",\"scheduled_at\":\"soon\"}|422|scheduled_at is no time in ISO 8601, such as 2030-01-01T03:00+00:00",
        "POST|/failover|{\"candidate\":\"b\",\"scheduled_at\":\"2030-01-01T00:00Z\"}|400|a failover cannot be scheduled; schedule a switchover",
        "POST|/switchover|{\"leader\":\"a\",\"candidate\":[\"b\"]}|400|candidate must be the name of a member",
        "POST|/failover|{\"candidate\":{\"b\":1}}|400|candidate must be the name of a member",
        "POST|/failover||400|the body must be a JSON object with the candidate's name",
        "POST|/failover|{}|400|Failover could be performed only to a specific candidate",
        "PATCH|/config|nonsense|400|the body must be a JSON object",
        "PATCH|/config|{\"ttl\":\"long\"}|400|nothing was changed: ttl \"long\" is no number of seconds",
        "PATCH|/config|{\"pause\":\"maybe\"}|400|nothing was changed: pause \"maybe\" is neither true nor false",
        "PATCH|/config|{\"postgresql\":{\"parameters\":7}}|400|nothing was changed: postgresql.parameters is no map of keys",
        "PUT|/config|{\"slots\":[]}|400|nothing was changed: slots is no map of keys",
        "PUT|/config|{\"a\":1}{}|400|the body must be a JSON object",
        "DELETE|/switchover||404|no pending scheduled switchover",
        "POST|/restart|[1]|400|the body must be a JSON object, or empty",
        "POST|/restart|{\"roel\":\"x\"}|400|a restart knows role, postgres_version, timeout, restart_pending and schedule, not roel",
        "POST|/restart|{\"role\":\"boss\"}|400|role must be primary, replica or standby_leader",
        "POST|/restart|{\"postgres_version\":\"new\"}|400|postgres_version must be a version such as 15.4",
        "POST|/restart|{\"timeout\":-1}|400|timeout must be a positive number of seconds, at most a day",
        "POST|/restart|{\"timeout\":\"1e99\"}|400|timeout must be a positive number of seconds, at most a day",
        "POST|/restart|{\"schedule\":\"2020-01-01T00:00Z\"}|422|schedule has passed already",
        "POST|/reinitialize||503|I am the leader, can not reinitialize",
        "POST|/reinitialize|x|400|the body must be a JSON object, or empty",
        "POST|/reinitialize|{\"force\":\"perhaps\"}|400|force and from-leader must be true or false",
        "POST|/reinitialize|{\"from-leader\":[1]}|400|force and from-leader must be true or false",
        "DELETE|/restart||404|no restarts are scheduled",
        "DELETE|/primary||405|DELETE is not possible at this path",
        "PUT|/switchover|{}|405|PUT is not possible at this path"
      })
  void refusesInASentence(String method, String path, String body, int status, String sentence)
      throws InterruptedException {
    assertThat(endpoints.change(method, path, body == null ? "" : body))
        .isEqualTo(Answer.text(status, sentence));
    assertThat(requests.asked).isEmpty();
  }

  @Test
  void refusesWhatTheClusterCannotDo() throws InterruptedException {
    statuses.put("b", MemberRole.REPLICA, Tags.NONE.toBuilder().nofailover(true).build());
    assertThat(endpoints.change("POST", "/failover", "{\"candidate\":\"b\"}"))
        .isEqualTo(
            Answer.text(412, "failover is not possible: no good candidates have been found"));
    statuses.synchronous(Synchrony.Mode.PRIORITY, "b");
    assertThat(
            endpoints
                .change("POST", "/switchover", "{\"leader\":\"a\",\"candidate\":\"c\"}")
                .body())
        .isEqualTo("switchover is not possible: candidate name does not match with sync_standby");
    statuses.members.remove("b");
    statuses.members.remove("c");
    assertThat(endpoints.change("POST", "/switchover", "{\"leader\":\"a\"}"))
        .isEqualTo(
            Answer.text(
                412, "switchover is not possible: cluster does not have members except leader"));
    statuses.leader = "";
    assertThat(endpoints.change("POST", "/switchover", "{\"leader\":\"a\"}").status())
        .isEqualTo(412);
    statuses.trouble = "etcd h:1: no answer after 1000 ms";
    assertThat(endpoints.change("POST", "/switchover", "{\"leader\":\"a\"}"))
        .isEqualTo(Answer.text(503, "etcd does not answer: etcd h:1: no answer after 1000 ms"));
    assertThat(requests.asked).isEmpty();
  }

  @Test
  void answersOnceTheNewLeaderHoldsTheKey() throws InterruptedException {
    AtomicReference<MoveRequest> asked = new AtomicReference<>();
    requests.onMove =
        move -> {
          asked.set(move);
          statuses.revision = 20;
          statuses.leader = "b";
        };

    assertThat(endpoints.change("POST", "/switchover", "{\"leader\":\"a\"}"))
        .isEqualTo(Answer.text(200, "Successfully switched over to \"b\""));
    assertThat(asked.get()).isEqualTo(new MoveRequest(0, "a", "", Optional.empty()));
    assertThat(statuses.view().state().leadership()).isEqualTo(new Leadership.Held("b", 5));
  }

  /** The key is no more than a promise of a primary. */
  @Test
  void answersOnceTheNewLeaderServesWhereThatIsAskedFor() throws InterruptedException {
    AtomicInteger looks = new AtomicInteger();
    Endpoints patient =
        new Endpoints(
            () -> {
              if (statuses.leader.equals("b") && looks.incrementAndGet() == 3) {
                statuses.put("b", MemberRole.PRIMARY, Tags.NONE);
              }
              return statuses.status();
            },
            requests);
    requests.onMove =
        move -> {
          statuses.revision = 20;
          statuses.leader = "b";
        };

    assertThat(patient.change("POST", "/switchover", "{\"leader\":\"a\",\"await_serving\":true}"))
        .isEqualTo(Answer.text(200, "Successfully switched over to \"b\""));
    assertThat(looks).hasValue(3);
  }

  @Test
  void saysWhenTheRequestWasClearedWithoutAMove() throws InterruptedException {
    requests.onMove = move -> statuses.revision = 20;

    assertThat(endpoints.change("POST", "/failover", "{\"candidate\":\"c\"}"))
        .isEqualTo(Answer.text(503, "failover failed: a leads, and its log says why"));
    assertThat(requests.asked).containsExactly("move ->c");
  }

  @Test
  void tellsTheLeadersReasonForClearingTheRequest() throws InterruptedException {
    requests.onMove =
        move -> {
          statuses.revision = 20;
          statuses.closed = Optional.of(new ClosedMove(11, "refused: c is on timeline 1, not 2"));
        };

    assertThat(endpoints.change("POST", "/failover", "{\"candidate\":\"c\"}"))
        .isEqualTo(
            Answer.text(
                503, "failover failed: a leads and says: refused: c is on timeline 1, not 2"));
    Optional<ClosedMove> told = ClosedMove.read(Json.object(read("/patroni")).orElseThrow());
    assertThat(told).as("others read it from a health check").isEqualTo(statuses.closed);
  }

  @Test
  void asksTheLeaderForItsReasonWhereAnotherWasAsked() throws InterruptedException {
    statuses = Statuses.replica();
    requests.onMove = move -> statuses.revision = 20;
    requests.closed = Optional.of(new ClosedMove(12, "given up: c did not catch up"));

    assertThat(endpoints.change("POST", "/failover", "{\"candidate\":\"c\"}").body())
        .isEqualTo("failover failed: a leads and says: given up: c did not catch up");
    assertThat(requests.asked)
        .containsExactly("move ->c", "closed by http://10.0.0.1:8008/patroni");
  }

  @Test
  void tellsTheCandidatesReasonWhereNobodyLeads() throws InterruptedException {
    statuses = Statuses.replica();
    statuses.leader = "";
    statuses.ledInPause = "a";
    AtomicReference<MoveRequest> asked = new AtomicReference<>();
    requests.onMove =
        move -> {
          asked.set(move);
          statuses.revision = 20;
        };
    requests.closed = Optional.of(new ClosedMove(12, "refused: a led when it was paused"));

    assertThat(endpoints.change("POST", "/failover", "{\"candidate\":\"c\",\"lost\":\"a\"}"))
        .isEqualTo(Answer.text(503, "failover failed: c says: refused: a led when it was paused"));
    assertThat(asked.get().lost()).isEqualTo("a");
    requests.closed = Optional.empty();
    assertThat(endpoints.change("POST", "/failover", "{\"candidate\":\"c\"}").body())
        .isEqualTo("failover failed: nobody leads, and the log of c says why");
  }

  @Test
  void takesAWordOnlyAboutWhoLedInThePause() throws InterruptedException {
    statuses.ledInPause = "b";
    assertThat(endpoints.change("POST", "/failover", "{\"candidate\":\"c\",\"lost\":\"a\"}"))
        .isEqualTo(
            Answer.text(412, "failover is not possible: b led when the cluster was paused, not a"));
    assertThat(
            endpoints
                .change(
                    "POST", "/switchover", "{\"leader\":\"a\",\"candidate\":\"c\",\"lost\":\"a\"}")
                .status())
        .isEqualTo(400);
    assertThat(endpoints.change("POST", "/failover", "{\"candidate\":\"c\",\"lost\":{}}").status())
        .isEqualTo(400);
    assertThat(requests.asked).isEmpty();
  }

  @Test
  void takesNoReasonThatIsOlderThanTheRequest() throws InterruptedException {
    requests.onMove = move -> statuses.revision = 20;
    statuses.closed = Optional.of(new ClosedMove(10, "refused: something else"));

    assertThat(endpoints.change("POST", "/failover", "{\"candidate\":\"c\"}").body())
        .isEqualTo("failover failed: a leads, and its log says why");
  }

  @Test
  void takesAFailoverWithALeaderForASwitchover() throws InterruptedException {
    requests.onMove =
        move -> {
          statuses.revision = 20;
          statuses.leader = move.candidate();
        };

    assertThat(
            endpoints.change("POST", "/failover", "{\"leader\":\"a\",\"candidate\":\"c\"}").body())
        .isEqualTo("Successfully switched over to \"c\"");
    assertThat(requests.asked).containsExactly("move a->c");
  }

  @Test
  void restartsNowAndTellsWhatBecameOfIt() throws InterruptedException {
    assertThat(
            endpoints.change(
                "POST",
                "/restart",
                "{\"role\":\"master\",\"restart_pending\":\"True\",\"timeout\":\"5\",\"postgres_version\":\"15.3\"}"))
        .isEqualTo(Answer.text(200, "restarted successfully"));
    assertThat(requests.asked)
        .containsExactly(
            "restart RestartConditions[role=Optional[PRIMARY], belowVersion=150003, pending=true]"
                + " Optional[PT5S]");
    requests.reply = new MemberRequests.Reply(false, "restart failed: no");
    assertThat(endpoints.change("POST", "/restart", ""))
        .isEqualTo(Answer.text(503, "restart failed: no"));
  }

  @Test
  void keepsOneScheduledRestartAndShowsIt() throws InterruptedException {
    String body = "{\"schedule\":\"2030-01-01T02:00:00+01:00\"}";
    assertThat(endpoints.change("POST", "/restart", body))
        .isEqualTo(Answer.text(202, "Restart scheduled"));
    assertThat(requests.asked).containsExactly("restart at 2030-01-01T01:00:00Z");
    statuses.scheduled =
        Optional.of(
            new RestartPlan(
                RestartConditions.NONE,
                Optional.empty(),
                Optional.of(Instant.parse("2030-01-01T01:00:00Z")),
                Optional.of(Statuses.WALL)));
    assertThat(endpoints.change("POST", "/restart", body))
        .isEqualTo(Answer.text(409, "Another restart is already scheduled"));
    assertThat(read("/patroni"))
        .contains(
            "\"scheduled_restart\":{\"schedule\":\"2030-01-01T01:00:00.000000+00:00\","
                + "\"postmaster_start_time\":\"2026-11-22T02:00:00.000000+00:00\"}");
    assertThat(endpoints.change("DELETE", "/restart", ""))
        .isEqualTo(Answer.text(200, "scheduled restart deleted"));
    statuses.settings = statuses.settings.toBuilder().paused(true).build();
    assertThat(endpoints.change("POST", "/restart", body).status()).isEqualTo(400);
  }

  @Test
  void reinitializesReplicasOfALeader() throws InterruptedException {
    statuses = Statuses.replica();
    assertThat(endpoints.change("POST", "/reinitialize", "{\"force\":true}"))
        .isEqualTo(Answer.text(200, "reinitialize started"));
    endpoints.change("POST", "/reinitialize", "{\"force\":false,\"from-leader\":true}");
    endpoints.change("POST", "/reinitialize", "{\"from_leader\":\"true\"}");
    assertThat(requests.asked)
        .containsExactly(
            "reinitialize true false", "reinitialize false true", "reinitialize false true");
    statuses.leader = "";
    assertThat(endpoints.change("POST", "/reinitialize", "").status()).isEqualTo(503);
  }

  @Test
  void schedulesASwitchoverAndRefusesItInPause() throws InterruptedException {
    String body =
        "{\"leader\":\"a\",\"candidate\":\"b\",\"scheduled_at\":\"2030-01-01 00:00:00+0000\"}";
    assertThat(endpoints.change("POST", "/switchover", body))
        .isEqualTo(Answer.text(202, "Switchover scheduled"));
    assertThat(requests.asked).containsExactly("move a->b at 2030-01-01T00:00:00Z");
    statuses.settings = statuses.settings.toBuilder().paused(true).build();
    assertThat(endpoints.change("POST", "/switchover", body).status()).isEqualTo(400);
    assertThat(endpoints.change("POST", "/switchover", "{\"leader\":\"a\"}").status())
        .as("in pause the candidate must be named")
        .isEqualTo(400);
  }

  @Test
  void storesNoParametersThatPostgresqlRefuses() throws InterruptedException {
    requests.objection = Optional.of("PostgreSQL says: no");
    assertThat(
            endpoints.change(
                "PATCH", "/config", "{\"postgresql\":{\"parameters\":{\"work_mem\":\"lots\"}}}"))
        .isEqualTo(Answer.text(400, "nothing was changed: PostgreSQL says: no"));
    assertThat(
            endpoints
                .change("PATCH", "/config", "{\"postgresql\":{\"pg_hba\":[\"nonsense\"]}}")
                .status())
        .isEqualTo(400);
    for (String section :
        List.of("\"standby_cluster\":{\"host\":\"h\",", "\"postgresql\":{\"recovery_conf\":{")) {
      String close = section.contains("recovery_conf") ? "}}}" : "}}";
      assertThat(
              endpoints
                  .change(
                      "PATCH",
                      "/config",
                      "{" + section + "\"recovery_min_apply_delay\":\"soon\"" + close)
                  .status())
          .isEqualTo(400);
    }
    assertThat(requests.asked).hasSize(4).allMatch(asked -> asked.startsWith("judge "));
    assertThat(endpoints.change("PATCH", "/config", "{\"ttl\":20}").status())
        .as("parameters that stay as they are do not matter")
        .isEqualTo(200);
  }

  @Test
  void tellsMetrics() {
    assertThat(read("/metrics"))
        .contains(
            "patroni_version{scope=\"pg-test\",name=\"a\"} 040100\n",
            "patroni_primary{scope=\"pg-test\",name=\"a\"} 1\n",
            "patroni_xlog_location{scope=\"pg-test\",name=\"a\"} 5000\n",
            "patroni_postgres_server_version{scope=\"pg-test\",name=\"a\"} 150018\n",
            "patroni_dcs_last_seen{scope=\"pg-test\",name=\"a\"} 1.7953128E9\n",
            "patroni_postgres_state{scope=\"pg-test\",name=\"a\"} 5\n",
            "patroni_standby_leader{scope=\"pg-test\",name=\"a\"} 0\n",
            "patroni_is_paused{scope=\"pg-test\",name=\"a\"} 0\n");
  }

  @Test
  void tellsOfLagReadinessAndTakeovers() {
    statuses.takeovers =
        Takeovers.NONE.with(
            false,
            new Takeovers.Last(
                Statuses.WALL,
                Duration.ofSeconds(20),
                Duration.ofMillis(50),
                Duration.ofMillis(130)));
    String a = "{scope=\"pg-test\",name=\"a\"";
    assertThat(read("/metrics"))
        .contains(
            "matriarch_replication_replay_lag_bytes" + a + ",standby=\"b\"} 0\n",
            "matriarch_replication_flush_lag_bytes" + a + ",standby=\"b\"} 0\n",
            "matriarch_replication_synchronous" + a + ",standby=\"b\"} 0\n",
            "matriarch_failover_ready" + a + "} ",
            "matriarch_failover_expected_outage_seconds" + a + "} ",
            "# TYPE matriarch_takeovers_total counter\n",
            "matriarch_takeovers_total" + a + ",kind=\"failover\"} 1\n",
            "matriarch_takeovers_total" + a + ",kind=\"switchover\"} 0\n",
            "matriarch_takeover_last_time_seconds" + a + "} 1.7953128E9\n",
            "matriarch_takeover_last_seconds" + a + ",phase=\"silence\"} 20.0\n",
            "matriarch_takeover_last_seconds" + a + ",phase=\"promotion\"} 0.13\n");

    statuses = Statuses.replica();
    assertThat(read("/metrics"))
        .as("only the leader knows of others")
        .doesNotContain("matriarch_failover_ready", "matriarch_replication_")
        .contains("patroni_standby_leader{scope=\"pg-test\",name=\"b\"} 0\n");
  }

  @Test
  void passesAReloadOn() throws InterruptedException {
    assertThat(endpoints.change("POST", "/reload", "").status()).isEqualTo(202);
    assertThat(requests.asked).containsExactly("reload");
  }
}
