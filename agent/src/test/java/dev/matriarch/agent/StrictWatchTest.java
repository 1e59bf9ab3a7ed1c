package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.Self;
import dev.matriarch.engine.Server;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.StandbyLink;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.View;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The line that the field's tools look for when strict mode has nobody to wait for. */
class StrictWatchTest {
  private static final Self SELF = Self.of("a", "postgres://a", "http://a", Instant.EPOCH);

  private final Logger logger = (Logger) LoggerFactory.getLogger(StrictWatch.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final StrictWatch watch = new StrictWatch();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(lines);
  }

  private void sees(Synchrony.Mode mode, boolean strict, Role role, String... streaming) {
    SortedMap<String, StandbyLink> links = new TreeMap<>();
    for (String name : streaming) {
      links.put(name, new StandbyLink(name, true, Lsn.ZERO, false));
    }
    Server server = Server.absent(Condition.RUNNING).toBuilder().role(role).standbys(links).build();
    Settings settings =
        Settings.DEFAULT.toBuilder().synchrony(new Synchrony(mode, strict, 1, -1)).build();
    watch.observe(View.atStart(SELF, settings).toBuilder().server(server).build());
  }

  @Test
  void isSaidOnceEachTimeAndOnlyInStrictMode() {
    sees(Synchrony.Mode.PRIORITY, false, Role.PRIMARY);
    sees(Synchrony.Mode.OFF, true, Role.PRIMARY);
    sees(Synchrony.Mode.PRIORITY, true, Role.STANDBY);
    sees(Synchrony.Mode.PRIORITY, true, Role.PRIMARY, "b");
    assertThat(lines.list).isEmpty();
    sees(Synchrony.Mode.QUORUM, true, Role.PRIMARY);
    sees(Synchrony.Mode.QUORUM, true, Role.PRIMARY);
    assertThat(lines.list)
        .singleElement()
        .asString()
        .isEqualTo(
            "[WARN] No active replication connections from Patroni members and"
                + " synchronous_mode_strict is requested");
    sees(Synchrony.Mode.QUORUM, true, Role.PRIMARY, "b");
    sees(Synchrony.Mode.QUORUM, true, Role.PRIMARY);
    assertThat(lines.list).as("once more").hasSize(2);
  }
}
