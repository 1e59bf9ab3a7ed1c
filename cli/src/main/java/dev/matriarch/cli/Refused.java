package dev.matriarch.cli;

import java.util.List;

/**
 * A verb that cannot do what it was asked, for reasons the operator can mend. Printed as one line
 * each on stderr without a stack trace; the exit code is 1, or 2 where the command line says what
 * no verb could do.
 */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> reasons;
  private final ExitCode code;

  /** One or more reasons, each a complete sentence naming the thing, the rule and the way out. */
  public Refused(List<String> reasons) {
    this(reasons, ExitCode.REFUSED);
  }

  private Refused(List<String> reasons, ExitCode code) {
    super(String.join("\n", reasons));
    this.reasons = List.copyOf(reasons);
    this.code = code;
    if (reasons.isEmpty()) {
      throw new IllegalArgumentException("a refusal needs a reason");
    }
  }

  /** A refusal for one reason. */
  public Refused(String reason) {
    this(List.of(reason));
  }

  /** The value of an option is wrong, whatever the inventory and the clusters are like. */
  static Refused usage(String reason) {
    return new Refused(List.of(reason), ExitCode.USAGE);
  }

  /** What the operating system is told. */
  ExitCode code() {
    return code;
  }

  /** Every reason, in the order found. */
  public List<String> reasons() {
    return reasons;
  }
}
