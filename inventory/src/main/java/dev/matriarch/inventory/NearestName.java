package dev.matriarch.inventory;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody meant who mistyped a name. */
final class NearestName {
  private static final int SHORTEST_BEGINNING = 5;

  private NearestName() {}

  /** The known name that needs the fewest single changes, if it is near at all. */
  static Optional<String> of(String name, Collection<String> known) {
    int limit = Math.max(2, name.length() / 3);
    String nearest = "";
    int least = limit + 1;
    for (String candidate : known) {
      if (Math.abs(candidate.length() - name.length()) < least) {
        int distance = distance(name, candidate);
        if (distance < least) {
          least = distance;
          nearest = candidate;
        }
      }
    }
    return nearest.isEmpty() ? sharedBeginning(name, known) : Optional.of(nearest);
  }

  // A longer or shorter form of a known name, such as pg_sequence for pg_seq.
  private static Optional<String> sharedBeginning(String name, Collection<String> known) {
    return known.stream()
        .filter(candidate -> Math.min(candidate.length(), name.length()) >= SHORTEST_BEGINNING)
        .filter(candidate -> candidate.startsWith(name) || name.startsWith(candidate))
        .min(Comparator.comparingInt(candidate -> Math.abs(candidate.length() - name.length())));
  }

  /** Insertions, deletions, changes and swaps of neighbours that turn one into the other. */
  static int distance(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, from, to, i, j);
      }
    }
    return cost[from.length()][to.length()];
  }

  private static int step(int[][] cost, String from, String to, int i, int j) {
    int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
    int least =
        Math.min(Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1), cost[i - 1][j - 1] + change);
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
  }
}
