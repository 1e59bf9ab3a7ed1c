package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What a {@link WriterWatch} saw.
 *
 * @param samples per way in the order of time
 */
public record WatchReport(List<Sample> samples) {
  /** Freezes. */
  public WatchReport {
    samples = List.copyOf(samples);
  }

  /** One write tried on one server. */
  public record Sample(String server, Attempt attempt) {
    /** Validates. */
    public Sample {
      requireNonNull(server, "server is null");
      requireNonNull(attempt, "attempt is null");
    }
  }

  /**
   * Two servers acknowledged writes at once.
   *
   * @param during from the first to the last acknowledgement of {@code stale} that should not be
   * @param acknowledgements how many samples of {@code stale} those are
   */
  public record Overlap(String stale, String current, Span during, int acknowledgements) {}

  private record Ack(String server, Attempt.Acknowledged write) {}

  /** Servers that acknowledged anything. */
  public List<String> writers() {
    return List.copyOf(new TreeSet<>(acknowledged().stream().map(Ack::server).toList()));
  }

  /**
   * All overlaps. A server that acknowledges a write sent after another one acknowledged one on a
   * newer timeline should have stopped; and a timeline has only ever one writer, whenever that is.
   * Acknowledgements that may as well have come in the right order are no overlap.
   */
  public List<Overlap> overlaps() {
    List<Ack> all = acknowledged();
    List<Overlap> found = new ArrayList<>();
    for (String stale : writers()) {
      for (String current : writers()) {
        List<Attempt.Acknowledged> wrong =
            stale.equals(current) ? List.of() : wrong(of(stale, all), of(current, all));
        if (!wrong.isEmpty()) {
          Span during =
              new Span(
                  wrong.stream().mapToLong(Attempt::sent).min().orElseThrow(),
                  wrong.stream().mapToLong(Attempt::answered).max().orElseThrow());
          found.add(new Overlap(stale, current, during, wrong.size()));
        }
      }
    }
    return List.copyOf(found);
  }

  private static List<Attempt.Acknowledged> wrong(
      List<Attempt.Acknowledged> stale, List<Attempt.Acknowledged> current) {
    return stale.stream()
        .filter(
            old ->
                current.stream()
                    .anyMatch(
                        other ->
                            old.timeline() == other.timeline()
                                || (old.timeline() < other.timeline()
                                    && old.sent() - other.answered() > 0)))
        .toList();
  }

  private static List<Attempt.Acknowledged> of(String server, List<Ack> all) {
    return all.stream().filter(ack -> ack.server().equals(server)).map(Ack::write).toList();
  }

  private List<Ack> acknowledged() {
    List<Ack> acks = new ArrayList<>();
    for (Sample sample : samples) {
      if (sample.attempt() instanceof Attempt.Acknowledged write) {
        acks.add(new Ack(sample.server(), write));
      }
    }
    return acks;
  }
}
