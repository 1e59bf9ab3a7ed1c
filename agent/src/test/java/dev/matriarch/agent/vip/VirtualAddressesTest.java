package dev.matriarch.agent.vip;

import static dev.matriarch.agent.vip.VirtualAddresses.Course.HOLD;
import static dev.matriarch.agent.vip.VirtualAddresses.Course.LEAVE;
import static dev.matriarch.agent.vip.VirtualAddresses.Course.STAY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.VipConfig;
import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Lease;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.Self;
import dev.matriarch.engine.Server;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.StoreSight;
import dev.matriarch.engine.View;
import dev.matriarch.promises.Promise;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class VirtualAddressesTest {
  private static final VipConfig FOUR =
      new VipConfig(InetAddress.ofLiteral("10.10.10.2"), 24, "eth0");
  private static final VipConfig SIX = new VipConfig(InetAddress.ofLiteral("fd00::2"), 64, "eth1");
  private static final Outcome DONE = new Outcome.Done();
  private static final Instant NOW = FakeNetwork.START;

  private final FakeNetwork network = new FakeNetwork();
  private final VirtualAddresses addresses =
      new VirtualAddresses(List.of(FOUR, SIX), network, network::now);

  @AfterEach
  void close() {
    addresses.close();
  }

  /** The keeper's thread does it; nothing else of a test has to wait. */
  private static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private boolean held() {
    return network.has(FOUR) && network.has(SIX);
  }

  @Test
  void theLeaderHasThemForAsLongAsItsLease() {
    addresses.until(NOW, NOW.plusSeconds(20));
    addresses.follow(HOLD);
    until(this::held);
    network.pass(Duration.ofSeconds(10));
    addresses.until(NOW.plusSeconds(10), NOW.plusSeconds(30));
    until(() -> network.lifetimes.size() == 4);
    network.pass(Duration.ofSeconds(15));
    assertThat(held()).isTrue();
    network.pass(Duration.ofSeconds(10));
    assertThat(network.has(FOUR) || network.has(SIX)).isFalse();
  }

  @Test
  void nothingIsDoneBeforeAnythingIsKnown() {
    network.put(FOUR, NOW.plusSeconds(5));
    addresses.until(NOW, NOW.plusSeconds(20));
    addresses.follow(STAY);
    assertThat(addresses.shorten(NOW.plusSeconds(10))).isEqualTo(DONE);
    assertThat(network.lifetimes).isEmpty();
    assertThat(network.drops).isZero();
  }

  @Test
  void theyAreOffBeforeTheLeaseIsGivenUpAndStayOff() {
    addresses.until(NOW, NOW.plusSeconds(20));
    addresses.follow(HOLD);
    until(this::held);
    network.pass(Duration.ofSeconds(1));
    assertThat(addresses.release()).isEqualTo(DONE);
    assertThat(network.has(FOUR) || network.has(SIX)).isFalse();

    // A renewal that was under way, and a decision that did not know yet.
    addresses.until(NOW, NOW.plusSeconds(20));
    addresses.follow(HOLD);
    assertThat(addresses.shorten(NOW.plusSeconds(19))).isEqualTo(DONE);
    assertThat(network.has(FOUR) || network.has(SIX)).isFalse();

    addresses.until(network.now(), NOW.plusSeconds(21));
    until(this::held);
  }

  @Test
  void aShorterLeaseIsKnownToTheKernelAtOnce() {
    addresses.until(NOW, NOW.plusSeconds(20));
    addresses.follow(HOLD);
    until(this::held);
    assertThat(addresses.shorten(NOW.plusSeconds(5))).isEqualTo(DONE);
    assertThat(network.lifetimes.getLast()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void whoDoesNotLeadHasNone() {
    network.put(FOUR, NOW.plusSeconds(500));
    network.put(SIX, NOW.plusSeconds(500));
    addresses.follow(LEAVE);
    until(() -> !network.has(FOUR) && !network.has(SIX));
  }

  @Test
  @Promise("P158")
  void oneThatFailsDoesNotKeepTheOtherAndIsTriedAgain() {
    network.holding = new Outcome.Failed("ip: not permitted");
    addresses.until(NOW, NOW.plusSeconds(500));
    addresses.follow(HOLD);
    until(() -> network.lifetimes.size() >= 2);
    assertThat(addresses.standings()).allMatch(it -> !it.bound());
    network.holding = DONE;
    until(this::held);
  }

  @Test
  void membersThatAllWaitProlongTheLeasesEndOnly() {
    addresses.until(NOW, NOW.plusSeconds(20));
    addresses.follow(HOLD);
    until(this::held);
    addresses.spare(NOW, NOW.plusSeconds(15));
    addresses.spare(NOW, NOW.plusSeconds(40));
    until(() -> network.lifetimes.getLast().equals(Duration.ofSeconds(39)));
    assertThat(network.lifetimes).doesNotContain(Duration.ofSeconds(14));
  }

  // --- what a member's place means -----------------------------------------------------------

  private static View view(Role role, boolean leads, boolean known) {
    Self self = Self.of("a", "postgres://10.0.0.1:5432/postgres", "http://10.0.0.1:8008/", NOW);
    return View.atStart(self, Settings.DEFAULT).toBuilder()
        .store(
            new StoreSight(
                ClusterState.EMPTY, known, "", Optional.empty(), Optional.empty(), known))
        .lease(leads ? new Lease.Held(NOW, 5, Settings.DEFAULT.lease()) : new Lease.None())
        .server(Server.UNSEEN.toBuilder().condition(Server.Condition.RUNNING).role(role).build())
        .build();
  }

  @Test
  void theyComeWithTheFirstWriteAndGoWithTheLead() {
    assertThat(VirtualAddresses.Course.of(view(Role.PRIMARY, true, true), NOW)).isEqualTo(HOLD);
    assertThat(VirtualAddresses.Course.of(view(Role.STANDBY, true, true), NOW)).isEqualTo(STAY);
    assertThat(VirtualAddresses.Course.of(view(Role.STANDBY, false, true), NOW)).isEqualTo(LEAVE);
    assertThat(VirtualAddresses.Course.of(view(Role.PRIMARY, false, true), NOW)).isEqualTo(LEAVE);
    assertThat(VirtualAddresses.Course.of(view(Role.PRIMARY, false, false), NOW)).isEqualTo(STAY);
  }

  @Test
  void aSuccessorThatHasNotLookedAtItsServerLeavesThemAsTheyAre() {
    View blind = view(Role.PRIMARY, false, true).toBuilder().server(Server.UNSEEN).build();
    assertThat(VirtualAddresses.Course.of(blind, NOW)).isEqualTo(STAY);
  }
}
