package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * One server of one service as an HAProxy sees it.
 *
 * @param proxy its name for the service, such as {@code pg-test-primary}
 * @param name of the member
 * @param status in its words: {@code UP}, {@code DOWN}, {@code DRAIN} and {@code NOLB} (takes no
 *     new sessions), {@code UP 2/3}, ...
 * @param backup serves only while no other does
 * @param sessions that it has now
 * @param since how long it has been so
 * @param check what its last check found, in its words: {@code L7OK}, {@code L7STS}, {@code L4CON}
 */
public record ProxyServer(
    String proxy,
    String name,
    String status,
    boolean backup,
    int weight,
    long sessions,
    Duration since,
    String check) {
  public ProxyServer {
    requireNonNull(proxy, "proxy is null");
    requireNonNull(name, "name is null");
    requireNonNull(status, "status is null");
    requireNonNull(since, "since is null");
    requireNonNull(check, "check is null");
  }

  /** New connections may go to it. */
  public boolean isUp() {
    return status.startsWith("UP") || status.equals("no check");
  }

  /** Why it is as it is: what its check found at that path, and what goes beyond that. */
  String reason(String path) {
    if (status.startsWith("MAINT")) {
      return "was taken out by an operator";
    }
    if (status.startsWith("DRAIN") || status.equals("NOLB")) {
      return "keeps the clients that it has and takes no new ones";
    }
    String found = found(path);
    boolean well = check.matches("(\\* ?)?L7OK");
    if (isUp() == well || status.equals("no check")) {
      return status.contains("/") ? found + ", so far" : found;
    }
    // Its agent knows of a change before the next checks do, or they have not been enough yet.
    return status.contains("/")
        ? found + ", which too few checks have found yet"
        : (isUp() ? "is up by its agent's word; the last check: " : "is down by its agent's word; ")
            + found;
  }

  private String found(String path) {
    return switch (check.replaceFirst("^\\* ?", "")) {
      case "L7OK" -> "answers " + path;
      case "L7OKC" -> "says no to " + path + " for new clients";
      case "L7STS" -> "says no to " + path;
      case "L4CON" -> "refuses to be asked: its agent does not run";
      case "L4TOUT" -> "cannot be reached";
      case "L7TOUT", "L6TOUT" -> "does not answer " + path + " in time";
      case "" -> "is not checked";
      case "INI" -> "has not been checked yet";
      default -> "fails its check: " + check;
    };
  }
}
