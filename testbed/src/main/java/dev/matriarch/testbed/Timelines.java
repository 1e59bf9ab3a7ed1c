package dev.matriarch.testbed;

import java.util.List;
import java.util.Optional;

/** What the timelines of acknowledged writes prove. Stateless. */
public final class Timelines {
  /** SQL for the timeline a primary writes on; fails on a standby. */
  static final String CURRENT =
      "('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int";

  private Timelines() {}

  /**
   * Proof that two servers acknowledged writes at once: a write on an older timeline was sent after
   * one on a newer timeline was acknowledged.
   */
  public record Overlap(Attempt.Acknowledged newer, Attempt.Acknowledged older) {}

  /** The first such proof among acknowledgements, be they of several clients of one ticker. */
  public static Optional<Overlap> overlap(List<Attempt.Acknowledged> all) {
    List<Integer> timelines =
        all.stream().map(Attempt.Acknowledged::timeline).distinct().sorted().toList();
    for (int timeline : timelines) {
      Optional<Attempt.Acknowledged> first =
          all.stream()
              .filter(write -> write.timeline() == timeline)
              .min((one, other) -> Long.compare(one.answered(), other.answered()));
      Optional<Overlap> found =
          first.flatMap(
              newer ->
                  all.stream()
                      .filter(write -> write.timeline() < timeline)
                      .filter(write -> write.sent() - newer.answered() > 0)
                      .findFirst()
                      .map(older -> new Overlap(newer, older)));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }
}
