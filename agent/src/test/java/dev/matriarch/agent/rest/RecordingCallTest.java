package dev.matriarch.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.HostPort;
import dev.matriarch.agent.config.RestConfig;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RecordingCallTest {
  private static AgentStatus.Source telling(Reader reader) {
    return new AgentStatus.Source() {
      @Override
      public AgentStatus status() {
        return Statuses.primary().status();
      }

      @Override
      public String recording(Instant since, Instant until) throws IOException {
        return reader.read(since, until);
      }
    };
  }

  private interface Reader {
    String read(Instant since, Instant until) throws IOException;
  }

  private static Endpoints endpoints(Reader reader) {
    return new Endpoints(telling(reader), new FakeRequests());
  }

  @Test
  @Promise("P216")
  void tellsASpanOfTime() {
    Endpoints endpoints = endpoints((since, until) -> since + " " + until);
    Answer some =
        endpoints.read("/recording", "since=2026-11-26T04:00:00Z&until=2026-11-26T05:00:00Z", true);
    assertThat(some.status()).isEqualTo(200);
    assertThat(some.contentType()).isEqualTo("application/x-ndjson");
    assertThat(some.body()).isEqualTo("2026-11-26T04:00:00Z 2026-11-26T05:00:00Z");
    assertThat(endpoints.read("/recording", "", true).body())
        .isEqualTo(Instant.EPOCH + " " + Instant.MAX);
    assertThat(endpoints.read("/recording", "", false).body()).isEmpty();
  }

  @Test
  void whatIsNoTimeIsRefused() {
    Answer answer = endpoints((since, until) -> "").read("/recording", "since=yesterday", true);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).startsWith("since and until are times such as");
  }

  @Test
  void aDiskThatCannotBeReadIsSaid() {
    Answer answer =
        endpoints(
                (since, until) -> {
                  throw new IOException("it hangs");
                })
            .read("/recording", "", true);
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).isEqualTo("the recording cannot be read: it hangs");
  }

  @Test
  void oneAtATimeAndTheOthersAreToldSo() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    AgentStatus.Source source =
        telling(
            (since, until) -> {
              reading.countDown();
              try {
                done.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              return "all";
            });
    HostPort any = new HostPort("127.0.0.1", 0);
    RestConfig config = new RestConfig(any, any, Optional.empty(), Optional.empty());
    try (RestServer server = RestServer.start(config, source, new FakeRequests());
        HttpClient client = HttpClient.newHttpClient()) {
      var first = client.sendAsync(get(server, "/recording"), BodyHandlers.ofString());
      reading.await();
      assertThat(client.send(get(server, "/recording"), BodyHandlers.ofString()).statusCode())
          .isEqualTo(503);
      assertThat(client.send(get(server, "/primary"), BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
      done.countDown();
      assertThat(first.get().body()).isEqualTo("all");
      assertThat(client.send(get(server, "/recording"), BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  private static HttpRequest get(RestServer server, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build();
  }
}
