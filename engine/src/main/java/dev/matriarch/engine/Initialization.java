package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/** What the {@code initialize} key says: whether the cluster's data exists yet. */
public sealed interface Initialization {

  /** No key: the cluster was never bootstrapped. */
  record Absent() implements Initialization {}

  /** An empty value: the winner of the race is bootstrapping. */
  record InProgress() implements Initialization {}

  /** The cluster exists and its servers carry this system identifier. */
  record Done(String systemIdentifier) implements Initialization {
    public Done {
      requireNonNull(systemIdentifier, "systemIdentifier is null");
    }
  }
}
