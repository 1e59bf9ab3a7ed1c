package dev.matriarch.agent.routing;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Processes of HAProxy that a reload left behind for the sessions that they still have. They check
 * no server any more and take no orders about one, so that a session with a server that is gone
 * would last for ever: it is ended from here.
 */
final class FormerWorkers {
  private static final Pattern SESSION =
      Pattern.compile("(0x[0-9a-f]+): .*\\bbe=(\\S+) srv=(\\S+) .*");

  /** A line of commands must fit HAProxy's buffer of 16 KiB. */
  private static final int COMMANDS_A_LINE = 100;

  private final RuntimeSocket master;

  FormerWorkers(Path master) {
    this.master = RuntimeSocket.ofMaster(requireNonNull(master, "master is null"));
  }

  /** Ends every session of theirs with one of these servers, each {@code PROXY/SERVER}. */
  void endSessions(Set<String> servers, Duration budget) throws IOException {
    long end = System.nanoTime() + budget.toNanos();
    for (String pid : ProxyProcesses.ask(master, left(end)).former()) {
      String worker = "@!" + pid + " ";
      List<String> commands = new ArrayList<>();
      for (String line : send(worker + "show sess", end).lines().toList()) {
        Matcher session = SESSION.matcher(line);
        if (session.matches() && servers.contains(session.group(2) + "/" + session.group(3))) {
          commands.add(worker + "shutdown session " + session.group(1));
        }
      }
      for (int from = 0; from < commands.size(); from += COMMANDS_A_LINE) {
        int to = Math.min(from + COMMANDS_A_LINE, commands.size());
        send(String.join("; ", commands.subList(from, to)), end);
      }
    }
  }

  private String send(String commands, long end) throws IOException {
    return master.send(commands, left(end));
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
  }
}
