package dev.matriarch.agent.routing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Lets a running HAProxy read its file again. The process that serves hands its ports and what it
 * knows of the servers to a new one, and itself stays for the sessions that it has.
 *
 * @param master pid of the process that keeps the others
 * @param socket command socket of the process that serves
 * @param masterSocket command socket of the master
 * @param state file from which the new process takes which servers are up. Without it each would
 *     count as up until its first check, and a client could land on a standby that wants to write
 */
public record ProxyReload(long master, Path socket, Path masterSocket, Path state) {
  private static final Duration QUESTION = Duration.ofSeconds(2);

  /** What HAProxy wants the file to begin with, and all that stands there otherwise. */
  private static final String NO_STATE = "1\n";

  public ProxyReload {
    requireNonNull(socket, "socket is null");
    requireNonNull(masterSocket, "masterSocket is null");
    requireNonNull(state, "state is null");
  }

  /**
   * Returns when connections are taken by the new settings.
   *
   * @throws IOException if they are not; it then goes on with those it had
   */
  public void reload(Duration budget) throws IOException, InterruptedException {
    long end = System.nanoTime() + budget.toNanos();
    ProxyProcesses before = serving();
    Files.writeString(state, new RuntimeSocket(socket).send("show servers state", QUESTION), UTF_8);
    try {
      signal();
      while (true) {
        Thread.sleep(20);
        ProxyProcesses now = read();
        if (now.failed() > before.failed()) {
          throw new IOException(
              "HAProxy does not take its file and goes on as before; see its log");
        }
        boolean serving = !now.worker().isEmpty() && !now.worker().equals(before.worker());
        if (serving && now.reloads() > before.reloads()) {
          return;
        }
        if (System.nanoTime() - end > 0) {
          throw new IOException("HAProxy is not reloaded after " + budget.toSeconds() + " s");
        }
      }
    } finally {
      // What is true now is not when it is started anew one day.
      Files.writeString(state, NO_STATE, UTF_8);
    }
  }

  private ProxyProcesses serving() throws IOException {
    ProxyProcesses now = ask();
    if (now.worker().isEmpty()) {
      throw new IOException("HAProxy does not serve: it has no worker");
    }
    return now;
  }

  /** While the master begins anew it does not answer. */
  private ProxyProcesses read() {
    try {
      return ask();
    } catch (IOException e) {
      return ProxyProcesses.UNKNOWN;
    }
  }

  private ProxyProcesses ask() throws IOException {
    return ProxyProcesses.ask(RuntimeSocket.ofMaster(masterSocket), QUESTION);
  }

  private void signal() throws IOException, InterruptedException {
    int code = new ProcessBuilder("kill", "-USR2", Long.toString(master)).start().waitFor();
    if (code != 0) {
      throw new IOException("HAProxy's process " + master + " is gone");
    }
  }
}
