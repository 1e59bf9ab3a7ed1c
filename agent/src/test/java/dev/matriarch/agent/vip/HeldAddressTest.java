package dev.matriarch.agent.vip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.VipConfig;
import dev.matriarch.engine.Outcome;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class HeldAddressTest {
  private static final VipConfig VIP =
      new VipConfig(InetAddress.ofLiteral("10.10.10.2"), 24, VipConfig.AUTO);
  private static final Outcome DONE = new Outcome.Done();

  private final FakeNetwork network = new FakeNetwork();
  private final HeldAddress address = new HeldAddress(VIP, network, network::now);

  private static Instant after(long millis) {
    return FakeNetwork.START.plusMillis(millis);
  }

  @Test
  void itsTimeIsUpBeforeTheLeasesIs() {
    assertThat(address.hold(after(19_400))).isEqualTo(DONE);
    assertThat(network.lifetimes).containsExactly(Duration.ofSeconds(18));
  }

  @Test
  void anOrderThatReachesTheKernelLateIsGivenAgainWithWhatIsLeft() {
    network.delay = Duration.ofMillis(700);
    address.hold(after(10_500));
    assertThat(network.lifetimes.stream().map(Duration::toSeconds))
        .containsExactly(10L, 9L, 8L, 7L);
    assertThat(network.now().plusSeconds(7).plusMillis(500)).isBeforeOrEqualTo(after(10_500));
  }

  @Test
  void aRestTooShortForTheKernelIsNotPutOn() {
    assertThat(address.hold(after(1_400))).isEqualTo(DONE);
    assertThat(network.lifetimes).isEmpty();
  }

  @Test
  void anAddressIsAnnouncedAtOnceAndUntilWhoLedBeforeHasLostIt() {
    address.hold(after(3_600));
    for (int i = 0; i < 20; i++) {
      network.pass(Duration.ofMillis(500));
      address.hold(after(3_600));
    }
    assertThat(network.announced)
        .containsExactly(after(0), after(1000), after(2000), after(3000), after(4000));
    assertThat(address.isAnnouncing()).isFalse();
  }

  @Test
  void whatASuccessorFindsIsProlongedWithoutAWord() {
    network.put(VIP, after(2_000));
    address.hold(after(9_000));
    assertThat(network.announced).isEmpty();
    network.pass(Duration.ofSeconds(5));
    assertThat(network.has(VIP)).isTrue();
  }

  @Test
  void anAddressThatRanOutIsAnnouncedWhenItComesBack() {
    address.hold(after(3_600));
    network.pass(Duration.ofSeconds(60));
    assertThat(network.has(VIP)).isFalse();
    network.announced.clear();
    address.hold(after(63_600));
    assertThat(network.announced).hasSize(1);
  }

  @Test
  void aLinkThatComesBackIsToldTheAddressAnew() {
    network.linked = false;
    address.hold(after(4_000));
    assertThat(address.standing().trouble()).isEqualTo("eth0 has no link");
    network.pass(Duration.ofSeconds(30));
    network.put(VIP, after(60_000));
    address.hold(after(35_000));
    network.announced.clear();
    network.linked = true;
    address.hold(after(36_000));
    assertThat(network.announced).hasSize(1);
    assertThat(address.standing().trouble()).isEmpty();
  }

  @Test
  void itIsTakenOffOnceEvenIfAnotherAgentPutItOn() {
    network.put(VIP, after(60_000));
    assertThat(address.leave()).isEqualTo(DONE);
    assertThat(address.leave()).isEqualTo(DONE);
    assertThat(network.has(VIP)).isFalse();
    assertThat(network.drops).isEqualTo(1);
  }

  static Stream<Outcome> failures() {
    return Stream.of(
        new Outcome.Failed("ip: not permitted"),
        new Outcome.Unknown("ip: no answer within 500 ms"),
        new Outcome.Refused("no"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatCannotBePutOnIsTriedAgain(Outcome failure) {
    network.holding = failure;
    assertThat(address.hold(after(9_000))).isEqualTo(failure);
    assertThat(address.standing().trouble()).startsWith("cannot be put on: ");
    network.holding = DONE;
    assertThat(address.hold(after(9_000))).isEqualTo(DONE);
    assertThat(network.has(VIP)).isTrue();
    assertThat(address.standing().trouble()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatCannotBeTakenOffIsTriedAgain(Outcome failure) {
    network.put(VIP, after(60_000));
    network.dropping = failure;
    assertThat(address.leave()).isEqualTo(failure);
    assertThat(address.standing().trouble()).startsWith("cannot be taken off");
    network.dropping = DONE;
    assertThat(address.leave()).isEqualTo(DONE);
    assertThat(network.has(VIP)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whoCannotAnnounceItHoldsItAllTheSame(Outcome failure) {
    network.announcing = failure;
    assertThat(address.hold(after(9_000))).isEqualTo(DONE);
    assertThat(network.has(VIP)).isTrue();
    assertThat(address.standing().trouble()).startsWith("cannot be announced");
    assertThat(address.isAnnouncing()).isFalse();
  }
}
