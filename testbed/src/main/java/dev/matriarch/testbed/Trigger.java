package dev.matriarch.testbed;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A command that is started ahead and waits for a word: what takes long, to find its objects and to
 * start a process, is over by then. Never pulled, it does nothing and ends with the testbed.
 */
final class Trigger {
  private static final List<String> WAIT = List.of("sh", "-c", "read -r _ && exec \"$@\"", "wait");

  private final Process process;

  private Trigger(Process process) {
    this.process = process;
  }

  static Trigger set(List<String> command) {
    List<String> line = new ArrayList<>(WAIT);
    line.addAll(command);
    try {
      return new Trigger(
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets it run, to its end; true when it did what it was to do. */
  boolean pull() {
    try (OutputStream word = process.getOutputStream()) {
      word.write('\n');
      word.flush();
      return process.waitFor() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while a fault was applied", e);
    }
  }
}
