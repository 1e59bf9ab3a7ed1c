package dev.matriarch.cli;

import java.util.ArrayList;
import java.util.List;

/** What differs between two short texts, line by line. */
final class LineDiff {
  private static final int CONTEXT = 2;

  private LineDiff() {}

  /** Lines that went with a minus, new ones with a plus, and two lines around them. */
  static List<String> of(List<String> before, List<String> after) {
    List<String> all = marked(before, after);
    List<String> near = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      List<String> around =
          all.subList(Math.max(0, i - CONTEXT), Math.min(all.size(), i + CONTEXT + 1));
      if (around.stream().anyMatch(line -> !line.startsWith(" "))) {
        near.add(all.get(i));
      }
    }
    return near;
  }

  private static List<String> marked(List<String> before, List<String> after) {
    int[][] common = common(before, after);
    List<String> all = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      boolean both = i < before.size() && j < after.size();
      if (both && before.get(i).equals(after.get(j))) {
        all.add("  " + before.get(i++));
        j++;
      } else if (j == after.size() || (both && common[i + 1][j] >= common[i][j + 1])) {
        all.add("- " + before.get(i++));
      } else {
        all.add("+ " + after.get(j++));
      }
    }
    return all;
  }

  /** How many lines the rests from there have in common, in order. */
  private static int[][] common(List<String> before, List<String> after) {
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }
}
