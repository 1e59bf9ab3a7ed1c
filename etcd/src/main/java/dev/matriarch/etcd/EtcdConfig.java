package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Where etcd is and how to talk to it.
 *
 * @param endpoints tried in this order, round and round
 */
public record EtcdConfig(
    List<Endpoint> endpoints, Security security, Login login, Timeouts timeouts) {

  public EtcdConfig {
    endpoints = List.copyOf(endpoints);
    requireNonNull(security, "security");
    requireNonNull(login, "login");
    requireNonNull(timeouts, "timeouts");
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("etcd: no endpoint is given");
    }
    for (Endpoint endpoint : endpoints) {
      if (endpoint.secure() == (security instanceof Security.Plain)) {
        throw new IllegalArgumentException(
            "etcd endpoint "
                + endpoint.uri()
                + ": https and certificates go together, give both or neither");
      }
    }
  }

  /** Plain, anonymous, default timeouts. */
  public static EtcdConfig of(List<Endpoint> endpoints) {
    return new EtcdConfig(endpoints, new Security.Plain(), new Login.Anonymous(), Timeouts.DEFAULT);
  }

  public EtcdConfig withSecurity(Security newSecurity) {
    return new EtcdConfig(endpoints, newSecurity, login, timeouts);
  }

  public EtcdConfig withLogin(Login newLogin) {
    return new EtcdConfig(endpoints, security, newLogin, timeouts);
  }

  public EtcdConfig withTimeouts(Timeouts newTimeouts) {
    return new EtcdConfig(endpoints, security, login, newTimeouts);
  }
}
