package dev.matriarch.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.rest.Requests.Promised;
import dev.matriarch.engine.Effect.AnswerFailsafe.Reply;
import dev.matriarch.engine.FailsafeRecord;
import dev.matriarch.engine.Promise;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What {@code /failsafe} answers (drop-in contract, sections 6 and 13). */
class FailsafeCallsTest {
  private final FakeRequests requests = new FakeRequests();
  private final Statuses replica = Statuses.replica();

  private Endpoints endpoints() {
    Statuses now = replica;
    return new Endpoints(now::status, requests);
  }

  private Answer post(String body) throws InterruptedException {
    return endpoints().change("POST", "/failsafe", body);
  }

  @Test
  void theMembersThatWouldBeAskedAreTold() {
    assertThat(endpoints().read("/failsafe", "", true).status()).isEqualTo(502);
    replica.failsafe =
        new FailsafeRecord(4, new TreeMap<>(Map.of("a", "http://10.0.0.1:8008/patroni")));
    Answer answer = endpoints().read("/failsafe", "", true);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"a\":\"http://10.0.0.1:8008/patroni\"}");
  }

  @Test
  void aPromiseIsAnsweredInTheFieldsWords() throws InterruptedException {
    requests.promised.add(new Promised(Reply.ACCEPTED, "a is alive"));
    Answer yes =
        post("{\"name\":\"a\",\"conn_url\":\"x\",\"api_url\":\"y\",\"slots\":{\"a\":5000}}");
    assertThat(yes.status()).isEqualTo(200);
    assertThat(yes.body()).isEqualTo("Accepted");
    assertThat(yes.headers()).containsEntry("lsn", "5000");
    assertThat(requests.asked).containsExactly("wait for a PT30S {a=5000}");
  }

  @Test
  void aLeaderOfOursSaysForHowLong() throws InterruptedException {
    requests.promised.add(new Promised(Reply.REFUSED, "b is a running primary"));
    Answer no = post("{\"name\":\"a\",\"matriarch\":{\"lease_ms\":4000}}");
    assertThat(no.status()).isEqualTo(500);
    assertThat(no.body()).isEqualTo("b is a running primary");
    assertThat(requests.asked).containsExactly("wait for a PT4S {}");
  }

  @Test
  void whatIsNoQuestionIsRefusedAndTouchesNothing() throws InterruptedException {
    for (String body :
        new String[] {
          "",
          "[]",
          "{}",
          "{\"name\":\"\"}",
          "{\"name\":\"a\\nb\"}",
          "{\"name\":\"a\",\"slots\":{\"b\":\"far\"}}",
          "{\"name\":\"a\",\"matriarch\":{\"lease_ms\":-1}}",
          "{\"name\":\"a\",\"matriarch\":{\"lease_ms\":99999999999}}"
        }) {
      assertThat(post(body).status()).as(body).isEqualTo(400);
    }
    assertThat(requests.asked).isEmpty();
  }

  @Test
  void withoutAnAnswerOfTheEngineThereIsNone() throws InterruptedException {
    assertThat(post("{\"name\":\"a\"}").status()).isEqualTo(503);
    requests.promised.add(new Promised(Reply.OFF, "failsafe_mode is off"));
    assertThat(post("{\"name\":\"a\"}").status()).isEqualTo(502);
  }

  @Test
  void theStatusTellsThatAPromiseBinds() {
    assertThat(endpoints().read("/patroni", "", true).body())
        .doesNotContain("failsafe_mode_is_active");
    replica.promise = new Promise("a", Statuses.NOW, Statuses.NOW.plus(Duration.ofSeconds(3)));
    assertThat(endpoints().read("/patroni", "", true).body())
        .contains("\"failsafe_mode_is_active\":true");
  }
}
