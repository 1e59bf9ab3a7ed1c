package dev.matriarch.agent.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * How connections are encrypted.
 *
 * @param context with the server's certificate and whom it trusts
 */
public record TlsTerms(SSLContext context, ClientCertificate certificate) {

  /** Whether a client is asked for a certificate. */
  public enum ClientCertificate {
    NOT_ASKED,
    ASKED,
    REQUIRED
  }

  public TlsTerms {
    requireNonNull(context, "context is null");
    requireNonNull(certificate, "certificate is null");
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
    socket.startHandshake();
    return socket;
  }
}
