package dev.matriarch.testbed;

import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whose a namespace is: the process that made it, told apart from a later one with the same pid by
 * its start time. The namespace's name carries it, so that what a dead run left needs no book.
 *
 * @param pid the process
 * @param started its start time in clock ticks since boot
 * @param run sets apart several networks of one process
 */
record Owner(long pid, long started, String run) {
  private static final Pattern NAME = Pattern.compile("mt([0-9]+)-([0-9]+)-([0-9a-f]{4})-(.+)");

  static Owner self() {
    long pid = ProcessHandle.current().pid();
    long started =
        ProcFs.startedAt(pid)
            .orElseThrow(() -> new TestbedException("/proc/" + pid + "/stat is not readable"));
    return new Owner(pid, started, "%04x".formatted(ThreadLocalRandom.current().nextInt(0x10000)));
  }

  /** The owner that a namespace's name tells of; empty for a namespace that is none of ours. */
  static Optional<Owner> of(String namespace) {
    Matcher matcher = NAME.matcher(namespace);
    return matcher.matches()
        ? Optional.of(
            new Owner(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                matcher.group(3)))
        : Optional.empty();
  }

  String namespace(String part) {
    return "mt%d-%d-%s-%s".formatted(pid, started, run, part);
  }

  boolean alive() {
    return ProcFs.startedAt(pid).filter(ticks -> ticks == started).isPresent();
  }
}
