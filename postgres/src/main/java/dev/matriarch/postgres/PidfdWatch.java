package dev.matriarch.postgres;

import java.util.concurrent.atomic.AtomicBoolean;

/** An {@link ExitWatch} that polls a pidfd. */
final class PidfdWatch implements ExitWatch {
  /** How long a closed watch may keep its thread. */
  private static final int LOOK_UP_MILLIS = 1_000;

  private final long pid;
  private final int pidfd;
  private final Runnable whenGone;
  private final AtomicBoolean closed = new AtomicBoolean();

  private PidfdWatch(long pid, int pidfd, Runnable whenGone) {
    this.pid = pid;
    this.pidfd = pidfd;
    this.whenGone = whenGone;
  }

  static PidfdWatch of(long pid, int pidfd, Runnable whenGone) {
    PidfdWatch watch = new PidfdWatch(pid, pidfd, whenGone);
    // A platform thread: a downcall would pin the carrier of a virtual one.
    Thread.ofPlatform().daemon().name("exit-of-" + pid).start(watch::run);
    return watch;
  }

  private void run() {
    boolean ended = false;
    try {
      while (!ended && !closed.get()) {
        ended = Linux.pidfdEnded(pidfd, LOOK_UP_MILLIS);
      }
    } finally {
      Linux.close(pidfd);
    }
    if (ended && closed.compareAndSet(false, true)) {
      whenGone.run();
    }
  }

  @Override
  public long pid() {
    return pid;
  }

  @Override
  public void close() {
    closed.set(true);
  }
}
