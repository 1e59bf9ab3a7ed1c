package dev.matriarch.agent.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Outcome;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a real PgBouncer; its databases need not exist for its console. */
@Tag("real")
@Timeout(60)
class PoolerConsoleTest {
  private static final Duration BUDGET = Duration.ofSeconds(5);

  private RealPooler pooler;
  private PoolerConsole console;

  @BeforeEach
  void start() throws IOException {
    pooler = new RealPooler();
    console = console("secret");
  }

  @AfterEach
  void stop() throws Exception {
    console.close();
    pooler.close();
  }

  private PoolerConsole console(String password) {
    return new PoolerConsole(pooler.config(password));
  }

  @Test
  void holdsClientsAndLetsThemGo() throws Exception {
    assertThat(console.resume(BUDGET)).isEqualTo(new Outcome.Done());
    assertThat(console.isHolding()).isFalse();
    assertThat(console.pause(BUDGET)).isEqualTo(new Outcome.Done());
    assertThat(console.isHolding()).isTrue();
    assertThat(console.pause(BUDGET)).isEqualTo(new Outcome.Done());
    assertThat(console.isHolding()).isTrue();
    assertThat(console.resume(BUDGET)).isEqualTo(new Outcome.Done());
    assertThat(console.isHolding()).isFalse();
    assertThat(console.resume(BUDGET)).isEqualTo(new Outcome.Done());
    assertThat(console.reload(BUDGET)).isEqualTo(new Outcome.Done());
  }

  /** What was opened ahead died with the one before. */
  @Test
  void holdsClientsOfAPoolerThatWasStartedAnew() throws Exception {
    console.prepare();
    pooler.startAnew();
    assertThat(console.pause(BUDGET)).isEqualTo(new Outcome.Done());
    assertThat(isPaused()).isTrue();
  }

  /** Only who resumes it is told: not before release 1.21 does it show that it is paused. */
  private boolean isPaused() throws IOException, InterruptedException {
    try (AdminSession session = AdminSession.open(pooler.config("secret"))) {
      return session.ask("RESUME", BUDGET).stream().noneMatch(line -> line.startsWith("ERROR"));
    }
  }

  /** They wait for what the agent does next, not for the PAUSE after it. */
  @Test
  void opensNothingAheadWhileClientsWait() throws Exception {
    try (AdminSession onlooker = AdminSession.open(pooler.config("secret"))) {
      console.prepare();
      long prepared = onlookers(onlooker);
      assertThat(console.pause(BUDGET)).isEqualTo(new Outcome.Done());
      long holding = onlookers(onlooker);
      console.prepare();
      assertThat(onlookers(onlooker)).isEqualTo(holding);
      assertThat(console.resume(BUDGET)).isEqualTo(new Outcome.Done());
      console.prepare();
      assertThat(onlookers(onlooker)).isGreaterThan(holding).isGreaterThan(prepared);
    }
  }

  private static long onlookers(AdminSession session) throws IOException, InterruptedException {
    return session.ask("SHOW CLIENTS", BUDGET).stream()
        .filter(line -> line.contains("pgbouncer"))
        .count();
  }

  @Test
  void holdsNobodyOnceItIsClosed() throws Exception {
    console.prepare();
    console.close();
    assertThat(console.hold(BUDGET)).isInstanceOf(Outcome.Failed.class);
    assertThat(isPaused()).isFalse();
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    assertThat(console("wrong").pause(BUDGET).toString())
        .contains("clients may be held")
        .contains("authentication failed");
    assertThat(console.pause(Duration.ZERO)).isInstanceOf(Outcome.Failed.class);
    pooler.kill();
    assertThat(console.reload(BUDGET)).isInstanceOf(Outcome.Failed.class);
  }
}
