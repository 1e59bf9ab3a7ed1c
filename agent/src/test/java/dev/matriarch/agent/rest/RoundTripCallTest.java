package dev.matriarch.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RoundTripCallTest {
  @Test
  void tellsWhatWasMeasuredToOneAtATime() {
    AtomicReference<Answer> second = new AtomicReference<>();
    AtomicReference<RoundTripCall> call = new AtomicReference<>();
    AgentStatus.Source source =
        new AgentStatus.Source() {
          @Override
          public AgentStatus status() {
            return Statuses.primary().status();
          }

          @Override
          public String roundTrips() {
            second.set(call.get().get(true));
            return "{\"etcd\":{}}";
          }
        };
    call.set(new RoundTripCall(source));
    assertThat(call.get().get(true)).isEqualTo(Answer.json(200, "{\"etcd\":{}}"));
    assertThat(second.get().status()).isEqualTo(503);
    assertThat(call.get().get(false)).isEqualTo(Answer.json(200, ""));
  }
}
