package dev.matriarch.render;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server stores instead of a password: a SCRAM-SHA-256 verifier in the form of RFC 5803, as
 * PostgreSQL keeps it in {@code pg_authid} and PgBouncer in its user list.
 *
 * <p>PgBouncer can pass a SCRAM login on to the server only when both hold the very same verifier.
 * So it is computed here, once, with a salt that depends on cluster and user and on nothing else: a
 * salt is told to whoever asks to log in, therefore it must not depend on the password.
 */
public final class ScramVerifier {
  private static final int ITERATIONS = 4096;
  private static final int SALT_BYTES = 16;
  private static final String PREFIX = "SCRAM-SHA-256$";

  /** Of no password at all: whose key has a hash of zeros, nobody knows. */
  static final String UNUSABLE = verifier(new byte[SALT_BYTES], new byte[32], new byte[32]);

  private ScramVerifier() {}

  /**
   * The verifier of a user's password in a cluster; the same every time. A password that is a
   * verifier or an md5 hash already is returned as it is.
   */
  public static String of(String cluster, String user, String password) {
    if (password.isEmpty()) {
      throw new IllegalArgumentException("user " + user + ": an empty password cannot be used");
    }
    return isHashed(password) ? password : of(password, salt(cluster, user));
  }

  /** The verifier of a password with a given salt. */
  static String of(String password, byte[] salt) {
    var salted = iterate(normalized(password), salt);
    var storedKey = sha256(hmac(salted, "Client Key".getBytes(UTF_8)));
    var serverKey = hmac(salted, "Server Key".getBytes(UTF_8));
    return verifier(salt, storedKey, serverKey);
  }

  private static String verifier(byte[] salt, byte[] storedKey, byte[] serverKey) {
    var base64 = Base64.getEncoder();
    return PREFIX
        + ITERATIONS
        + ':'
        + base64.encodeToString(salt)
        + '$'
        + base64.encodeToString(storedKey)
        + ':'
        + base64.encodeToString(serverKey);
  }

  private static boolean isHashed(String password) {
    return password.startsWith(PREFIX) || password.matches("md5[0-9a-f]{32}");
  }

  private static byte[] salt(String cluster, String user) {
    var input = "matriarch scram salt\0" + cluster + '\0' + user;
    return Arrays.copyOf(sha256(input.getBytes(UTF_8)), SALT_BYTES);
  }

  /** SASLprep as clients do it: ASCII stays, other spaces become blanks, then form NFKC. */
  private static byte[] normalized(String password) {
    var mapped = new StringBuilder();
    password
        .codePoints()
        .filter(c -> c != 0xAD && c != 0x200B && c != 0xFEFF)
        .map(c -> Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c)
        .forEach(mapped::appendCodePoint);
    return Normalizer.normalize(mapped, Normalizer.Form.NFKC).getBytes(UTF_8);
  }

  private static byte[] iterate(byte[] password, byte[] salt) {
    var mac = keyed(password);
    var first = Arrays.copyOf(salt, salt.length + Integer.BYTES);
    first[first.length - 1] = 1;
    var u = mac.doFinal(first);
    var result = u.clone();
    for (int i = 1; i < ITERATIONS; i++) {
      u = mac.doFinal(u);
      for (int j = 0; j < result.length; j++) {
        result[j] ^= u[j];
      }
    }
    return result;
  }

  private static byte[] hmac(byte[] key, byte[] message) {
    return keyed(key).doFinal(message);
  }

  private static Mac keyed(byte[] key) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private static byte[] sha256(byte[] message) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
