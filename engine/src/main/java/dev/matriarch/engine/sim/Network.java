package dev.matriarch.engine.sim;

/** Who reaches whom. The place after the last member is etcd's. */
final class Network {
  private final int[][] cuts;

  Network(int members) {
    cuts = new int[members + 1][members + 1];
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
