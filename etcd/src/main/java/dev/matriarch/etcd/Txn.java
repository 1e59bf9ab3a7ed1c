package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;

/**
 * If all compares hold, {@code then}, otherwise {@code otherwise}; at once.
 *
 * @param repeatable whether asking again, after an attempt whose answer was lost, still gives a
 *     true answer. A create-only put is not: the second attempt would see the first one's key and
 *     say no.
 */
public record Txn(List<Compare> when, List<Op> then, List<Op> otherwise, boolean repeatable) {
  public Txn {
    when = List.copyOf(requireNonNull(when, "when"));
    then = List.copyOf(requireNonNull(then, "then"));
    otherwise = List.copyOf(requireNonNull(otherwise, "otherwise"));
  }

  /** Unconditional: repeatable. */
  public static Txn of(Op... ops) {
    return new Txn(List.of(), List.of(ops), List.of(), true);
  }

  /** Conditional: sent once, as far as it cannot be known that it was not received. */
  public static Txn when(Compare... compares) {
    return new Txn(List.of(compares), List.of(), List.of(), false);
  }

  /** One compare more. */
  public Txn and(Compare compare) {
    List<Compare> all = Stream.concat(when.stream(), Stream.of(compare)).toList();
    return new Txn(all, then, otherwise, repeatable);
  }

  public Txn then(Op... ops) {
    return new Txn(when, List.of(ops), otherwise, repeatable);
  }

  public Txn otherwise(Op... ops) {
    return new Txn(when, then, List.of(ops), repeatable);
  }

  /** Declares that its compares hold again after it was applied. */
  public Txn asRepeatable() {
    return new Txn(when, then, otherwise, true);
  }
}
