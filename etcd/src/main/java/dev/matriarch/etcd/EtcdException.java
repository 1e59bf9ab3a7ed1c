package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

/** A call to etcd that brought no answer. */
public final class EtcdException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient EtcdFailure failure;
  private final boolean maybeApplied;

  EtcdException(EtcdFailure failure, boolean maybeApplied) {
    super(requireNonNull(failure, "failure").message());
    this.failure = failure;
    this.maybeApplied = maybeApplied;
  }

  public EtcdFailure failure() {
    return failure;
  }

  /** Whether the request may have taken effect, or still may: its answer was lost. */
  public boolean maybeApplied() {
    return maybeApplied;
  }
}
