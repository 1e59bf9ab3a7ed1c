package dev.matriarch.testbed;

import java.util.ArrayList;
import java.util.List;

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
  HUP,
  /** For a node of ours: stop the agent, and with it PostgreSQL, and leave the rest running. */
  USR1;

  /** Sends it; true when the process was there to get it. */
  boolean send(long pid) {
    return Shell.run("kill", "-s", name(), Long.toString(pid)).exitCode() == 0;
  }

  /** Sends it to all of them in one go, so that none sees the others hit first for long. */
  void send(List<Long> pids) {
    if (!pids.isEmpty()) {
      Shell.run(line(pids));
    }
  }

  /** The same, ready to be sent in an instant. */
  Trigger at(List<Long> pids) {
    return Trigger.set(line(pids));
  }

  private List<String> line(List<Long> pids) {
    List<String> line = new ArrayList<>(List.of("kill", "-s", name()));
    pids.forEach(pid -> line.add(Long.toString(pid)));
    return line;
  }

  /** Sends it to every process of a group. */
  boolean sendToGroup(long group) {
    return Shell.run("kill", "-s", name(), "--", "-" + group).exitCode() == 0;
  }
}
