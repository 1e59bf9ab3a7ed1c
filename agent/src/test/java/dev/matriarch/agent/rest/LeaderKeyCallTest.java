package dev.matriarch.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaderKeyCallTest {
  private static final String PATH = "/v2/keys/pg/pg-test/leader";

  private final Statuses statuses = new Statuses();

  private Answer ask(String path) {
    return new Endpoints(statuses::status, new FakeRequests()).read(path, "quorum=true", true);
  }

  private void assertNobody(Answer answer) {
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).contains("\"errorCode\":100", "Key not found");
  }

  @Test
  void namesThisMemberWhileItsLeaseLasts() {
    assertThat(ask(PATH).status()).isEqualTo(200);
    assertThat(ask(PATH).body())
        .isEqualTo(
            "{\"action\":\"get\",\"node\":{\"key\":\"/pg/pg-test/leader\",\"value\":\"a\"}}");
    statuses.trouble = "no answer";
    assertThat(ask(PATH).status()).isEqualTo(200);
  }

  /** The key in etcd still has its name. */
  @Test
  void namesNobodyWhenItsLeaseMayHavePassedOn() {
    statuses.sinceRenewal = Duration.ofMinutes(1);
    assertNobody(ask(PATH));
    statuses.trouble = "no answer";
    assertThat(ask(PATH).status()).isEqualTo(503);
  }

  @Test
  void namesAnotherWhileEtcdAnswers() {
    statuses.self = "b";
    statuses.holdsLease = false;
    assertThat(ask(PATH).body()).contains("\"value\":\"a\"");
    statuses.trouble = "no answer";
    assertThat(ask(PATH).status()).isEqualTo(503);
  }

  @Test
  void aVacantKeyIsNotFound() {
    statuses.self = "b";
    statuses.holdsLease = false;
    statuses.leader = "";
    assertNobody(ask(PATH));
  }

  @Test
  void knowsNoOtherKey() {
    assertNobody(ask("/v2/keys/pg/pg-other/leader"));
    assertNobody(ask("/v2/keys/pg/pg-test/sync"));
    assertNobody(ask("/v2/members"));
    assertNobody(ask("/v2"));
  }
}
