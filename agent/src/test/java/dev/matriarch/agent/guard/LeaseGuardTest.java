package dev.matriarch.agent.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.MatriarchConfig.GuardConfig;
import dev.matriarch.agent.config.MatriarchConfig.GuardMode;
import dev.matriarch.engine.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against commands in the place of {@code nft} that say what the test wants. */
final class LeaseGuardTest {
  private static final GuardConfig AUTO = config(GuardMode.AUTO, "127.0.0.11", 5432, 6432);
  private static final Instant START = Instant.EPOCH.plusSeconds(1000);

  @TempDir private Path folder;
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final InstantSource clock = now::get;

  @Test
  void offIsNeverInTheWay() throws IOException {
    nft("echo must not be asked; exit 1");
    LeaseGuard guard = guard(config(GuardMode.OFF, "", 22));
    assertThat(guard.objection()).isEmpty();
    assertThat(guard.isActive()).isFalse();
    assertThat(guard.arm(START)).isEqualTo(new Outcome.Done());
    assertThat(guard.disarm()).isEqualTo(new Outcome.Done());
  }

  @ParameterizedTest
  @CsvSource({
    "10.10.10.11, 22, 22 must stay reachable",
    "10.10.10.11, 2379, 2379 must stay reachable",
    "10.10.10.11, 8008, 8008 must stay reachable",
    "node-1, 5432, is no IP address",
    "'1.2.3.4; flush ruleset', 5432, is no IP address",
  })
  void refusesWhatWouldLockTheOperatorOut(String address, int port, String why) throws IOException {
    nft("exit 0");
    LeaseGuard guard = guard(config(GuardMode.AUTO, address, port));
    assertThat(guard.objection()).get().asString().contains(why, "lease_guard.mode to off");
    assertThat(guard.isActive()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"AUTO", "REQUIRED"})
  void saysWhyTheHostDoesNotAllowIt(GuardMode mode) throws IOException {
    nft(
        "cat >/dev/null; echo; echo 'Operation not permitted (you must be root)'; echo more; exit 1");
    LeaseGuard guard = guard(config(mode, "10.10.10.11", 5432));
    assertThat(guard.objection())
        .contains(
            "nft may not change the packet filter (Operation not permitted (you must be root)):"
                + " give the agent CAP_NET_ADMIN; set matriarch.lease_guard.mode to off to go"
                + " without");
    assertThat(guard.isActive()).isFalse();
    assertThat(guard.arm(START)).isEqualTo(new Outcome.Done());
  }

  @Test
  void asksTheHostOnce() throws IOException {
    nft("cat >>'" + folder + "/asked'; exit 0");
    LeaseGuard guard = guard(AUTO);
    assertThat(guard.objection()).isEmpty();
    assertThat(guard.isActive()).isTrue();
    assertThat(guard.isActive()).isTrue();
    assertThat(Files.readString(folder.resolve("asked")))
        .containsOnlyOnce("delete table inet matriarch_probe_matriarch_pg-test-1")
        .doesNotContain("inet matriarch_pg-test-1");
  }

  @Test
  void nothingPassesThroughBeyondTheDeadline() throws IOException {
    nft("cat >'" + folder + "/script'");
    LeaseGuard guard = guard(AUTO);

    assertThat(guard.arm(START.plusMillis(9000))).isEqualTo(new Outcome.Done());
    assertThat(script()).contains("open { 5432 timeout 8950ms, 6432 timeout 8950ms }");

    assertThat(guard.arm(START.plusMillis(50))).isEqualTo(new Outcome.Done());
    assertThat(script()).contains("flush set").doesNotContain("element");

    assertThat(guard.arm(START.minusSeconds(3))).isEqualTo(new Outcome.Done());
    assertThat(script()).contains("flush set").doesNotContain("element");
  }

  @Test
  void aClosedDoorGetsAFootFirst() throws IOException {
    nft(
        "cat >'%1$s/last'; cat '%1$s/last' >>'%1$s/all'; ! grep -q 'delete element' '%1$s/last' || [ -e '%1$s/open' ] || exit 1; ! grep -q 'add element' '%1$s/last' || touch '%1$s/open'"
            .formatted(folder));
    LeaseGuard guard = guard(AUTO);
    assertThat(guard.isActive()).isTrue();
    Files.delete(folder.resolve("all"));
    Files.delete(folder.resolve("open"));

    assertThat(guard.arm(START.plusSeconds(9))).isEqualTo(new Outcome.Done());
    assertThat(Files.readAllLines(folder.resolve("all")))
        .filteredOn(line -> line.contains("element"))
        .containsExactly(
            "delete element inet matriarch_pg-test-1 open { 5432, 6432 }",
            "add element inet matriarch_pg-test-1 open { 5432 timeout 8950ms, 6432 timeout 8950ms }",
            "add element inet matriarch_pg-test-1 open { 5432 timeout 500ms, 6432 timeout 500ms }",
            "delete element inet matriarch_pg-test-1 open { 5432, 6432 }",
            "add element inet matriarch_pg-test-1 open { 5432 timeout 8950ms, 6432 timeout 8950ms }");
  }

  @Test
  void aCallThatHangsIsCutOff() throws IOException {
    nft("grep -q probe || exec sleep 60");
    LeaseGuard guard = guard(AUTO);
    assertThat(guard.isActive()).isTrue();
    assertThat(guard.arm(START.plusSeconds(9)))
        .isEqualTo(new Outcome.Failed("nft: no answer within 500 ms"));
    assertThat(guard.disarm()).isEqualTo(new Outcome.Failed("nft: no answer within 500 ms"));
  }

  @Test
  void anOrderThatWasHeldUpIsSaidToBeLate() throws IOException {
    nft("cat >/dev/null");
    InstantSource creeping = () -> now.getAndUpdate(time -> time.plusMillis(150));
    LeaseGuard guard = new LeaseGuard("pg-test-1", AUTO, creeping, folder.toString());
    assertThat(guard.arm(START.plusSeconds(9)))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.reason()).contains("the kernel was told late"));
  }

  @Test
  void differentInstancesHaveDifferentTables() {
    assertThat(List.of("pg-test-1", "pg_test_1", "pg.test.1", "pg test 1", "Ünder; x {}"))
        .extracting(Door::table)
        .containsExactly(
            "matriarch_pg-test-1",
            "matriarch_pg_test_1",
            "matriarch_pg.test.1",
            "matriarch_pg_x20_test_x20_1",
            "matriarch__xdc_nder_x3b__x20_x_x20__x7b__x7d_");
  }

  private static GuardConfig config(GuardMode mode, String address, Integer... ports) {
    return new GuardConfig(mode, address, List.of(ports));
  }

  private LeaseGuard guard(GuardConfig config) {
    return new LeaseGuard("pg-test-1", config, clock, folder.toString());
  }

  private String script() throws IOException {
    return Files.readString(folder.resolve("script"));
  }

  private void nft(String body) throws IOException {
    Path nft = Files.writeString(folder.resolve("nft"), "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(nft, PosixFilePermissions.fromString("rwx------"));
  }
}
