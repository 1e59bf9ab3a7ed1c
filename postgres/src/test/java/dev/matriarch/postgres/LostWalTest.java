package dev.matriarch.postgres;

import static dev.matriarch.postgres.Stable.LONG;
import static dev.matriarch.postgres.Stable.SHORT;
import static dev.matriarch.postgres.Stable.awaitCaughtUp;
import static dev.matriarch.postgres.Stable.one;
import static dev.matriarch.postgres.Stable.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two real servers part, and what the one has beyond the other is listed before it is undone. */
@Tag("real")
class LostWalTest {
  private final Stable stable = new Stable();
  private PostgresServer one;
  private PostgresServer two;

  @BeforeEach
  void both() {
    one = stable.primary("one");
    run(one, "CREATE TABLE public.kept (n int)");
    run(one, "CREATE TABLE public.orders (n int primary key, what text)");
    run(one, "INSERT INTO public.orders VALUES (1, 'before')");
    two = stable.standby("two", one);
    awaitCaughtUp(two, one);
  }

  @AfterEach
  void close() {
    stable.close();
  }

  /** From here on only the one knows what is written to it. */
  private Lsn part() {
    Lsn parted = two.unfollow(SHORT);
    assertThat(parted).isNotEqualTo(Lsn.ZERO);
    return parted;
  }

  private void crash() {
    Lsn none = one.stop(StopMode.IMMEDIATE, SHORT);
    one.awaitGone(LONG);
    two.promote(SHORT);
    assertThat(none).isNotNull();
  }

  private LostWork list(List<Path> kept) {
    return one.lost(Stable.upstream(two, "one"), false, kept::addAll, LONG);
  }

  private void comeBack() {
    Upstream leader = Stable.upstream(two, "one");
    one.startUndiverged(new ServerRole.StandbyOf(leader), leader, LONG, LONG);
  }

  @Test
  void whoHasNothingOfItsOwnMayFollowAsItIs() {
    crash();
    comeBack();
    run(two, "INSERT INTO public.kept VALUES (7)");
    awaitCaughtUp(one, two);
  }

  @Test
  void whoHasSomethingOfItsOwnIsTold() {
    part();
    run(one, "INSERT INTO public.kept VALUES (7)");
    crash();
    assertThatThrownBy(this::comeBack)
        .isInstanceOf(PostgresException.Diverged.class)
        .hasMessageContaining("has WAL of timeline 1 from")
        .hasMessageContaining("that " + Stable.upstream(two, "one").address() + " does not have");
    assertThat(one.control().orElseThrow().state().clean()).as("it was not touched").isFalse();
  }

  @Test
  @Promise("P198")
  void lostTransactionsAreListedWithTheirTables() throws SQLException {
    one.checkpoint(SHORT);
    part();
    String xid = one(one, "SELECT pg_current_xact_id()");
    run(one, "INSERT INTO public.orders SELECT g, 'lost' FROM generate_series(2, 11) g");
    run(one, "UPDATE public.orders SET what = 'changed' WHERE n < 3");
    run(one, "CREATE TABLE public.\"Made Later\" (n int)");
    run(one, "INSERT INTO public.\"Made Later\" VALUES (1)");
    run(one, "CREATE DATABASE shop");
    inShop("CREATE TABLE public.basket (n int)");
    inShop("INSERT INTO public.basket VALUES (1), (2)");
    one.proveCommit(SHORT);
    run(one, "DELETE FROM public.kept WHERE false");
    crash();
    run(two, "CREATE TABLE public.stranger (n int)");

    List<Path> kept = new ArrayList<>();
    LostWork lost = list(kept);
    assertThat(lost.gaps()).isEmpty();
    assertThat(lost.timeline()).isEqualTo(1);
    assertThat(lost.from())
        .isEqualTo(two.timelineHistory(2).orElseThrow().switchFrom(1).orElseThrow());
    assertThat(lost.bytes()).isPositive();
    assertThat(lost.tables())
        .extracting(LostWork.Table::label)
        .containsExactlyInAnyOrder(
            "postgres.public.orders", "postgres.public.\"Made Later\"", "shop.public.basket");
    LostWork.Table orders =
        lost.tables().stream().filter(it -> it.name().equals("public.orders")).findFirst().get();
    assertThat(orders.inserted()).isEqualTo(10);
    assertThat(orders.updated()).isEqualTo(2);
    assertThat(orders.transactions()).isEqualTo(2);
    assertThat(lost.first())
        .filteredOn(it -> it.tables().contains("postgres.public.orders"))
        .hasSize(2)
        .allSatisfy(it -> assertThat(it.xid()).isGreaterThan(Long.parseLong(xid)))
        .allSatisfy(
            it ->
                assertThat(Duration.between(it.committed(), java.time.Instant.now()))
                    .isBetween(Duration.ZERO, Duration.ofMinutes(5)));
    assertThat(kept)
        .isNotEmpty()
        .allSatisfy(file -> assertThat(file.toString()).contains("pg_wal"));

    one.rewind(Stable.rewindSource(two), LONG);
    List<String> none = one.start(new ServerRole.StandbyOf(Stable.upstream(two, "one")), LONG);
    assertThat(none).isEmpty();
    awaitCaughtUp(one, two);
    assertThat(one(one, "SELECT count(*) FROM public.orders")).isEqualTo("1");
  }

  private void inShop(String statement) throws SQLException {
    Deadline deadline = Deadline.in(SHORT);
    try (Session session = Session.local(one.spec(), "shop", deadline)) {
      assertThat(session.command(deadline, statement)).isNotNull();
    }
  }

  @Test
  void aTransactionThatBeganBeforeIsToldWithAllThatItDid() throws SQLException {
    Deadline deadline = Deadline.in(SHORT);
    try (Session session = Session.local(one.spec(), deadline)) {
      assertThat(session.command(deadline, "BEGIN")).isEmpty();
      assertThat(session.command(deadline, "INSERT INTO public.kept VALUES (1)")).isEmpty();
      run(one, "INSERT INTO public.orders VALUES (2, 'arrives')");
      awaitCaughtUp(two, one);
      part();
      assertThat(session.command(deadline, "COMMIT")).isEmpty();
    }
    crash();
    LostWork lost = list(new ArrayList<>());
    assertThat(lost.transactions()).isEqualTo(1);
    assertThat(lost.tables())
        .extracting(LostWork.Table::label)
        .containsExactly("postgres.public.kept");
  }

  @Test
  void aPlannedSwitchLosesNothing() {
    Lsn end = one.stop(StopMode.FAST, LONG);
    one.awaitGone(LONG);
    Stable.await("replay", () -> Stable.running(two).replayed().orElseThrow().reached(end));
    two.promote(SHORT);
    List<Path> kept = new ArrayList<>();
    LostWork lost = list(kept);
    assertThat(lost.isNothing()).as(lost.toString()).isTrue();
    assertThat(lost.transactions()).isZero();
    assertThat(kept).isEmpty();
  }

  @Test
  void wornOutBudgetsAndTornOrMissingWalAreTold() throws IOException {
    part();
    run(one, "INSERT INTO public.orders SELECT g, 'lost' FROM generate_series(2, 200000) g");
    run(one, "INSERT INTO public.kept VALUES (1)");
    Lsn none = one.stop(StopMode.IMMEDIATE, SHORT);
    assertThat(none).isNotNull();
    one.awaitGone(LONG);
    two.promote(SHORT);

    LostWork hasty = one.lost(Stable.upstream(two, "one"), false, _ -> {}, Duration.ofMillis(150));
    assertThat(hasty.gaps()).anyMatch(gap -> gap.startsWith("not completely listed"));

    List<Path> held = new ArrayList<>();
    LostWork whole = list(held);
    assertThat(whole.gaps()).isEmpty();
    assertThat(whole.transactions()).isEqualTo(2);
    assertThat(held).hasSizeGreaterThan(2);
  }

  @Test
  void aTornEndIsNormalAndAMissingBeginningIsTold() throws IOException {
    part();
    run(one, "INSERT INTO public.orders SELECT g, 'lost' FROM generate_series(2, 100000) g");
    run(one, "INSERT INTO public.kept VALUES (1)");
    Lsn end = Stable.running(one).written().orElseThrow();
    run(one, "INSERT INTO public.kept VALUES (2)");
    crash();
    long size = 4L << 20;
    Path last =
        one.spec().dataDir().resolve("pg_wal/%08X%08X%08X".formatted(1, 0, end.value() / size));
    try (var file = Files.newByteChannel(last, StandardOpenOption.WRITE)) {
      file.position(end.value() % size + 30);
      assertThat(file.write(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6}))).isEqualTo(6);
    }
    Path parted =
        one.spec()
            .dataDir()
            .resolve(
                "pg_wal/%08X%08X%08X"
                    .formatted(
                        1,
                        0,
                        two.timelineHistory(2).orElseThrow().switchFrom(1).orElseThrow().value()
                            / size));
    LostWork torn = list(new ArrayList<>());
    assertThat(torn.gaps()).noneMatch(gap -> gap.contains("cannot be read"));
    assertThat(torn.to()).isEqualTo(end);
    assertThat(torn.transactions()).isEqualTo(2);
    Files.deleteIfExists(parted);
    LostWork beheaded = list(new ArrayList<>());
    assertThat(beheaded.gaps()).anyMatch(gap -> gap.contains("is gone"));
  }

  @Test
  void aStandbyThatWentTheOtherWayIsToldByNumbers() {
    PostgresServer three = stable.standby("three", one);
    awaitCaughtUp(three, one);
    part();
    run(one, "INSERT INTO public.orders VALUES (2, 'lost')");
    awaitCaughtUp(three, one);
    Lsn stopped = three.stop(StopMode.FAST, LONG);
    assertThat(stopped).isNotNull();
    three.awaitGone(LONG);
    crash();
    LostWork lost = three.lost(Stable.upstream(two, "three"), false, _ -> {}, LONG);
    assertThat(lost.transactions()).isEqualTo(1);
    assertThat(lost.tables()).hasSize(1);
    assertThat(lost.tables().getFirst().label()).matches("database \\d+, file \\d+");
  }

  /** A standby cluster that led itself for a while turns back to the server that it followed. */
  @Test
  @Promise("P198")
  void whatWasWrittenOnANewerTimelineIsListedBeforeTheOlderOneIsFollowedAgain()
      throws SQLException {
    part();
    two.promote(SHORT);
    run(two, "INSERT INTO public.orders VALUES (2, 'ours'), (3, 'ours')");
    run(one, "INSERT INTO public.orders VALUES (4, 'theirs')");
    Lsn end = two.stop(StopMode.FAST, LONG);
    two.awaitGone(LONG);

    LostWork lost = two.lost(Stable.upstream(one, "two"), false, _ -> {}, LONG);
    assertThat(lost.gaps()).isEmpty();
    assertThat(lost.timeline()).isEqualTo(2);
    assertThat(lost.transactions()).isEqualTo(1);
    assertThat(lost.to().reached(end)).as("%s, stopped at %s", lost, end).isTrue();
    assertThat(lost.tables())
        .singleElement()
        .satisfies(
            orders -> {
              assertThat(orders.label()).isEqualTo("postgres.public.orders");
              assertThat(orders.inserted()).isEqualTo(2);
            });

    two.rewind(Stable.rewindSource(one), LONG);
    List<String> none = two.start(new ServerRole.StandbyOf(Stable.upstream(one, "two")), LONG);
    assertThat(none).isEmpty();
    awaitCaughtUp(two, one);
    assertThat(one(two, "SELECT string_agg(what, ' ' ORDER BY n) FROM public.orders"))
        .isEqualTo("before theirs");
  }

  @Test
  void aServerOfAnotherClusterIsNotAsked() {
    PostgresServer other = stable.primary("other");
    Lsn none = one.stop(StopMode.FAST, LONG);
    assertThat(none).isNotNull();
    one.awaitGone(LONG);
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> one.lost(Stable.upstream(other, "one"), false, _ -> {}, LONG))
        .isInstanceOf(PostgresException.DataDirectoryForeign.class);
  }
}
