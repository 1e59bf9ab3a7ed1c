package dev.matriarch.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Restarts servers, now or later. */
@Command(name = "restart", description = "Restart the servers of members, now or at a time.")
final class RestartCommand implements Callable<Integer> {
  private static final Duration BUDGET = Duration.ofMinutes(10);

  private final Surroundings surroundings;
  @Mixin private MemberVerb members;

  @Option(names = "--pending", description = "only where a changed setting waits for it")
  private boolean pending;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description = "only a primary, replica or standby_leader, as it is then")
  private String role;

  @Option(
      names = "--pg-version",
      paramLabel = "VERSION",
      description = "only where PostgreSQL is older")
  private String version;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "a primary that takes longer to start lets another lead")
  private String timeout;

  @Option(
      names = "--scheduled",
      paramLabel = "TIME",
      description = "when, in ISO 8601 with its offset, such as 2030-01-01T03:00+00:00")
  private String scheduled;

  @Option(names = "--cancel", description = "take a scheduled restart back")
  private boolean cancel;

  RestartCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (cancel) {
      return members.run(surroundings, new MemberVerb.Asking("DELETE", "/restart", "", "", BUDGET));
    }
    Map<String, Object> body = new LinkedHashMap<>();
    put(body, "role", role);
    put(body, "postgres_version", version);
    put(body, "timeout", timeout);
    put(body, "schedule", scheduled);
    if (pending) {
      body.put("restart_pending", true);
    }
    String when = scheduled == null ? "now" : "at " + scheduled;
    return members.run(
        surroundings,
        new MemberVerb.Asking(
            "POST",
            "/restart",
            OutputOption.compact(body),
            "The servers of %s are restarted, one after the other, " + when + ".",
            BUDGET));
  }

  private static void put(Map<String, Object> body, String key, String value) {
    if (value != null) {
      body.put(key, value);
    }
  }
}
