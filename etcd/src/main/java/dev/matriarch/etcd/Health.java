package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What one endpoint says about itself. */
public sealed interface Health {

  Endpoint endpoint();

  /**
   * It answers.
   *
   * @param leads whether it is etcd's leader
   * @param leader whether it knows one
   * @param databaseBytes size of its database
   * @param errors what it complains about, its alarms among them
   */
  record Answers(
      Endpoint endpoint,
      String version,
      boolean leads,
      boolean leader,
      long databaseBytes,
      List<String> errors)
      implements Health {
    public Answers {
      requireNonNull(endpoint, "endpoint");
      requireNonNull(version, "version");
      errors = List.copyOf(requireNonNull(errors, "errors"));
    }
  }

  /** It does not. */
  record Silent(Endpoint endpoint, EtcdFailure failure) implements Health {
    public Silent {
      requireNonNull(endpoint, "endpoint");
      requireNonNull(failure, "failure");
    }
  }
}
