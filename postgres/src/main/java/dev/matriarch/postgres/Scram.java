package dev.matriarch.postgres;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes and checks {@link ScramVerifier}s (RFC 5802, RFC 5803). */
final class Scram {
  private static final int ITERATIONS = 4096;
  private static final int SALT_BYTES = 16;
  private static final Pattern VERIFIER =
      Pattern.compile("SCRAM-SHA-256\\$(\\d{1,9}):([A-Za-z0-9+/=]+)\\$[A-Za-z0-9+/=:]+");

  private final SecureRandom random;

  Scram(SecureRandom random) {
    this.random = random;
  }

  /** The verifier of a password; a password that is a verifier already stays what it is. */
  ScramVerifier verifier(Secret password) {
    if (VERIFIER.matcher(password.reveal()).matches()) {
      return new ScramVerifier(password.reveal());
    }
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return verifier(password, salt, ITERATIONS);
  }

  /** True when the stored text was made from this password, or is it. */
  static boolean matches(String stored, Secret password) {
    if (MessageDigest.isEqual(
        stored.getBytes(StandardCharsets.UTF_8),
        password.reveal().getBytes(StandardCharsets.UTF_8))) {
      return true;
    }
    Matcher matcher = VERIFIER.matcher(stored);
    if (!matcher.matches()) {
      return false;
    }
    byte[] salt = Base64.getDecoder().decode(matcher.group(2));
    String again = verifier(password, salt, Integer.parseInt(matcher.group(1))).text();
    return MessageDigest.isEqual(
        again.getBytes(StandardCharsets.US_ASCII), stored.getBytes(StandardCharsets.US_ASCII));
  }

  static ScramVerifier verifier(Secret password, byte[] salt, int iterations) {
    try {
      byte[] salted = salted(prepared(password.reveal()), salt, iterations);
      byte[] clientKey = hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII));
      byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
      byte[] serverKey = hmac(salted, "Server Key".getBytes(StandardCharsets.US_ASCII));
      Base64.Encoder base64 = Base64.getEncoder();
      return new ScramVerifier(
          "SCRAM-SHA-256$%d:%s$%s:%s"
              .formatted(
                  iterations,
                  base64.encodeToString(salt),
                  base64.encodeToString(storedKey),
                  base64.encodeToString(serverKey)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java lacks HMAC-SHA-256", e);
    }
  }

  /** PBKDF2 with one block, on bytes: the JDK's own takes characters only. */
  private static byte[] salted(byte[] password, byte[] salt, int iterations)
      throws GeneralSecurityException {
    byte[] first = Arrays.copyOf(salt, salt.length + Integer.BYTES);
    first[first.length - 1] = 1;
    Mac mac = mac(password);
    byte[] round = mac.doFinal(first);
    byte[] result = round.clone();
    for (int i = 1; i < iterations; i++) {
      round = mac.doFinal(round);
      for (int j = 0; j < result.length; j++) {
        result[j] ^= round[j];
      }
    }
    return result;
  }

  private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
    return mac(key).doFinal(data);
  }

  private static Mac mac(byte[] key) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac;
  }

  /**
   * SASLprep (RFC 4013) as the server does it: a password that the profile forbids is taken as it
   * is.
   */
  private static byte[] prepared(String password) {
    String text = password;
    if (password.chars().anyMatch(c -> c > 0x7E)) {
      String mapped =
          password
              .codePoints()
              .filter(c -> !mappedToNothing(c))
              .map(c -> Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c)
              .mapToObj(Character::toString)
              .collect(Collectors.joining());
      String normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
      boolean allowed = !normal.isEmpty() && normal.codePoints().noneMatch(Scram::prohibited);
      text = allowed ? normal : password;
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean mappedToNothing(int c) {
    return c == 0xAD
        || c == 0x34F
        || c == 0x1806
        || (c >= 0x180B && c <= 0x180D)
        || (c >= 0x200B && c <= 0x200D)
        || c == 0x2060
        || (c >= 0xFE00 && c <= 0xFE0F)
        || c == 0xFEFF;
  }

  private static boolean prohibited(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
