package dev.matriarch.postgres;

/**
 * Tells within about a millisecond that a process ended, also when it is not a child of this one (a
 * pidfd). Closing it stops the watch and leaves the process alone.
 */
public interface ExitWatch extends AutoCloseable {
  /** The process being watched. */
  long pid();

  @Override
  void close();
}
