package dev.matriarch.agent.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.MatriarchConfig.BackendEntry;
import dev.matriarch.agent.config.MatriarchConfig.HaproxyConfig;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Routing;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RouterTest {
  private static final Routing ROUTING =
      new Routing("a", new TreeSet<>(List.of("b")), Collections.emptySortedSet(), "");

  @TempDir Path folder;

  private static BackendEntry backend(String check) {
    return new BackendEntry(
        "x" + check.replace('/', '-'), check, check, List.of("a", "b"), List.of(), true);
  }

  private static List<String> commands(String check, Routing routing) {
    return Router.commands(List.of(backend(check)), routing, Collections.emptySortedSet());
  }

  @Test
  void bringsThePrimaryUpBeforeItTakesOthersDown() {
    assertThat(commands("/primary", ROUTING))
        .containsExactly(
            "set server x-primary/a health up",
            "set server x-primary/b health down",
            "shutdown sessions server x-primary/b");
  }

  @Test
  void keepsTheClientsOfAPrimaryThatMovedAndSendsNobodyThere() {
    Routing moved = new Routing("b", new TreeSet<>(List.of("a")), new TreeSet<>(List.of("a")), "");
    List<String> drained =
        List.of("disable health x-primary/a", "set server x-primary/a state drain");
    assertThat(commands("/primary", moved))
        .containsSubsequence(drained)
        .noneMatch(command -> command.startsWith("shutdown"));
    assertThat(commands("/read-only", moved)).contains("set server x-read-only/a state drain");
    BackendEntry direct = new BackendEntry("d", "d", "/primary", List.of("a"), List.of(), false);
    assertThat(Router.commands(List.of(direct), moved, Collections.emptySortedSet()))
        .as("no pooler keeps these")
        .contains("shutdown sessions server d/a");
  }

  @Test
  void letsNewClientsWaitWithTheOthersWhileThereIsNoPrimary() {
    Routing none = new Routing("", new TreeSet<>(List.of("b")), new TreeSet<>(List.of("a")), "a");
    assertThat(commands("/primary", none))
        .startsWith("disable health x-primary/a", "set server x-primary/a state ready")
        .noneMatch(command -> command.contains("x-primary/a") && command.startsWith("shutdown"));
  }

  @Test
  void takesBackWhatWasDrainedAndNothingElse() {
    assertThat(Router.commands(List.of(backend("/read-only")), ROUTING, new TreeSet<>(Set.of("b"))))
        .containsExactly(
            "set server x-read-only/a health up",
            "enable health x-read-only/b",
            "set server x-read-only/b state ready",
            "set server x-read-only/b health up");
  }

  @Test
  void sendsReadsToReplicas() {
    assertThat(commands("/replica", ROUTING))
        .containsExactly(
            "set server x-replica/b health up",
            "set server x-replica/a health down",
            "shutdown sessions server x-replica/a");
    assertThat(commands("/read-only", ROUTING))
        .containsExactly(
            "set server x-read-only/a health up", "set server x-read-only/b health up");
  }

  @Test
  void takesAllDownWhileThereIsNoPrimary() {
    assertThat(commands("/primary", Routing.NONE))
        .containsExactly(
            "set server x-primary/a health down",
            "shutdown sessions server x-primary/a",
            "set server x-primary/b health down",
            "shutdown sessions server x-primary/b");
  }

  @Test
  void leavesWhatItCannotJudgeToTheChecks() {
    assertThat(commands("/replica?lag=1MB", ROUTING)).isEmpty();
    assertThat(commands("/sync", ROUTING)).isEmpty();
    assertThat(
            Router.commands(
                List.of(
                    new BackendEntry("x; quit", "s", "/primary", List.of("a"), List.of(), true)),
                ROUTING,
                Collections.emptySortedSet()))
        .isEmpty();
  }

  @Test
  void saysThatHaproxyIsAway() throws IOException {
    Path socket = folder.resolve("s");
    Router router =
        new Router(new HaproxyConfig(socket, Optional.empty(), List.of(backend("/primary"))));

    assertThat(router.apply(ROUTING)).isInstanceOf(Outcome.Failed.class);
    try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      silent.bind(UnixDomainSocketAddress.of(socket), 1);
      assertThat(router.apply(ROUTING))
          .isEqualTo(new Outcome.Failed("HAProxy at " + socket + ": it does not answer"));
      router.apply(ROUTING);
      assertThat(router.apply(ROUTING)).isInstanceOf(Outcome.Failed.class);
    }
  }
}
