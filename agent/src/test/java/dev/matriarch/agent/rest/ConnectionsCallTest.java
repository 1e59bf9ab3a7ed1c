package dev.matriarch.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ConnectionsCallTest {
  private static Answer post(Statuses from, String body) throws InterruptedException {
    AgentStatus.Source source =
        new AgentStatus.Source() {
          @Override
          public AgentStatus status() {
            return from.status();
          }

          @Override
          public String connections(String leader) throws IOException {
            if (leader.equals("mute")) {
              throw new IOException("the pooler does not answer");
            }
            return "{\"of\":\"" + leader + "\"}";
          }
        };
    return new Endpoints(source, new FakeRequests()).change("POST", "/connections", body);
  }

  @Test
  void theLeaderTellsOfItsOwn() throws Exception {
    String self = Statuses.primary().status().view().name();
    assertThat(post(Statuses.primary(), "{}"))
        .isEqualTo(Answer.json(200, "{\"of\":\"" + self + "\"}"));
    assertThat(post(Statuses.replica(), "{}").status()).isEqualTo(503);
    assertThat(post(Statuses.replica(), "{}").body()).contains("does not lead: ask the leader");
  }

  @Test
  void anybodyTellsAnotherLeaderOfItsPooler() throws Exception {
    assertThat(post(Statuses.replica(), "{\"leader\":\"a\"}"))
        .isEqualTo(Answer.json(200, "{\"of\":\"a\"}"));
    assertThat(post(Statuses.replica(), "{\"leader\":\"mute\"}"))
        .isEqualTo(Answer.text(503, "the pooler does not answer"));
  }

  @Test
  void whatIsNoObjectIsRefused() throws Exception {
    assertThat(post(Statuses.primary(), "[]").status()).isEqualTo(400);
    assertThat(post(Statuses.primary(), "").status()).isEqualTo(400);
  }
}
