package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Service;

/**
 * Where one who connects to a service of one host lands.
 *
 * @param member whose server answered; empty when nobody did, or when it is not known
 * @param recovering whether that server is a standby
 * @param found in a few words
 */
public record Landing(
    Service service,
    ServiceHost host,
    Verdict verdict,
    String member,
    boolean recovering,
    String found) {
  /** What came of it. */
  public enum Verdict {
    OK,
    /** It answers, but not as what the service is for. */
    WRONG_ROLE,
    /** It lets nobody in that the inventory knows. */
    REFUSED,
    NOBODY,
    /** By its selector it has no member: none is expected to answer. */
    EMPTY;

    /** Clients of the service have reason to complain. */
    public boolean isBad() {
      return this != OK && this != EMPTY;
    }
  }

  public Landing {
    requireNonNull(service, "service is null");
    requireNonNull(host, "host is null");
    requireNonNull(verdict, "verdict is null");
    requireNonNull(member, "member is null");
    requireNonNull(found, "found is null");
  }

  /** Whether a server in that role may stand behind a check. */
  static boolean fits(String check, boolean recovering) {
    String path = check.replaceFirst("\\?.*", "");
    return switch (path) {
      case "/", "/primary", "/master", "/read-write", "/leader" -> !recovering;
      case "/replica",
          "/sync",
          "/synchronous",
          "/quorum",
          "/async",
          "/asynchronous",
          "/standby-leader",
          "/standby_leader" ->
          recovering;
      default -> true;
    };
  }
}
