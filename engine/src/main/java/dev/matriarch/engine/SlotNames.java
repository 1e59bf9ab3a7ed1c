package dev.matriarch.engine;

import java.util.Locale;

/** The name of a member's physical replication slot (drop-in contract, section 11). */
public final class SlotNames {
  private static final int LONGEST = 63;

  private SlotNames() {}

  /** Lower case; {@code -} and {@code .} become {@code _}, anything else {@code uNNNN}. */
  public static String of(String member) {
    StringBuilder name = new StringBuilder();
    for (int c : member.toLowerCase(Locale.ROOT).codePoints().toArray()) {
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_') {
        name.append((char) c);
      } else if (c == '-' || c == '.') {
        name.append('_');
      } else {
        name.append(String.format(Locale.ROOT, "u%04d", c));
      }
    }
    return name.substring(0, Math.min(LONGEST, name.length()));
  }
}
