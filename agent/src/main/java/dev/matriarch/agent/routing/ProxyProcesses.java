package dev.matriarch.agent.routing;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HAProxy's processes, as its master tells of them.
 *
 * @param reloads how often it was reloaded
 * @param failed how often in vain since it last succeeded
 * @param worker pid of the one that takes connections; empty for none
 * @param former pids of those that a reload left behind for the sessions that they have
 */
record ProxyProcesses(int reloads, int failed, String worker, List<String> former) {
  /** Of a master that does not tell. */
  static final ProxyProcesses UNKNOWN = new ProxyProcesses(0, 0, "", List.of());

  private static final Pattern MASTER =
      Pattern.compile("[0-9]+\\s+master\\s+([0-9]+) \\[failed: ([0-9]+)].*");
  private static final Pattern WORKER = Pattern.compile("([0-9]+)\\s+worker\\s.*");

  ProxyProcesses {
    requireNonNull(worker, "worker is null");
    former = List.copyOf(former);
  }

  static ProxyProcesses ask(RuntimeSocket master, Duration budget) throws IOException {
    return parse(master.send("show proc", budget));
  }

  static ProxyProcesses parse(String told) {
    int reloads = 0;
    int failed = 0;
    String worker = "";
    List<String> former = new ArrayList<>();
    String section = "";
    for (String line : told.lines().toList()) {
      Matcher master = MASTER.matcher(line);
      Matcher one = WORKER.matcher(line);
      if (line.startsWith("#")) {
        section = line.strip();
      } else if (master.matches()) {
        reloads = Integer.parseInt(master.group(1));
        failed = Integer.parseInt(master.group(2));
      } else if (one.matches() && section.equals("# old workers")) {
        former.add(one.group(1));
      } else if (one.matches() && section.equals("# workers") && worker.isEmpty()) {
        worker = one.group(1);
      }
    }
    return new ProxyProcesses(reloads, failed, worker, former);
  }
}
