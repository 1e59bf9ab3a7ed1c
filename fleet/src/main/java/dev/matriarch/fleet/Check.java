package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

/**
 * One line of a cluster's checklist.
 *
 * @param name such as {@code etcd-members}
 * @param found in a few words
 * @param wayOut what to do about it; empty when it is as it should be
 */
public record Check(String name, Verdict verdict, String found, String wayOut) {

  /** What came of it. */
  public enum Verdict {
    OK,
    /** It would be better otherwise; nobody is refused for it. */
    ADVICE,
    /** It was to be measured and could not be. */
    UNKNOWN,
    FAILS;

    /** The cluster is not what production needs. */
    public boolean isBad() {
      return this == FAILS || this == UNKNOWN;
    }
  }

  public Check {
    requireNonNull(name, "name is null");
    requireNonNull(verdict, "verdict is null");
    requireNonNull(found, "found is null");
    requireNonNull(wayOut, "wayOut is null");
  }

  static Check ok(String name, String found) {
    return new Check(name, Verdict.OK, found, "");
  }

  static Check advice(String name, String found, String wayOut) {
    return new Check(name, Verdict.ADVICE, found, wayOut);
  }

  static Check fails(String name, String found, String wayOut) {
    return new Check(name, Verdict.FAILS, found, wayOut);
  }
}
