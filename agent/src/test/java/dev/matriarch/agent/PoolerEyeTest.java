package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.MatriarchConfig.MemberAddress;
import dev.matriarch.agent.routing.PoolerConsole;
import dev.matriarch.agent.routing.PoolerFile;
import dev.matriarch.agent.routing.RealPooler;
import dev.matriarch.engine.Pooler;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a real PgBouncer that has no clients, and sends them to another member. */
@Tag("real")
@Timeout(60)
class PoolerEyeTest {
  /** By then HAProxy without an agent has found the other member, and sends nobody here. */
  @Test
  void isUsedForAWhileAfterItCameToSendToAnother() throws Exception {
    try (RealPooler pooler = new RealPooler();
        PoolerConsole console = new PoolerConsole(pooler.config("secret"))) {
      PoolerFile file = new PoolerFile(pooler.config("secret"));
      assertThat(eye(console, file, Duration.ofHours(1)).look())
          .isEqualTo(Pooler.seen(false, "b", true));
      assertThat(eye(console, file, Duration.ZERO).look())
          .isEqualTo(Pooler.seen(false, "b", false));
    }
  }

  private static PoolerEye eye(PoolerConsole console, PoolerFile file, Duration overlap) {
    Map<String, MemberAddress> members =
        Map.of(
            "a", new MemberAddress("127.0.0.2", 1, 8008),
            "b", new MemberAddress("127.0.0.1", 1, 8008));
    return new PoolerEye(console, file, () -> members, () -> overlap, "a", event -> {});
  }
}
