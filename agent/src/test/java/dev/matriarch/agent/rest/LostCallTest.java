package dev.matriarch.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class LostCallTest {
  private interface Reader {
    String read() throws IOException;
  }

  private static Endpoints endpoints(Reader reader) {
    return new Endpoints(
        new AgentStatus.Source() {
          @Override
          public AgentStatus status() {
            return Statuses.primary().status();
          }

          @Override
          public String lost() throws IOException {
            return reader.read();
          }
        },
        new FakeRequests());
  }

  @Test
  void tellsTheLists() {
    Answer answer = endpoints(() -> "[{}]").read("/lost", "", true);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.contentType()).isEqualTo("application/json");
    assertThat(answer.body()).isEqualTo("[{}]");
    assertThat(endpoints(() -> "[{}]").read("/lost", "", false).body()).isEmpty();
  }

  @Test
  void aDiskThatCannotBeReadIsSaid() {
    Answer answer =
        endpoints(
                () -> {
                  throw new IOException("/x: Input/output error");
                })
            .read("/lost", "", true);
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).contains("/x: Input/output error");
  }
}
