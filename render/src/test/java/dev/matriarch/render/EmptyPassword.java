package dev.matriarch.render;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A client that logs in with SCRAM and an empty password, which the usual ones refuse to try: what
 * lets it in lets in everybody.
 */
final class EmptyPassword {
  private static final byte[] EMPTY = {0}; // The same key to an HMAC, and Java takes it.

  private EmptyPassword() {}

  /** What the other side says to it: {@code E} and an error, or {@code R} and that it is in. */
  static String login(String address, int port, String user, String database)
      throws IOException, GeneralSecurityException {
    try (var socket = new Socket(address, port)) {
      socket.setSoTimeout(10_000);
      var in = new DataInputStream(socket.getInputStream());
      var out = new DataOutputStream(socket.getOutputStream());
      var hello = "user\0" + user + "\0database\0" + database + "\0\0";
      out.writeInt(hello.length() + 8);
      out.writeInt(3 << 16);
      out.write(hello.getBytes(UTF_8));
      var offered = answer(in);
      if (!offered.contains("SCRAM-SHA-256")) {
        return offered;
      }
      var bare = "n=,r=empty";
      var first = new ByteArrayOutputStream();
      var fields = new DataOutputStream(first);
      fields.write("SCRAM-SHA-256\0".getBytes(UTF_8));
      fields.writeInt(bare.length() + 3);
      fields.write(("n,," + bare).getBytes(UTF_8));
      send(out, first.toByteArray());
      var challenge = answer(in);
      if (challenge.startsWith("E")) {
        return challenge;
      }
      send(out, proof(bare, challenge.substring(5)).getBytes(UTF_8));
      return answer(in);
    }
  }

  private static String proof(String bare, String challenge) throws GeneralSecurityException {
    Map<String, String> told =
        Stream.of(challenge.split(","))
            .map(part -> part.split("=", 2))
            .collect(Collectors.toMap(part -> part[0], part -> part[1]));
    var salt = Base64.getDecoder().decode(told.get("s"));
    var clientKey =
        hmac(salted(salt, Integer.parseInt(told.get("i"))), "Client Key".getBytes(UTF_8));
    var last = "c=biws,r=" + told.get("r");
    var signature =
        hmac(
            MessageDigest.getInstance("SHA-256").digest(clientKey),
            String.join(",", bare, challenge, last).getBytes(UTF_8));
    return last + ",p=" + Base64.getEncoder().encodeToString(xor(clientKey, signature));
  }

  private static byte[] salted(byte[] salt, int iterations) throws GeneralSecurityException {
    var block = Arrays.copyOf(salt, salt.length + 4);
    block[block.length - 1] = 1;
    var last = hmac(EMPTY, block);
    var sum = last;
    for (int i = 1; i < iterations; i++) {
      last = hmac(EMPTY, last);
      sum = xor(sum, last);
    }
    return sum;
  }

  private static byte[] hmac(byte[] key, byte[] text) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text);
  }

  private static byte[] xor(byte[] one, byte[] other) {
    var both = one.clone();
    for (int i = 0; i < both.length; i++) {
      both[i] ^= other[i];
    }
    return both;
  }

  private static void send(DataOutputStream out, byte[] body) throws IOException {
    out.writeByte('p');
    out.writeInt(body.length + 4);
    out.write(body);
  }

  private static String answer(DataInputStream in) throws IOException {
    var kind = (char) in.readByte();
    return kind + new String(in.readNBytes(in.readInt() - 4), UTF_8);
  }
}
