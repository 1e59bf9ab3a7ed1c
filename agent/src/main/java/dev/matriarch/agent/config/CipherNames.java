package dev.matriarch.agent.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cipher suites of TLS 1.2 as OpenSSL calls them ({@code restapi.ciphers}). */
final class CipherNames {
  private static final Pattern OPENSSL =
      Pattern.compile(
          "(?:(ECDHE|DHE)-(RSA|ECDSA)-)?"
              + "(?:AES(128|256)-(GCM-)?(SHA(?:256|384)?)|(CHACHA20-POLY1305))");

  private CipherNames() {}

  /** The name in the standard; empty for a group, or a suite that is none of today's. */
  static Optional<String> standard(String openssl) {
    if (openssl.startsWith("TLS_")) {
      return Optional.of(openssl);
    }
    Matcher matcher = OPENSSL.matcher(openssl);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String exchange = matcher.group(1) == null ? "RSA" : matcher.group(1) + "_" + matcher.group(2);
    String cipher =
        matcher.group(6) == null
            ? "AES_%s_%s_%s"
                .formatted(
                    matcher.group(3), matcher.group(4) == null ? "CBC" : "GCM", matcher.group(5))
            : "CHACHA20_POLY1305_SHA256";
    return Optional.of("TLS_" + exchange + "_WITH_" + cipher);
  }
}
