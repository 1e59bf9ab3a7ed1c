package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a process has used.
 *
 * @param residentBytes memory at the moment
 * @param processor time on all cores since it started
 */
public record ProcessUse(long residentBytes, Duration processor) {
  /** The kernel counts processor time in hundredths of a second for every program (USER_HZ). */
  private static final Duration TICK = Duration.ofMillis(10);

  private static final long PAGE = 4096;

  /** Validates. */
  public ProcessUse {
    requireNonNull(processor, "processor is null");
  }

  /** Asks the kernel. */
  public static ProcessUse of(long pid) {
    return ProcFs.stat(pid)
        .map(
            fields ->
                new ProcessUse(
                    Long.parseLong(fields.get(21)) * PAGE,
                    TICK.multipliedBy(
                        Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12)))))
        .orElseThrow(() -> new TestbedException("there is no process " + pid));
  }
}
