package dev.matriarch.agent.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.script.Callback.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real commands: arguments, order, and the end of one that still runs. */
class CallbacksTest {
  @TempDir Path folder;

  private static void await(BooleanSupplier true_) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!true_.getAsBoolean() && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(true_.getAsBoolean()).isTrue();
  }

  private Path script(String text) throws IOException {
    Path file = folder.resolve("call back");
    Files.writeString(file, "#!/bin/sh\n" + text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  private List<String> lines(String name) {
    try {
      Path file = folder.resolve(name);
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void eachGetsEventRoleAndCluster() throws IOException {
    Path script = script("echo \"$@\" >> " + folder + "/out\n");
    String command = "'" + script + "' more";
    try (Callbacks callbacks =
        new Callbacks(Map.of("on_start", command, "on_role_change", command), "batman")) {
      callbacks.tell(new Callback(Kind.ON_START, "replica"));
      await(() -> lines("out").size() == 1);
      callbacks.tell(new Callback(Kind.ON_STOP, "replica"));
      callbacks.tell(new Callback(Kind.ON_ROLE_CHANGE, "primary"));
      await(() -> lines("out").size() == 2);
    }
    assertThat(lines("out"))
        .containsExactly("more on_start replica batman", "more on_role_change primary batman");
  }

  @Test
  void aNewOneEndsOneThatStillRuns() throws IOException {
    Path script =
        script(
            "echo $2 begins >> %s/out\n[ $2 = primary ] || exec cat %1$s/pipe\n".formatted(folder));
    new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start().onExit().join();
    String command = "'" + script + "'";
    try (Callbacks callbacks = new Callbacks(Map.of("on_role_change", command), "batman")) {
      callbacks.tell(new Callback(Kind.ON_ROLE_CHANGE, "replica"));
      await(() -> lines("out").contains("replica begins"));
      callbacks.tell(new Callback(Kind.ON_ROLE_CHANGE, "primary"));
      await(() -> lines("out").contains("primary begins"));
      await(
          () ->
              ProcessHandle.current()
                  .descendants()
                  .noneMatch(
                      child ->
                          child
                              .info()
                              .arguments()
                              .map(List::of)
                              .orElse(List.of())
                              .toString()
                              .contains(folder.resolve("pipe").toString())));
    }
  }

  @Test
  void aCommandThatIsNoneStopsNothing() {
    try (Callbacks callbacks = new Callbacks(Map.of("on_start", "/nowhere/at-all"), "batman")) {
      callbacks.tell(new Callback(Kind.ON_START, "replica"));
      callbacks.tell(new Callback(Kind.ON_START, "replica"));
    }
  }
}
