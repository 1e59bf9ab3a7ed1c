package dev.matriarch.testbed;

import java.util.List;

/** The ports an application knows, one HAProxy on each host. */
public enum Service {
  /** Read and write through the pooler. */
  PRIMARY(5433, true),
  /** Read only through the pooler. */
  REPLICA(5434, false),
  /** Read and write, straight to the primary. */
  DEFAULT(5436, true),
  /** Straight to the server that is set apart for analysis. */
  OFFLINE(5438, false);

  private final int port;
  private final boolean writes;

  Service(int port, boolean writes) {
    this.port = port;
    this.writes = writes;
  }

  /** The port. */
  public int port() {
    return port;
  }

  /** True when it must lead to the primary. */
  public boolean writes() {
    return writes;
  }

  /** The same service on each of the hosts. */
  public List<Endpoint.Tcp> on(List<Host> hosts) {
    return hosts.stream().map(host -> new Endpoint.Tcp(host.address(), port)).toList();
  }
}
