package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

/**
 * What a server stores instead of a password: {@code SCRAM-SHA-256$4096:salt$StoredKey:ServerKey}
 * (RFC 5803). Made here, so that the password itself never reaches the server or its log;
 * PgBouncer's user list takes the same text.
 */
public record ScramVerifier(String text) {
  public ScramVerifier {
    requireNonNull(text, "text");
  }

  @Override
  public String toString() {
    return "SCRAM-SHA-256$***";
  }
}
