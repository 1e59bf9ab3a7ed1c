package dev.matriarch.agent.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * How connections are encrypted.
 *
 * @param context with the server's certificate and whom it trusts
 * @param ciphers the suites of TLS 1.2 that are permitted; empty for all that the JDK has on
 */
public record TlsTerms(SSLContext context, ClientCertificate certificate, List<String> ciphers) {
  /** How the names of TLS 1.3's suites are told: they name no key exchange. */
  private static final Pattern MODERN = Pattern.compile("TLS_(?!.*_WITH_).*");

  /** Whether a client is asked for a certificate. */
  public enum ClientCertificate {
    NOT_ASKED,
    ASKED,
    REQUIRED
  }

  public TlsTerms {
    requireNonNull(context, "context is null");
    requireNonNull(certificate, "certificate is null");
    ciphers = List.copyOf(ciphers);
  }

  /** The client's hello is awaited here. */
  SSLSocket accept(Socket raw) throws IOException {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(raw, null, true);
    socket.setUseClientMode(false);
    switch (certificate) {
      case NOT_ASKED -> socket.setWantClientAuth(false);
      case ASKED -> socket.setWantClientAuth(true);
      case REQUIRED -> socket.setNeedClientAuth(true);
    }
    if (!ciphers.isEmpty()) {
      socket.setEnabledCipherSuites(
          Arrays.stream(socket.getSupportedCipherSuites())
              .filter(suite -> MODERN.matcher(suite).matches() || ciphers.contains(suite))
              .toArray(String[]::new));
    }
    socket.startHandshake();
    return socket;
  }
}
