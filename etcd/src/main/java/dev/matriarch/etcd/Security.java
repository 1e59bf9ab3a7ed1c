package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/** How the connection to etcd is protected. The files are PEM; keys have no password. */
public sealed interface Security {

  /** No TLS. */
  record Plain() implements Security {}

  /**
   * TLS that checks the server's certificate.
   *
   * @param ca certificates that may sign the server's
   */
  record ServerTls(Path ca) implements Security {
    public ServerTls {
      requireNonNull(ca, "ca");
    }
  }

  /**
   * TLS that checks the server's certificate and shows one of our own.
   *
   * @param ca certificates that may sign the server's
   * @param certificate our certificate chain
   * @param key its private key
   */
  record MutualTls(Path ca, Path certificate, Path key) implements Security {
    public MutualTls {
      requireNonNull(ca, "ca");
      requireNonNull(certificate, "certificate");
      requireNonNull(key, "key");
    }
  }
}
