package dev.matriarch.agent.script;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How the operator's programs are started: in the agent's folder, into its log, without secrets.
 */
final class Children {
  private static final File NOTHING = new File("/dev/null");

  private Children() {}

  static ProcessBuilder builder(List<String> line) {
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectInput(ProcessBuilder.Redirect.from(NOTHING))
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("PATRONI_") || name.startsWith("MATRIARCH_"));
    return builder;
  }

  /** Ends a program and all that it started, at once, also on a thread that was interrupted. */
  static void end(Process program) {
    boolean interrupted = Thread.interrupted();
    if (program.isAlive()) {
      standStill(program);
    }
    program.descendants().forEach(ProcessHandle::destroyForcibly);
    program.destroyForcibly();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A shell that forks while its children are looked up would leave one behind. */
  private static void standStill(Process program) {
    try {
      Process stop = new ProcessBuilder("sh", "-c", "kill -STOP " + program.pid()).start();
      if (!stop.waitFor(1, TimeUnit.SECONDS)) {
        stop.destroyForcibly();
      }
    } catch (IOException e) {
      // Then it is ended as it runs.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
