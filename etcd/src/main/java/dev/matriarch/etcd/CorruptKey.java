package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * A key whose value cannot be read; it counts as absent.
 *
 * @param key in full
 * @param what is wrong with its value, for humans
 */
public record CorruptKey(String key, String what) {
  private static final int LONGEST = 300;
  private static final Pattern UNSEEMLY = Pattern.compile("[\\p{Cntrl}\uFFFD]");

  /** Anybody may have written it: no line of a log is made by it, nor filled with it. */
  public CorruptKey {
    requireNonNull(key, "key");
    String shown = requireNonNull(what, "what");
    shown = shown.length() > LONGEST ? shown.substring(0, LONGEST) + "..." : shown;
    what = UNSEEMLY.matcher(shown).replaceAll("?");
  }

  /** One sentence for humans. */
  public String message() {
    return "etcd key " + key + ": " + what;
  }
}
