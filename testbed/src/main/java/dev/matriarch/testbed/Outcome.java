package dev.matriarch.testbed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What came of a {@link Scenario}.
 *
 * @param leaderBefore host of the primary before
 * @param after the servers in the end
 * @param gap longest time without an acknowledged write, from the fault on
 * @param readGap longest time without an answer from port 5434, from the fault on
 * @param verdict what became of the rows; empty when there is no one primary to ask
 * @param trouble why the cluster did not settle; empty when it did
 */
public record Outcome(
    Fault fault,
    String leaderBefore,
    ClusterView after,
    Duration gap,
    ClientLog writer,
    Duration readGap,
    WatchReport watched,
    Optional<Verdict> verdict,
    Optional<String> trouble) {

  /**
   * All that is wrong with it; empty when all is well.
   *
   * @param zeroLoss whether no acknowledged write may be lost (synchronous mode)
   */
  public List<String> faults(boolean zeroLoss) {
    List<String> wrong = new ArrayList<>();
    trouble.ifPresent(wrong::add);
    if (!after.settled()) {
      wrong.add("not settled: " + after);
    }
    leaderFault().ifPresent(wrong::add);
    wrong.addAll(twoWriters(watched, writer));
    if (verdict.isEmpty()) {
      wrong.add("no one primary to ask for the rows");
    }
    verdict.ifPresent(
        rows -> {
          if (!rows.doubled().isEmpty()) {
            wrong.add("rows are there twice: " + rows.doubled());
          }
          if (zeroLoss && !rows.lost().isEmpty()) {
            wrong.add("acknowledged rows are lost: " + rows.lost());
          }
        });
    return List.copyOf(wrong);
  }

  /** Every moment of two writers that either of them saw. */
  static List<String> twoWriters(WatchReport watched, ClientLog writer) {
    List<String> wrong = new ArrayList<>();
    watched.overlaps().forEach(overlap -> wrong.add("two writers at once: " + overlap));
    Timelines.overlap(writer.acknowledged())
        .ifPresent(overlap -> wrong.add("two writers at once, seen by a client: " + overlap));
    return wrong;
  }

  private Optional<String> leaderFault() {
    String now = after.primary().orElse("nobody");
    boolean right =
        switch (fault.expected().leader()) {
          case SAME -> now.equals(leaderBefore);
          case ANOTHER -> !now.equals(leaderBefore);
          case EITHER -> true;
        };
    return right
        ? Optional.empty()
        : Optional.of(
            "leader was %s and is %s, expected: %s"
                .formatted(leaderBefore, now, fault.expected().leader()));
  }

  /** One line for a report. */
  public String line() {
    return "%s: write gap %d ms, read gap %d ms, %d errors, %d acknowledged, %s -> %s"
        .formatted(
            fault.title(),
            gap.toMillis(),
            readGap.toMillis(),
            writer.errors().size(),
            verdict.map(Verdict::acknowledged).orElse(0),
            leaderBefore,
            after.primary().orElse("nobody"));
  }
}
