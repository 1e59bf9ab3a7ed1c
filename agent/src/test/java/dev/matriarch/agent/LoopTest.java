package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Engine;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.FailsafeRecord;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Revocation;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.Self;
import dev.matriarch.engine.Server;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.StatusRecord;
import dev.matriarch.engine.SyncState;
import dev.matriarch.engine.Tags;
import dev.matriarch.engine.View;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What the loop tells of its decisions. */
@Timeout(30)
class LoopTest {
  private static final Instant START = Instant.EPOCH.plusSeconds(1000);
  private static final String LINE =
      "following a different leader because I am not allowed to promote";

  private final Logger logger = (Logger) LoggerFactory.getLogger(Loop.class);
  private final Level level = logger.getLevel();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private Instant now = START;
  private int left;

  @BeforeEach
  void listen() {
    logger.setLevel(Level.INFO);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(lines);
    logger.setLevel(level);
  }

  /** A standby that must not lead, in a cluster without a leader. */
  private static View view() {
    Self self =
        Self.of("a", "postgres://a", "http://a", Instant.EPOCH).toBuilder()
            .tags(Tags.NONE.toBuilder().nofailover(true).build())
            .build();
    ClusterState state =
        new ClusterState(
            1,
            new Leadership.Vacant(),
            new Initialization.Done("7"),
            new TreeMap<>(),
            Optional.empty(),
            SyncState.NONE,
            List.of(),
            StatusRecord.NONE,
            Optional.empty(),
            FailsafeRecord.NONE,
            Revocation.NONE);
    return View.atStart(self, Settings.DEFAULT).after(new Event.StoreRead(state), START).toBuilder()
        .server(
            Server.absent(Condition.RUNNING).toBuilder()
                .role(Role.STANDBY)
                .systemIdentifier("7")
                .build())
        .build();
  }

  /** How often the line is told in so many turns, a step of time apart. */
  private long told(int turns, Duration step) throws InterruptedException {
    left = turns;
    Loop[] loop = new Loop[1];
    loop[0] =
        new Loop(
            new Engine(),
            () -> now,
            view(),
            (before, event, at, made) -> {
              now = now.plus(step);
              left--;
              if (left > 0) {
                loop[0].put(new Event.Tick());
              } else {
                loop[0].end();
              }
            });
    loop[0].run(order -> {});
    return lines.list.stream()
        .filter(line -> line.getLevel() == Level.INFO)
        .filter(line -> line.getFormattedMessage().contains(LINE))
        .count();
  }

  @Test
  void whyNobodyLeadsIsToldInEachRound() throws InterruptedException {
    assertThat(told(10, Settings.DEFAULT.loopWait())).isGreaterThan(5);
  }

  @Test
  void tellsWhenItTurnedLast() throws InterruptedException {
    Loop[] loop = new Loop[1];
    loop[0] = new Loop(new Engine(), () -> now, view(), (before, event, at, made) -> loop[0].end());
    assertThat(loop[0].turnedAt()).isEqualTo(START);
    now = START.plusSeconds(5);
    loop[0].run(order -> {});
    assertThat(loop[0].turnedAt()).isEqualTo(now);
  }

  @Test
  void withinARoundItIsToldOnce() throws InterruptedException {
    assertThat(told(10, Duration.ofMillis(10))).isEqualTo(1);
  }
}
