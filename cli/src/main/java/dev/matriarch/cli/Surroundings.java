package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/**
 * What a verb may see of the process it runs in. Passed in, so that a test runs verbs in its own.
 *
 * @param out for answers
 * @param err for progress, warnings and refusals
 * @param environment variables of the process
 * @param workingDirectory what relative paths of the command line are relative to
 * @param home where the launcher, its {@code bin} folder and the jar are
 * @param clock wall clock
 * @param terminal whether a human watches, so that colours and progress lines make sense
 */
public record Surroundings(
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path workingDirectory,
    Path home,
    InstantSource clock,
    boolean terminal) {

  /** Checks and freezes. */
  public Surroundings {
    requireNonNull(out, "out");
    requireNonNull(err, "err");
    environment = Map.copyOf(environment);
    requireNonNull(workingDirectory, "workingDirectory");
    requireNonNull(home, "home");
    requireNonNull(clock, "clock");
  }

  /** Those of the running process; the launcher says where it lives in {@code matriarch.home}. */
  public static Surroundings ofThisProcess() {
    Path here = Path.of("").toAbsolutePath();
    return new Surroundings(
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        System.getenv(),
        here,
        Path.of(System.getProperty("matriarch.home", here.toString())),
        InstantSource.system(),
        System.getenv("NO_COLOR") == null && Boolean.getBoolean("matriarch.terminal"));
  }

  /** The path an operator typed, made absolute and plain. */
  public Path resolve(String typed) {
    return workingDirectory.resolve(typed).normalize();
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
