package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import dev.matriarch.etcd.KeyFile;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What this agent shows to other agents ({@code ctl}, falling back to {@code restapi} for the
 * authority and the credentials, never for the certificate).
 *
 * @param ca who signs the peers' certificates; empty for the system's authorities
 * @param certificate our own, with its key
 * @param insecure do not check the peers' certificates
 */
public record PeerAccess(
    Optional<Path> ca,
    Optional<Certificate> certificate,
    boolean insecure,
    Optional<Credentials> authentication) {
  public static final PeerAccess PLAIN =
      new PeerAccess(Optional.empty(), Optional.empty(), false, Optional.empty());

  /** A certificate and its private key, PEM. */
  public record Certificate(Path certificate, KeyFile key) {
    public Certificate {
      requireNonNull(certificate, "certificate is null");
      requireNonNull(key, "key is null");
    }
  }

  public PeerAccess {
    requireNonNull(ca, "ca is null");
    requireNonNull(certificate, "certificate is null");
    requireNonNull(authentication, "authentication is null");
  }
}
