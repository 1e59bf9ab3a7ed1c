package dev.matriarch.render;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A release of PgBouncer: an older one does not start with settings that it does not know. */
public record PoolerRelease(int major, int minor) {
  /** The oldest that is supported, and Debian 12's. */
  public static final PoolerRelease OLDEST = new PoolerRelease(1, 18);

  private static final Pattern VERSION = Pattern.compile("(?s)PgBouncer (\\d{1,4})\\.(\\d{1,4}).*");

  /** As {@code pgbouncer --version} says it; the oldest when it says nothing of the kind. */
  public static PoolerRelease of(String version) {
    Matcher matcher = VERSION.matcher(version);
    return matcher.matches()
        ? new PoolerRelease(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
        : OLDEST;
  }

  /** It can ask for passwords in a database of their own ({@code auth_dbname}). */
  boolean asksApart() {
    return major > 1 || minor >= 19;
  }

  /** Prepared statements of the protocol work when a transaction goes to another connection. */
  boolean keepsStatements() {
    return major > 1 || minor >= 21;
  }
}
