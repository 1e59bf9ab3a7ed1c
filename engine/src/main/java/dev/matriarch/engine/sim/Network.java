package dev.matriarch.engine.sim;

/**
 * Who reaches whom, and how fast. The place after the last member is the server's outside, the one
 * after that is etcd's.
 */
final class Network {
  private final int[][] cuts;
  private final int[] slow;

  Network(int members) {
    cuts = new int[members + 2][members + 2];
    slow = new int[members + 2];
  }

  int outside() {
    return cuts.length - 2;
  }

  int store() {
    return cuts.length - 1;
  }

  boolean reaches(int from, int to) {
    return cuts[from][to] == 0;
  }

  boolean connects(int one, int other) {
    return reaches(one, other) && reaches(other, one);
  }

  boolean isSlow(int from, int to) {
    return slow[from] + slow[to] > 0;
  }

  void slowDown(int one) {
    slow[one]++;
  }

  void speedUp(int one) {
    slow[one]--;
  }

  void cut(int from, int to) {
    cuts[from][to]++;
  }

  void mend(int from, int to) {
    cuts[from][to]--;
  }

  void cutBoth(int one, int other) {
    cut(one, other);
    cut(other, one);
  }

  void mendBoth(int one, int other) {
    mend(one, other);
    mend(other, one);
  }

  /** What one sends arrives nowhere. */
  void mute(int one, int change) {
    for (int other = 0; other < cuts.length; other++) {
      cuts[one][other] += other == one ? 0 : change;
    }
  }

  /** The members of the group reach only each other; etcd is on the other side. */
  void divide(int group, int change) {
    for (int one = 0; one < store(); one++) {
      for (int other = 0; other < cuts.length; other++) {
        if (isIn(group, one) && !isIn(group, other)) {
          cuts[one][other] += change;
          cuts[other][one] += change;
        }
      }
    }
  }

  static boolean isIn(int group, int member) {
    return member < Integer.SIZE - 1 && (group >> member & 1) == 1;
  }

  void isolate(int one) {
    for (int other = 0; other < cuts.length; other++) {
      if (other != one) {
        cutBoth(one, other);
      }
    }
  }

  void rejoin(int one) {
    for (int other = 0; other < cuts.length; other++) {
      if (other != one) {
        mendBoth(one, other);
      }
    }
  }
}
