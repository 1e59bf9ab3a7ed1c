package dev.matriarch.testbed;

/** The testbed itself could not do what a test asked: no root, a command failed, a wait ran out. */
public final class TestbedException extends RuntimeException {
  /** A failure that {@code message} describes in full. */
  public TestbedException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public TestbedException(String message, Throwable cause) {
    super(message, cause);
  }
}
