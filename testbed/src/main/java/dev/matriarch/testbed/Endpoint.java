package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/** Where a client connects to. */
public sealed interface Endpoint {
  /** An address and port of the network the calling thread lives in. */
  record Tcp(String address, int port) implements Endpoint {
    /** Validates. */
    public Tcp {
      requireNonNull(address, "address is null");
      if (port < 1 || port > 65_535) {
        throw new IllegalArgumentException("port " + port + " is not within 1-65535");
      }
    }

    @Override
    public String toString() {
      return address + ":" + port;
    }
  }

  /** A server's Unix socket, which no cut of the network reaches. */
  record Local(Path socket) implements Endpoint {
    /** Validates. */
    public Local {
      requireNonNull(socket, "socket is null");
    }

    @Override
    public String toString() {
      return socket.toString();
    }
  }
}
