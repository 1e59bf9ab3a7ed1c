package dev.matriarch.agent.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.matriarch.etcd.KeyFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Certificates from PEM files. Failures name the file. */
final class Pem {
  private static final Pattern CERTIFICATES =
      Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);

  private Pem() {}

  static X509ExtendedKeyManager identity(Path certificate, KeyFile key) throws IOException {
    char[] none = new char[0];
    try {
      Certificate[] chain = certificates(certificate).toArray(Certificate[]::new);
      PrivateKey secret = key.read();
      requirePair(certificate, chain[0], key.file(), secret);
      KeyStore store = emptyStore();
      store.setKeyEntry("us", secret, none, chain);
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(store, none);
      return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
    } catch (GeneralSecurityException e) {
      throw new IOException(
          certificate + " with key " + key.file() + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** Files replaced one after the other do not fit for a moment: that is not to be served. */
  private static void requirePair(
      Path certificateFile, Certificate certificate, Path keyFile, PrivateKey key)
      throws GeneralSecurityException, IOException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    byte[] probe = {1};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(probe);
    byte[] signed = signature.sign();
    boolean fits = certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm());
    if (fits) {
      signature.initVerify(certificate.getPublicKey());
      signature.update(probe);
      fits = signature.verify(signed);
    }
    if (!fits) {
      throw new IOException(keyFile + " is not the key of " + certificateFile);
    }
  }

  static X509ExtendedTrustManager trust(Path authorities) throws IOException {
    try {
      KeyStore store = emptyStore();
      int number = 0;
      for (Certificate certificate : certificates(authorities)) {
        store.setCertificateEntry("ca" + number++, certificate);
      }
      return trust(store);
    } catch (GeneralSecurityException e) {
      throw new IOException(authorities + " cannot be used as authority: " + e.getMessage(), e);
    }
  }

  private static X509ExtendedTrustManager trust(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws GeneralSecurityException, IOException {
    StringBuilder found = new StringBuilder();
    Matcher matcher = CERTIFICATES.matcher(content(file));
    while (matcher.find()) {
      found.append(matcher.group()).append('\n');
    }
    if (found.isEmpty()) {
      throw new IOException(file + " holds no certificate");
    }
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(found.toString().getBytes(US_ASCII)));
  }

  private static String content(Path file) throws IOException {
    try {
      return Files.readString(file, US_ASCII);
    } catch (IOException e) {
      throw new IOException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
