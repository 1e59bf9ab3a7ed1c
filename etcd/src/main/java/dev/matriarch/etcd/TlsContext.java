package dev.matriarch.etcd;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** PEM files to an {@link SSLContext}. */
final class TlsContext {

  private TlsContext() {}

  /**
   * @throws IllegalArgumentException naming the file and what is wrong with it
   */
  static SSLContext of(Security security) {
    return switch (security) {
      case Security.Plain _ -> none();
      case Security.ServerTls tls -> context(new KeyManager[0], tls.ca());
      case Security.MutualTls tls -> context(identity(tls.certificate(), tls.key()), tls.ca());
    };
  }

  /**
   * Trusts nobody, for a client that does without TLS. Given none, the JDK's client reads all of
   * the system's authorities, which takes longer than everything else that a command does.
   */
  private static SSLContext none() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[0], new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
  }

  private static SSLContext context(KeyManager[] identity, Path ca) {
    try {
      KeyStore trusted = emptyStore();
      int n = 0;
      for (Certificate certificate : certificates(ca)) {
        trusted.setCertificateEntry("ca" + n++, certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(identity, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(ca + ": cannot be used as CA: " + e.getMessage(), e);
    }
  }

  private static KeyManager[] identity(Path certificate, Path key) {
    try {
      KeyStore store = emptyStore();
      char[] none = new char[0];
      store.setKeyEntry(
          "us",
          KeyFile.plain(key).read(),
          none,
          certificates(certificate).toArray(Certificate[]::new));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, none);
      return factory.getKeyManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          certificate + " with key " + key + ": cannot be used: " + e.getMessage(), e);
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static List<Certificate> certificates(Path file)
      throws GeneralSecurityException, IOException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<Certificate> found =
        new ArrayList<>(
            factory.generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file))));
    if (found.isEmpty()) {
      throw new IOException(file + " holds no certificate");
    }
    return found;
  }
}
