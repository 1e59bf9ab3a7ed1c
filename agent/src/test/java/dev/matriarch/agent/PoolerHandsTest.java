package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.routing.PoolerConsole;
import dev.matriarch.agent.routing.PoolerFile;
import dev.matriarch.agent.routing.RealPooler;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Pooler;
import dev.matriarch.engine.Server;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients are let wait when their server has ended, before the engine has been asked. */
@Tag("real")
@Timeout(60)
class PoolerHandsTest {
  private static final Duration BUDGET = Duration.ofSeconds(5);
  private static final Event DOWN = new Event.ServerSeen(Server.UNSEEN);
  private static final Event FLOWING = new Event.PoolerSeen(Pooler.seen(false, "", false));
  private static final Event HELD = new Event.PoolerSeen(Pooler.seen(true, "", false));

  private final List<Event> told = new CopyOnWriteArrayList<>();
  private RealPooler pooler;
  private PoolerConsole console;
  private PoolerFile file;
  private PoolerHands.Local hands;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    pooler = new RealPooler();
    console = new PoolerConsole(pooler.config("secret"));
    file = new PoolerFile(pooler.config("secret"));
    PoolerEye eye = new PoolerEye(console, file, Map::of, () -> Duration.ZERO, "m1", told::add);
    hands =
        new PoolerHands.Local(
            console,
            file,
            eye,
            pooler.config("secret").socketDir(),
            "m1",
            Map::of,
            new ReentrantLock());
    eye.look();
  }

  @AfterEach
  void stop() throws IOException {
    hands.close();
    pooler.close();
  }

  private void serverEnds() {
    hands.holdAtOnce(Thread.ofVirtual().start(() -> told.add(DOWN)));
  }

  /** The other way round it would let them go on, with a server that it takes for running. */
  @Test
  @Promise("P111")
  void theEngineHearsOfTheServerBeforeItHearsThatClientsWait() {
    serverEnds();
    assertThat(told).containsExactly(FLOWING, DOWN, HELD);
  }

  @Test
  void whomTheEngineHoldsAlreadyIsNotHeldAgain() throws Exception {
    file.markHeld();
    serverEnds();
    assertThat(console.resume(BUDGET)).isEqualTo(new Outcome.Done());
    assertThat(told).doesNotContain(HELD);
  }

  @Test
  void anOrderThatIsCarriedOutIsNotDisturbed() throws Exception {
    Thread other = Thread.ofPlatform().unstarted(this::serverEnds);
    hands.turn().lock();
    try {
      other.start();
      other.join();
    } finally {
      hands.turn().unlock();
    }
    assertThat(told).doesNotContain(HELD);
    assertThat(file.isMarkedHeld()).isFalse();
  }
}
