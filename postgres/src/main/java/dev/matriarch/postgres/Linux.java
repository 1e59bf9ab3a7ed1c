package dev.matriarch.postgres;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The four system calls that the JDK lacks: pidfd_open, pidfd_send_signal, poll and close. The
 * numbers are the same on amd64 and arm64.
 */
@SuppressWarnings("restricted") // Native calls are what this class is for.
final class Linux {
  static final int SIGHUP = 1;
  static final int SIGINT = 2;
  static final int SIGQUIT = 3;
  static final int SIGKILL = 9;
  static final int SIGUSR1 = 10;
  static final int SIGUSR2 = 12;
  static final int SIGTERM = 15;

  private static final long PIDFD_SEND_SIGNAL = 424;
  private static final long PIDFD_OPEN = 434;
  private static final short POLLIN = 1;
  private static final MemoryLayout POLLFD =
      MemoryLayout.structLayout(
          JAVA_INT.withName("fd"), JAVA_SHORT.withName("events"), JAVA_SHORT.withName("revents"));

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle SYSCALL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("syscall"),
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle POLL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("poll"),
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle CLOSE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private Linux() {}

  /** A descriptor for the process, or a negative number when there is none. */
  static int pidfdOpen(long pid) {
    return (int) syscall(PIDFD_OPEN, pid, 0);
  }

  /** False when the process is gone or may not be signalled. */
  static boolean pidfdSignal(int pidfd, int signal) {
    return syscall(PIDFD_SEND_SIGNAL, pidfd, signal) == 0;
  }

  /** True when the process of this descriptor ended, false after the timeout. */
  static boolean pidfdEnded(int pidfd, int timeoutMillis) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entry = arena.allocate(POLLFD);
      entry.set(JAVA_INT, 0, pidfd);
      entry.set(JAVA_SHORT, 4, POLLIN);
      return (int) POLL.invokeExact(entry, 1L, timeoutMillis) > 0;
    } catch (Throwable e) {
      throw new IllegalStateException("poll of a pidfd failed", e);
    }
  }

  static void close(int fd) {
    try {
      int _ = (int) CLOSE.invokeExact(fd);
    } catch (Throwable e) {
      throw new IllegalStateException("close of a descriptor failed", e);
    }
  }

  private static long syscall(long number, long first, long second) {
    try {
      return (long) SYSCALL.invokeExact(number, first, second, MemorySegment.NULL, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException("system call " + number + " failed", e);
    }
  }
}
