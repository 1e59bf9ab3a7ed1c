package dev.matriarch.chronicle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One move of the lead to a member whose server was promoted, from its cause to the first client
 * that was sent there.
 *
 * @param asked somebody asked for it: a switchover or a manual failover
 * @param from who led before; empty when nobody was seen to
 * @param to who leads now
 * @param steps in the order of their times
 * @param served when the first clients were sent to the new primary; its promotion where none were
 */
public record LeadMove(boolean asked, String from, String to, List<Step> steps, Instant served) {
  public LeadMove {
    requireNonNull(from, "from is null");
    requireNonNull(to, "to is null");
    steps = List.copyOf(steps);
    requireNonNull(served, "served is null");
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a move has at least the promotion");
    }
  }

  public Instant begin() {
    return steps.getFirst().at();
  }

  /** From the last sign of life of the former leader until clients were served again. */
  public Duration duration() {
    return Duration.between(begin(), served);
  }
}
