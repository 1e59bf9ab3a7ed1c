package dev.matriarch.cli;

import java.util.List;

/**
 * A verb that cannot do what it was asked, for reasons the operator can mend. Printed as one line
 * each on stderr without a stack trace; the exit code is 1.
 */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> reasons;

  /** One or more reasons, each a complete sentence naming the thing, the rule and the way out. */
  public Refused(List<String> reasons) {
    super(String.join("\n", reasons));
    this.reasons = List.copyOf(reasons);
    if (reasons.isEmpty()) {
      throw new IllegalArgumentException("a refusal needs a reason");
    }
  }

  /** A refusal for one reason. */
  public Refused(String reason) {
    this(List.of(reason));
  }

  /** Every reason, in the order found. */
  public List<String> reasons() {
    return reasons;
  }
}
