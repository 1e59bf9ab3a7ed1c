package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/** How an effect ended. */
public sealed interface Outcome {

  /** It is done. */
  record Done() implements Outcome {}

  /** The world said no: somebody else was first, or the state had changed. */
  record Refused(String reason) implements Outcome {
    public Refused {
      requireNonNull(reason, "reason is null");
    }
  }

  /** It was tried and did not work. */
  record Failed(String reason) implements Outcome {
    public Failed {
      requireNonNull(reason, "reason is null");
    }
  }

  /** No answer came: it may or may not have happened. */
  record Unknown(String reason) implements Outcome {
    public Unknown {
      requireNonNull(reason, "reason is null");
    }
  }
}
