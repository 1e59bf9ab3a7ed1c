package dev.matriarch.etcd;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A private key in PEM, among other things perhaps: PKCS#8, with a password or without, and what
 * older tools write for RSA and elliptic curves.
 *
 * @param file where it is
 * @param password opens it; empty for none
 * @param setting where the password is given, for messages; empty where there is no such place
 */
public record KeyFile(Path file, String password, String setting) {
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN ((?:RSA |EC |ENCRYPTED )?)PRIVATE KEY-----(.*?)-----END \\1PRIVATE KEY-----",
          Pattern.DOTALL);
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

  public KeyFile {
    requireNonNull(file, "file is null");
    requireNonNull(password, "password is null");
    requireNonNull(setting, "setting is null");
  }

  /** One without a password. */
  public static KeyFile plain(Path file) {
    return new KeyFile(file, "", "");
  }

  @Override
  public String toString() {
    return "KeyFile[" + file + "]";
  }

  /**
   * Reads and opens it.
   *
   * @throws IOException naming the file, what is wrong with it and the way out
   */
  public PrivateKey read() throws IOException {
    Matcher matcher = KEY.matcher(content());
    if (!matcher.find()) {
      throw new IOException(file + " holds no private key in PEM");
    }
    String text = matcher.group(2);
    if (text.contains("Proc-Type:")) {
      throw new IOException(
          file + " is encrypted in an old way; convert it with `openssl pkcs8 -topk8`");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " holds a key that is not whole: " + e.getMessage(), e);
    }
    try {
      return switch (matcher.group(1)) {
        case "RSA " -> key(new PKCS8EncodedKeySpec(OldKeys.rsa(der)));
        case "EC " -> key(new PKCS8EncodedKeySpec(OldKeys.curve(der)));
        case "ENCRYPTED " -> decrypted(der);
        default -> key(new PKCS8EncodedKeySpec(der));
      };
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " cannot be used as a key: " + e.getMessage(), e);
    }
  }

  private String content() throws IOException {
    try {
      return new String(Files.readAllBytes(file), US_ASCII);
    } catch (IOException e) {
      throw new IOException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private PrivateKey key(PKCS8EncodedKeySpec spec) throws GeneralSecurityException, IOException {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // A key of another kind: the next may fit.
      }
    }
    throw new IOException(file + " holds a key that is none of " + ALGORITHMS);
  }

  private PrivateKey decrypted(byte[] der) throws GeneralSecurityException, IOException {
    if (password.isEmpty()) {
      String wayOut =
          setting.isEmpty()
              ? "convert it with `openssl pkcs8 -topk8 -nocrypt`"
              : "set " + setting + " to its password";
      throw new IOException(file + " is encrypted; " + wayOut);
    }
    if (!password.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new IOException(setting + " has a character beyond ASCII, which cannot open " + file);
    }
    EncryptedPrivateKeyInfo info;
    Cipher cipher;
    SecretKeyFactory keys;
    AlgorithmParameters parameters;
    try {
      info = new EncryptedPrivateKeyInfo(der);
      parameters = info.getAlgParameters();
      // That the parameters name the scheme is how the JDK tells which of PBES2 it is.
      String scheme = info.getAlgName().equals("PBES2") ? parameters.toString() : info.getAlgName();
      keys = SecretKeyFactory.getInstance(scheme);
      cipher = Cipher.getInstance(scheme);
    } catch (GeneralSecurityException | IOException e) {
      throw new IOException(
          file
              + " is encrypted in a way that is not known here; convert it with"
              + " `openssl pkcs8 -topk8 -v2 aes-256-cbc`",
          e);
    }
    PKCS8EncodedKeySpec spec;
    try {
      cipher.init(
          Cipher.DECRYPT_MODE,
          keys.generateSecret(new PBEKeySpec(password.toCharArray())),
          parameters);
      spec = info.getKeySpec(cipher);
    } catch (GeneralSecurityException e) {
      throw new IOException(setting + " does not open " + file, e);
    }
    return key(spec);
  }
}
