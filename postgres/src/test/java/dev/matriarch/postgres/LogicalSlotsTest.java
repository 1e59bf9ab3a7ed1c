package dev.matriarch.postgres;

import static dev.matriarch.postgres.Stable.LONG;
import static dev.matriarch.postgres.Stable.SHORT;
import static dev.matriarch.postgres.Stable.awaitCaughtUp;
import static dev.matriarch.postgres.Stable.one;
import static dev.matriarch.postgres.Stable.run;
import static dev.matriarch.postgres.Stable.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Logical slots that outlive their primary. */
@Tag("real")
class LogicalSlotsTest {
  private static final Slot.Logical FEED = new Slot.Logical("postgres", "test_decoding");
  private static final String CHANGES =
      "SELECT string_agg(data, ' ') FROM pg_logical_slot_get_changes('feed', NULL, NULL)";

  private final Stable stable = new Stable();

  @AfterEach
  void close() {
    stable.close();
  }

  private PostgresServer logicalPrimary() {
    PostgresServer one = stable.primary("one");
    one.apply(one.settings().withCommandLine(Map.of("wal_level", "logical")), SHORT);
    List<String> none = one.restart(new ServerRole.Primary(), LONG);
    assertThat(none).isEmpty();
    run(one, "CREATE TABLE public.t (n int)");
    one.createLogicalSlot("feed", FEED, SHORT);
    one.createLogicalSlot("feed", FEED, SHORT);
    return one;
  }

  private static Slot slot(PostgresServer server, String name) {
    return running(server).slots().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aCopiedSlotGoesOnWhereItsConsumerWas() {
    PostgresServer one = logicalPrimary();
    one.createPhysicalSlot("two", SHORT);
    PostgresServer two =
        stable.server(
            "two",
            Settings.defaults()
                .withCommandLine(Map.of("wal_level", "logical"))
                .withFile(
                    Map.of("hot_standby_feedback", "on", "wal_receiver_status_interval", "1")));
    two.cloneFrom(Stable.upstream(one, "two"), LONG);
    ServerRole role = new ServerRole.StandbyOf(Stable.upstream(one, "two").withSlot("two"));
    two.start(role, LONG);
    assertThat(running(two).slots()).isEmpty();
    run(one, "INSERT INTO public.t VALUES (1)");
    assertThat(one(one, CHANGES)).contains("n[integer]:1");
    run(one, "INSERT INTO public.t VALUES (2)");

    assertThatThrownBy(() -> two.copySlots(Stable.rewindSource(one), List.of("none"), role, LONG))
        .isInstanceOf(PostgresException.WrongState.class)
        .hasMessageContaining("no logical slots [none]");
    long pid = Stable.pid(two);
    two.copySlots(Stable.rewindSource(one), List.of("feed"), role, LONG);
    assertThat(Stable.pid(two)).isNotEqualTo(pid);
    assertThat(slot(two, "feed").logical()).isEqualTo(Optional.of(FEED));
    assertThat(two.unprovenSlots()).containsExactly("feed");
    Stable.await(
        "proof",
        () -> {
          two.proveSlots(Stable.rewindSource(one), "two", SHORT);
          return two.unprovenSlots().isEmpty();
        });

    run(one, "INSERT INTO public.t VALUES (3)");
    assertThat(one(one, CHANGES)).contains("n[integer]:2", "n[integer]:3");
    Lsn confirmed = slot(one, "feed").position().orElseThrow();
    awaitCaughtUp(two, one);
    two.advanceSlot(slot(two, "feed"), confirmed, SHORT);
    assertThat(slot(two, "feed").position()).contains(confirmed);
    Lsn beyond = Lsn.parse("FF/0");
    two.advanceSlot(slot(two, "feed"), beyond, SHORT);
    assertThat(slot(two, "feed").position().orElseThrow())
        .as("never past what is replayed")
        .isLessThanOrEqualTo(running(two).replayed().orElseThrow());

    run(one, "INSERT INTO public.t VALUES (4)");
    awaitCaughtUp(two, one);
    one.stop(StopMode.FAST, LONG);
    two.promote(SHORT);
    run(two, "INSERT INTO public.t VALUES (5)");
    assertThat(one(two, CHANGES))
        .contains("n[integer]:4", "n[integer]:5")
        .doesNotContain("n[integer]:3");
  }

  @Test
  void slotsOfAFormerPrimaryAreUnprovenAsAStandby() {
    PostgresServer one = logicalPrimary();
    one.createPhysicalSlot("of_no_catalog", SHORT);
    assertThat(one.unprovenSlots()).isEmpty();
    one.stop(StopMode.FAST, LONG);
    one.awaitGone(LONG);
    one.start(new ServerRole.Detached(), LONG);
    assertThat(one.unprovenSlots()).containsExactly("feed");
    one.dropSlot("feed", SHORT);
    assertThat(running(one).slots()).extracting(Slot::name).containsExactly("of_no_catalog");
  }
}
