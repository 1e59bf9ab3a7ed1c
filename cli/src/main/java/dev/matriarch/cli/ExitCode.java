package dev.matriarch.cli;

/** The exit codes of every verb (design, section 4). */
public enum ExitCode {
  /** What was asked is done. */
  DONE(0),
  /** Refused or failed; the reason is on stderr. */
  REFUSED(1),
  /** The command line itself is wrong. */
  USAGE(2),
  /** A plan found changes, or a check found drift. */
  CHANGES(3);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** What the operating system is told. */
  public int number() {
    return number;
  }
}
