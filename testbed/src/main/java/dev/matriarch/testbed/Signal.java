package dev.matriarch.testbed;

/** A signal that the testbed sends, by the name that kill(1) knows. */
public enum Signal {
  /** Ask to end. */
  TERM,
  /** Ask to end at once; for a postmaster: fast shutdown. */
  INT,
  /** End without a word. */
  KILL,
  /** Freeze. */
  STOP,
  /** Thaw. */
  CONT,
  /** Read the settings again. */
  HUP;

  /** Sends it; true when the process was there to get it. */
  boolean send(long pid) {
    return Shell.run("kill", "-s", name(), Long.toString(pid)).exitCode() == 0;
  }

  /** Sends it to every process of a group. */
  boolean sendToGroup(long group) {
    return Shell.run("kill", "-s", name(), "--", "-" + group).exitCode() == 0;
  }
}
