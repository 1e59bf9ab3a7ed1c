package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A command to be run on a host.
 *
 * @param command program and arguments
 * @param user the system user to run as; {@code root} changes nothing
 * @param environment variables on top of the testbed's own
 */
public record Launch(List<String> command, String user, Map<String, String> environment) {
  /** Validates and freezes. */
  public Launch {
    command = List.copyOf(command);
    requireNonNull(user, "user is null");
    environment = Map.copyOf(environment);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("a launch needs a command");
    }
  }

  /** As root. */
  public static Launch of(String... command) {
    return of(List.of(command));
  }

  /** As root. */
  public static Launch of(List<String> command) {
    return new Launch(command, "root", Map.of());
  }

  /** The same as another user, without any of root's rights left. */
  public Launch as(String newUser) {
    return new Launch(command, newUser, environment);
  }

  /** The same with one more variable. */
  public Launch with(String name, String value) {
    Map<String, String> more = new TreeMap<>(environment);
    more.put(name, value);
    return new Launch(command, user, more);
  }

  /**
   * The command line that does this inside {@code namespace}; every part of it execs the next. The
   * variables are not in it: a process list would show them, and they may be passwords.
   */
  List<String> inside(String namespace) {
    List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    if (!user.equals("root")) {
      line.addAll(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--init-groups"));
    }
    line.addAll(command);
    return List.copyOf(line);
  }
}
