package dev.matriarch.agent.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.matriarch.agent.config.MatriarchConfig.GuardConfig;
import dev.matriarch.agent.config.MatriarchConfig.GuardMode;
import dev.matriarch.engine.Outcome;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The kernel's side of the lease, in network namespaces of the tests' own. */
@Tag("root")
@Timeout(120)
final class KernelLeaseTest {
  private static final String ONE = "127.0.0.11";
  private static final String TWO = "127.0.0.12";
  private static final Outcome DONE = new Outcome.Done();
  private static final Duration LONG = Duration.ofMinutes(10);

  private final InstantSource clock =
      () -> Instant.EPOCH.plusNanos(System.nanoTime() - Long.MIN_VALUE / 2);
  private Netns net;

  @BeforeEach
  void enter() throws Exception {
    net = new Netns();
  }

  @AfterEach
  void leave() throws Exception {
    net.close();
  }

  /** What a test does inside. */
  private interface Steps {
    void run() throws Exception;
  }

  private void inside(Steps steps) throws Exception {
    net.call(
        () -> {
          steps.run();
          return true;
        });
  }

  private LeaseGuard guard(String instance, String address, Integer... ports) {
    LeaseGuard guard =
        new LeaseGuard(
            instance, new GuardConfig(GuardMode.REQUIRED, address, List.of(ports)), clock);
    assertThat(guard.objection()).isEmpty();
    assertThat(guard.isActive()).isTrue();
    return guard;
  }

  private Instant in(Duration time) {
    return clock.instant().plus(time);
  }

  /** P183, P185: a frozen agent renews nothing, and the kernel does the rest. */
  @Test
  @Promise("P183")
  void theDoorClosesByItselfAndStopsConnectionsThatExist() throws Exception {
    inside(
        () -> {
          try (Echo postgres = new Echo(ONE, 5432)) {
            LeaseGuard guard = guard("pg-test-1", ONE, 5432, 6432);
            Instant deadline = in(Duration.ofSeconds(2));
            assertThat(guard.arm(deadline)).isEqualTo(DONE);
            Socket session = postgres.connection();
            Instant lastAnswer = clock.instant();
            while (Echo.answers(session)) {
              lastAnswer = clock.instant();
              assertThat(lastAnswer).isBefore(deadline);
            }
            assertThat(postgres.letsIn()).isFalse();

            // What was written behind the closed door arrives once it is open: nothing was reset.
            assertThat(guard.arm(in(LONG))).isEqualTo(DONE);
            assertThat(Echo.heard(session, Duration.ofSeconds(30))).isEqualTo(7);
            assertThat(postgres.letsIn()).isTrue();
          }
        });
  }

  @Test
  void aDeadlineThatHasPassedClosesNowAndAStandbyIsOpen() throws Exception {
    inside(
        () -> {
          try (Echo postgres = new Echo(ONE, 5432);
              Echo pooler = new Echo(ONE, 6432)) {
            LeaseGuard guard = guard("pg-test-1", ONE, 5432, 6432);
            assertThat(guard.arm(in(LONG))).isEqualTo(DONE);
            assertThat(postgres.letsIn()).isTrue();
            assertThat(pooler.letsIn()).isTrue();
            Socket session = postgres.connection();

            assertThat(guard.arm(in(Duration.ofSeconds(-1)))).isEqualTo(DONE);
            assertThat(Echo.answers(session)).isFalse();
            assertThat(postgres.letsIn()).isFalse();
            assertThat(pooler.letsIn()).isFalse();

            assertThat(guard.disarm()).isEqualTo(DONE);
            assertThat(postgres.letsIn()).isTrue();
            assertThat(Echo.heard(session, Duration.ofSeconds(30))).isEqualTo(7);
            assertThat(guard.disarm()).isEqualTo(DONE);
            assertThat(guard.arm(in(Duration.ofSeconds(-1)))).isEqualTo(DONE);
            assertThat(postgres.letsIn()).as("an open door closes at once").isFalse();
            assertThat(guard.remove()).isEqualTo(DONE);
            assertThat(postgres.letsIn()).isTrue();
            assertThat(guard.remove()).isEqualTo(DONE);
            assertThat(Netns.command("nft", "list", "tables")).doesNotContain("pg-test");
          }
        });
  }

  @Test
  void instancesAndPortsOfOneHostAreIndependent() throws Exception {
    inside(
        () -> {
          try (Echo one = new Echo(ONE, 5432);
              Echo two = new Echo(TWO, 5432);
              Echo agent = new Echo(ONE, 8008)) {
            LeaseGuard first = guard("pg-test-1", ONE, 5432);
            LeaseGuard second = guard("pg-test-2", TWO, 5432);
            first.arm(in(Duration.ofSeconds(-1)));
            assertThat(one.letsIn()).isFalse();
            assertThat(two.letsIn()).isTrue();
            assertThat(agent.letsIn()).isTrue();

            second.arm(in(LONG));
            assertThat(one.letsIn()).isFalse();
            assertThat(two.letsIn()).isTrue();

            second.arm(in(Duration.ofSeconds(-1)));
            first.disarm();
            assertThat(one.letsIn()).isTrue();
            assertThat(two.letsIn()).isFalse();
          }
        });
  }

  @Test
  void guardsIpVersionSixAndAllAddressesToo() throws Exception {
    inside(
        () -> {
          try (Echo six = new Echo("::1", 5432);
              Echo four = new Echo(TWO, 6432)) {
            guard("pg-six", "::1", 5432).arm(in(Duration.ofSeconds(-1)));
            assertThat(six.letsIn()).isFalse();
            assertThat(four.letsIn()).isTrue();
            guard("pg-all", "0.0.0.0", 6432).arm(in(Duration.ofSeconds(-1)));
            assertThat(four.letsIn()).isFalse();
          }
        });
  }

  /** What an agent that died left is taken over; what a firewall's reload took away comes back. */
  @Test
  void aNewAgentTakesTheDoorOver() throws Exception {
    inside(
        () -> {
          try (Echo postgres = new Echo(ONE, 5432);
              Echo pooler = new Echo(ONE, 6432)) {
            guard("pg-test-1", ONE, 5432).arm(in(LONG));
            LeaseGuard next = guard("pg-test-1", ONE, 5432, 6432);
            assertThat(next.arm(in(LONG))).isEqualTo(DONE);
            assertThat(postgres.letsIn()).isTrue();
            assertThat(pooler.letsIn()).isTrue();

            Netns.command("nft", "flush", "ruleset");
            assertThat(next.arm(in(LONG))).isEqualTo(DONE);
            Netns.command("nft", "flush", "set", "inet", "matriarch_pg-test-1", "open");
            assertThat(postgres.letsIn()).isFalse();
            assertThat(pooler.letsIn()).isFalse();
          }
        });
  }

  /** An order that was written before the agent froze reaches the kernel after it thawed. */
  @Test
  void anOrderFromBeforeTheDoorClosedDoesNotOpenIt() throws Exception {
    inside(
        () -> {
          try (Echo postgres = new Echo(ONE, 5432)) {
            LeaseGuard guard = guard("pg-test-1", ONE, 5432);
            guard.arm(in(LONG));
            Door door =
                new Door(Door.table("pg-test-1"), InetAddress.ofLiteral(ONE), List.of(5432));
            String order = door.prolonged(LONG);
            Nft nft = Nft.find("").orElseThrow();
            assertThat(nft.run(() -> order, LONG)).isEqualTo(new Nft.Answer.Taken());

            Socket session = postgres.connection();
            guard.arm(in(Duration.ofMillis(400)));
            boolean open = true;
            while (open) {
              open = Echo.answers(session);
            }
            assertThat(nft.run(() -> order, LONG)).isInstanceOf(Nft.Answer.Rejected.class);
            assertThat(postgres.letsIn()).isFalse();
          }
        });
  }

  /** Says what an agent of this user would say. */
  static final class Asker {
    private Asker() {}

    public static void main(String[] args) {
      GuardConfig config = new GuardConfig(GuardMode.AUTO, ONE, List.of(5432));
      LeaseGuard guard = new LeaseGuard("pg-test-1", config, InstantSource.system());
      System.out.println(guard.objection().orElse("active") + " " + guard.isActive());
    }
  }

  /** The agent runs as postgres and has nothing but the right to change packet filters. */
  @Test
  void needsOneRightOnlyAndSaysSoWithoutIt() throws Exception {
    List<String> user = List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups");
    List<String> privileged =
        List.of(join(user, List.of("--inh-caps=+net_admin", "--ambient-caps=+net_admin")));
    List<String> asker =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Asker.class.getName());
    String here = Path.of("").toAbsolutePath().toString();
    assumeTrue(succeeds(join(user, List.of("test", "-r", here))), here + " is not for all");
    inside(
        () -> {
          assertThat(Netns.command(join(user, asker)))
              .contains("not permitted", "CAP_NET_ADMIN", "false");
          assertThat(Netns.command(join(privileged, asker))).isEqualTo("active true\n");
        });
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      Netns.command(command);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String[] join(List<String> one, List<String> other) {
    return Stream.concat(one.stream(), other.stream()).toArray(String[]::new);
  }
}
