package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where one server's history left another's.
 *
 * @param at the end of what both have in common
 * @param stretches what the one has beyond it, oldest first
 */
record Divergence(Lsn at, List<Stretch> stretches) {

  /**
   * WAL of one timeline.
   *
   * @param to where the next timeline goes on; empty for the last one
   */
  record Stretch(int timeline, Lsn from, Optional<Lsn> to) {
    Stretch {
      requireNonNull(from, "from");
      requireNonNull(to, "to");
    }
  }

  Divergence {
    requireNonNull(at, "at");
    stretches = List.copyOf(stretches);
  }

  /**
   * As pg_rewind finds it: the last timeline that both were on, up to where the first of them left
   * it.
   *
   * @param namesake what both call by the number of {@code own}'s timeline are two: each began one
   * @return empty when nothing can have diverged, as the other is still on the timeline of the one
   */
  static Optional<Divergence> between(
      TimelineHistory own, TimelineHistory other, boolean namesake) {
    List<Stretch> mine = stretches(own);
    List<Stretch> theirs = stretches(other);
    int common = 0;
    while (common < Math.min(mine.size(), theirs.size())
        && mine.get(common).timeline() == theirs.get(common).timeline()
        && mine.get(common).from().equals(theirs.get(common).from())
        && !(namesake && mine.get(common).timeline() == own.timeline())) {
      common++;
    }
    if (common == 0) {
      return Optional.of(new Divergence(Lsn.ZERO, mine));
    }
    Stretch last = mine.get(common - 1);
    Optional<Lsn> end = first(last.to(), theirs.get(common - 1).to());
    if (end.isEmpty()) {
      return Optional.empty();
    }
    List<Stretch> beyond = new ArrayList<>();
    beyond.add(new Stretch(last.timeline(), end.get(), last.to()));
    beyond.addAll(mine.subList(common, mine.size()));
    beyond.removeIf(stretch -> stretch.to().filter(stretch.from()::equals).isPresent());
    return Optional.of(new Divergence(end.get(), beyond));
  }

  private static Optional<Lsn> first(Optional<Lsn> one, Optional<Lsn> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    return one.get().reached(other.get()) ? other : one;
  }

  private static List<Stretch> stretches(TimelineHistory history) {
    List<Stretch> all = new ArrayList<>();
    Lsn from = Lsn.ZERO;
    for (TimelineHistory.Switch left : history.ancestors()) {
      all.add(new Stretch(left.timeline(), from, Optional.of(left.at())));
      from = left.at();
    }
    all.add(new Stretch(history.timeline(), from, Optional.empty()));
    return all;
  }
}
