package dev.matriarch.cli;

import java.util.Set;

/** Colours for the words by which a reader tells good from bad at a glance; on terminals only. */
public enum Palette {
  /** For files, pipes and whoever set {@code NO_COLOR}. */
  PLAIN,
  /** ANSI colours. */
  COLOURS;

  private static final Set<String> GOOD =
      Set.of("running", "streaming", "leader", "follower", "answers");
  private static final Set<String> LEADING = Set.of("Leader", "Standby Leader");
  private static final Set<String> BAD =
      Set.of("stopped", "crashed", "silent", "no leader", "start failed", "unknown");

  static Palette of(Surroundings surroundings) {
    return surroundings.terminal() ? COLOURS : PLAIN;
  }

  /** The word as it is to be printed; its width on the screen stays the same. */
  String paint(String word) {
    if (this == PLAIN) {
      return word;
    }
    if (LEADING.contains(word)) {
      return wrapped("1", word);
    }
    if (GOOD.contains(word)) {
      return wrapped("32", word);
    }
    return BAD.contains(word) ? wrapped("31", word) : word;
  }

  private static String wrapped(String code, String word) {
    return "\u001b[" + code + "m" + word + "\u001b[0m";
  }
}
