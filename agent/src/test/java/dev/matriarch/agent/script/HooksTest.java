package dev.matriarch.agent.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HooksTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;

  private String program(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("its name.sh"), "#!/bin/sh\n" + text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return "'" + file + "' \"an argument\"";
  }

  private Hooks hooks(String text) throws IOException {
    String command = program(text);
    return new Hooks(List.of(), command, command);
  }

  @Test
  void aPromotionWaitsForItsProgram() throws IOException {
    Path told = folder.resolve("told");
    hooks("sleep 0.2; echo \"$1, $#\" > " + told).beforePromotion(LONG);

    assertThat(told).hasContent("an argument, 1");
  }

  @Test
  void aProgramForbidsAPromotionButNoStop() throws IOException {
    Hooks no = hooks("exit 7");

    assertThatThrownBy(() -> no.beforePromotion(LONG))
        .isInstanceOf(DataPrograms.Failure.class)
        .hasMessageContaining("its name.sh ended with 7");
    assertThatCode(() -> no.beforeStop(LONG)).doesNotThrowAnyException();
    Hooks missing = new Hooks(List.of(), "/no/such/program", "/no/such/program");
    assertThatThrownBy(() -> missing.beforePromotion(LONG))
        .hasMessageContaining("/no/such/program cannot be run");
    assertThatCode(() -> missing.beforeStop(LONG)).doesNotThrowAnyException();
  }

  @Test
  void whatDoesNotEndIsEndedAndCountsAsNo() throws IOException {
    Hooks stuck = hooks("echo $$ > " + folder.resolve("pid") + "; sleep 1000");
    Duration little = Duration.ofMillis(500);

    assertThatThrownBy(() -> stuck.beforePromotion(Duration.ofSeconds(5)))
        .hasMessageContaining("did not end");
    long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    ProcessHandle.of(pid).ifPresent(process -> assertThat(process.onExit()).succeedsWithin(LONG));
    assertThatCode(() -> stuck.beforeStop(little)).doesNotThrowAnyException();
  }

  @Test
  void aFenceDoesNotWaitForIt() throws Exception {
    Hooks stuck = hooks("sleep 1000");
    AtomicReference<String> end = new AtomicReference<>("none");
    Thread promoting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    stuck.beforePromotion(Duration.ofHours(1));
                  } catch (DataPrograms.Failure e) {
                    end.set(e.getMessage());
                  }
                });
    promoting.interrupt();

    assertThat(promoting.join(LONG)).isTrue();
    assertThat(end.get()).contains("was cut off");
  }

  @Test
  void withoutProgramsNothingIsRun() {
    assertThatCode(
            () -> {
              Hooks.NONE.beforePromotion(Duration.ZERO);
              Hooks.NONE.beforeStop(Duration.ZERO);
            })
        .doesNotThrowAnyException();
  }
}
