package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Says what is done, each line with the seconds since it began. */
final class Progress {
  private final PrintStream out;
  private final LongSupplier nanoTime;
  private final long began;

  Progress(PrintStream out, LongSupplier nanoTime) {
    this.out = requireNonNull(out, "out");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    this.began = nanoTime.getAsLong();
  }

  /** One line; may be called by any thread. */
  void say(String sentence) {
    Duration since = Duration.ofNanos(nanoTime.getAsLong() - began);
    out.printf("%5.1f s  %s%n", since.toMillis() / 1000.0, sentence);
    out.flush();
  }
}
