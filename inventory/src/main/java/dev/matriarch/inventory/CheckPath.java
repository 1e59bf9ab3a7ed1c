package dev.matriarch.inventory;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The paths by which HAProxy may ask the agents whether a member serves. */
final class CheckPath {
  private static final Pattern WORDS = Pattern.compile("/[A-Za-z0-9_./:?=&@+-]*");

  private static final Set<String> KNOWN =
      new TreeSet<>(
          Set.of(
              "/",
              "/primary",
              "/master",
              "/read-write",
              "/leader",
              "/standby-leader",
              "/standby_leader",
              "/replica",
              "/read-only",
              "/sync",
              "/synchronous",
              "/quorum",
              "/async",
              "/asynchronous",
              "/read-only-sync",
              "/read-only-synchronous",
              "/read-only-quorum",
              "/health",
              "/readiness",
              "/liveness",
              "/patroni"));

  private CheckPath() {}

  static ScalarCheck.Outcome check(String text) {
    String path = text.replaceFirst("\\?.*", "");
    if (!KNOWN.contains(path)) {
      return new ScalarCheck.Bad(
          "is no path that an agent answers with 200",
          NearestName.of(path, KNOWN)
              .map(nearest -> "did you mean " + nearest + "?")
              .orElse("give /primary, /replica, /read-only or another health check"));
    }
    return WORDS.matcher(text).matches()
        ? new ScalarCheck.Good(new Value.Text(text))
        : new ScalarCheck.Bad(
            "has characters that HAProxy does not take", "write /replica?lag=16MB");
  }
}
