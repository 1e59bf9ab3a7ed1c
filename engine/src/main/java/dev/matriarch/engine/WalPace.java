package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How transactions and WAL went together on a primary lately, so that bytes can be told as
 * transactions.
 *
 * @param samples oldest first
 */
public record WalPace(List<Sample> samples) {
  private static final int MOST = 64;
  public static final WalPace NONE = new WalPace(List.of());

  /** At this end of the WAL, this was the number of the next transaction that writes. */
  public record Sample(Lsn flushed, long nextTransaction) {
    public Sample {
      requireNonNull(flushed, "flushed is null");
    }
  }

  public WalPace {
    samples = List.copyOf(samples);
  }

  /** With one more sample; what is older than the last few dozen is forgotten. */
  public WalPace after(Sample newest) {
    if (!samples.isEmpty() && samples.getLast().equals(newest)) {
      return this;
    }
    boolean goesOn = samples.isEmpty() || !samples.getLast().flushed().isBeyond(newest.flushed());
    List<Sample> more = new ArrayList<>(goesOn ? samples : List.of());
    more.add(newest);
    return new WalPace(more.subList(Math.max(0, more.size() - MOST), more.size()));
  }

  /** At most so many transactions wrote beyond {@code end}; empty when that is too long ago. */
  public OptionalLong transactionsBeyond(Lsn end) {
    if (samples.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!samples.getLast().flushed().isBeyond(end)) {
      return OptionalLong.of(0);
    }
    return samples.stream()
        .filter(sample -> !sample.flushed().isBeyond(end))
        .mapToLong(sample -> samples.getLast().nextTransaction() - sample.nextTransaction())
        .min();
  }
}
