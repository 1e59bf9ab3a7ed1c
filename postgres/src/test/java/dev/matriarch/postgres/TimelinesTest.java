package dev.matriarch.postgres;

import static dev.matriarch.postgres.Stable.LONG;
import static dev.matriarch.postgres.Stable.SHORT;
import static dev.matriarch.postgres.Stable.awaitCaughtUp;
import static dev.matriarch.postgres.Stable.one;
import static dev.matriarch.postgres.Stable.rewindSource;
import static dev.matriarch.postgres.Stable.run;
import static dev.matriarch.postgres.Stable.running;
import static dev.matriarch.postgres.Stable.upstream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.promises.Promise;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which number a timeline gets, and whether a standby is still on the way that its source went. */
@Tag("real")
class TimelinesTest {
  private final Stable stable = new Stable();

  @AfterEach
  void close() {
    stable.close();
  }

  private static void backTo(PostgresServer source, PostgresServer server, String name) {
    server.stop(StopMode.FAST, LONG);
    server.awaitGone(LONG);
    server.rewind(rewindSource(source), LONG);
    server.start(new ServerRole.StandbyOf(upstream(source, name)), LONG);
    awaitCaughtUp(server, source);
  }

  /** A standby cluster that led itself on timeline 2, went back to 1, and leads itself again. */
  @Test
  @Promise("P198")
  void aNumberThatWasGivenUpIsNotTakenAgain() {
    PostgresServer one = stable.primary("one");
    PostgresServer two = stable.standby("two", one);
    PostgresServer three = stable.standby("three", one);
    awaitCaughtUp(three, one);
    two.promote(SHORT);
    run(two, "CREATE TABLE public.tried (n int)");
    backTo(one, two, "two");
    assertThat(two.timelineHistory(2)).as("nothing here tells of it any more").isEmpty();

    one.stop(StopMode.FAST, LONG);
    two.promote(2, () -> {}, SHORT);
    assertThat(running(two).timeline()).isEqualTo(3);
    assertThat(two.timelineHistory(3).orElseThrow().switchFrom(1)).isPresent();

    three.follow(upstream(two, "three"), SHORT);
    run(two, "CREATE TABLE public.led (n int)");
    awaitCaughtUp(three, two);
    assertThat(running(three).timeline()).isEqualTo(3);
    one.awaitGone(LONG);
    one.rewind(rewindSource(two), LONG);
    one.start(new ServerRole.StandbyOf(upstream(two, "one")), LONG);
    awaitCaughtUp(one, two);
    PostgresServer four = stable.standby("four", two);
    awaitCaughtUp(four, two);
    three.restart(new ServerRole.StandbyOf(upstream(two, "three")), LONG);
    awaitCaughtUp(three, two);
    assertThat(one(three, "SELECT count(*) FROM public.led")).isEqualTo("0");

    three.promote(SHORT);
    assertThat(running(three).timeline()).as("from there it counts on").isEqualTo(4);
  }

  /** PostgreSQL would not start: it would take the number for the timeline to go to. */
  @Test
  void aPromotionThatCameToNothingLeavesNothingInTheWay() {
    PostgresServer one = stable.primary("one");
    PostgresServer two = stable.standby("two", one);
    awaitCaughtUp(two, one);
    Path reserved = two.spec().dataDir().resolve("pg_wal").resolve("00000002.history");
    new ServerParts(two.spec(), two.settings()).leftOut().reserve(3);
    assertThat(reserved).exists();
    run(one, "CREATE TABLE public.more (n int)");
    awaitCaughtUp(two, one);
    two.restart(new ServerRole.StandbyOf(upstream(one, "two")), LONG);
    assertThat(Files.exists(reserved)).isFalse();
    awaitCaughtUp(two, one);
    new ServerParts(two.spec(), two.settings()).leftOut().reserve(3);
    two.follow(upstream(one, "two"), SHORT);
    assertThat(Files.exists(reserved)).isFalse();
  }

  /** The source's standby was promoted, and had received less than this one. */
  @Test
  @Promise("P193")
  void aStandbyThatWasSentMoreThanTheNextPrimaryHas() {
    PostgresServer one = stable.primary("one");
    PostgresServer two = stable.standby("two", one);
    PostgresServer three = stable.standby("three", one);
    awaitCaughtUp(two, one);
    awaitCaughtUp(three, one);
    two.requireOnPathOf(upstream(one, "two"), 0, SHORT);
    three.promote(SHORT);
    two.requireOnPathOf(upstream(three, "two"), 0, SHORT);
    run(one, "CREATE TABLE public.sent_to_two_alone (n int)");
    awaitCaughtUp(two, one);
    assertThatThrownBy(() -> two.requireOnPathOf(upstream(three, "two"), 0, SHORT))
        .isInstanceOf(PostgresException.Diverged.class)
        .hasMessageContaining("on timeline 1 that 127.0.0.1:" + three.spec().port());

    backTo(three, two, "two");
    two.requireOnPathOf(upstream(three, "two"), 0, SHORT);
    run(three, "CREATE TABLE public.next (n int)");
    awaitCaughtUp(two, three);
    assertThat(running(two).timeline()).isEqualTo(2);
    assertThatThrownBy(() -> two.requireOnPathOf(upstream(one, "two"), 0, SHORT))
        .as("timeline 2 is not the former primary's")
        .isInstanceOf(PostgresException.Diverged.class);
    one.stop(StopMode.FAST, LONG);
    assertThatThrownBy(() -> two.requireOnPathOf(upstream(one, "two"), 0, SHORT))
        .isInstanceOf(PostgresException.UpstreamUnreachable.class);
  }
}
