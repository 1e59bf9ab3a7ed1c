package dev.matriarch.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With keys made by openssl. */
@Tag("real")
class KeyFileTest {
  @TempDir Path folder;

  private Path openssl(String result, String... words) throws Exception {
    List<String> line = new ArrayList<>(List.of("openssl"));
    line.addAll(List.of(words));
    line.addAll(List.of("-out", result));
    Process openssl =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    assertThat(openssl.waitFor()).as(Files.readString(folder.resolve("openssl.log"))).isZero();
    return folder.resolve(result);
  }

  private PrivateKey read(Path file) throws IOException {
    return KeyFile.plain(file).read();
  }

  /** One wrapping tells the curve once more, so the bytes differ. */
  private BigInteger secret(Path curve) throws IOException {
    return ((ECPrivateKey) read(curve)).getS();
  }

  @Test
  void readsAKeyInAllItsWrappings() throws Exception {
    Path rsa = openssl("rsa", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048");
    Path oldRsa = openssl("old-rsa", "rsa", "-in", "rsa", "-traditional");
    Path curve =
        openssl("ec", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256");
    Path oldCurve = openssl("old-ec", "ec", "-in", "ec");
    Path big = openssl("big", "ecparam", "-name", "secp521r1", "-genkey");
    Path edwards = openssl("ed", "genpkey", "-algorithm", "ed25519");

    assertThat(Files.readString(oldRsa)).contains("BEGIN RSA PRIVATE KEY");
    assertThat(Files.readString(oldCurve)).contains("BEGIN EC PRIVATE KEY");
    assertThat(Files.readString(big)).contains("BEGIN EC PARAMETERS");
    assertThat(read(oldRsa)).isEqualTo(read(rsa));
    assertThat(secret(oldCurve)).isEqualTo(secret(curve));
    assertThat(read(big).getAlgorithm()).isEqualTo("EC");
    assertThat(read(edwards).getAlgorithm()).isEqualTo("EdDSA");
  }

  @Test
  void opensWhatOpensslEncrypts() throws Exception {
    Path open = openssl("open", "genpkey", "-algorithm", "RSA");
    for (String cipher : List.of("aes-256-cbc", "aes-128-cbc")) {
      Path locked =
          openssl(
              cipher,
              "pkcs8",
              "-topk8",
              "-in",
              "open",
              "-v2",
              cipher,
              "-passout",
              "pass:let me in");
      assertThat(new KeyFile(locked, "let me in", "restapi.keyfile_password").read())
          .isEqualTo(read(open));
    }
    assertThat(new KeyFile(open, "needless", "x").read()).isEqualTo(read(open));
  }

  @Test
  void saysWhatKeepsAKeyShut() throws Exception {
    openssl("open", "genpkey", "-algorithm", "RSA");
    String[] lock = {"pkcs8", "-topk8", "-in", "open", "-passout", "pass:right"};
    Path locked = openssl("locked", lock);

    assertThatThrownBy(() -> new KeyFile(locked, "wrong", "restapi.keyfile_password").read())
        .isInstanceOf(IOException.class)
        .hasMessage("restapi.keyfile_password does not open " + locked);
    assertThatThrownBy(() -> new KeyFile(locked, "", "ctl.keyfile_password").read())
        .hasMessage(locked + " is encrypted; set ctl.keyfile_password to its password");
    assertThatThrownBy(() -> read(locked))
        .hasMessage(locked + " is encrypted; convert it with `openssl pkcs8 -topk8 -nocrypt`");
    assertThatThrownBy(() -> new KeyFile(locked, "schlüssel", "a.b").read())
        .hasMessageStartingWith("a.b has a character beyond ASCII");
    assertThat(new KeyFile(locked, "right", "a.b").toString()).doesNotContain("right");
  }

  @Test
  void saysWhatItCannotRead() throws Exception {
    openssl("open", "genpkey", "-algorithm", "RSA");
    Path scrypt =
        openssl("scrypt", "pkcs8", "-topk8", "-in", "open", "-scrypt", "-passout", "pass:right");
    Path old =
        openssl("old", "rsa", "-in", "open", "-traditional", "-aes128", "-passout", "pass:right");

    assertThatThrownBy(() -> new KeyFile(scrypt, "right", "a.b").read())
        .hasMessageContaining("encrypted in a way that is not known here; convert it");
    assertThatThrownBy(() -> new KeyFile(old, "right", "a.b").read())
        .hasMessageContaining("is encrypted in an old way; convert it");
    for (String text :
        List.of(
            "",
            "-----BEGIN PRIVATE KEY-----\nAAAA",
            "-----BEGIN EC PRIVATE KEY-----\nMIII\n-----END EC PRIVATE KEY-----\n",
            "-----BEGIN EC PRIVATE KEY-----\n\n-----END EC PRIVATE KEY-----\n",
            "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
            "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")) {
      Path file = Files.writeString(folder.resolve("bad"), text);
      assertThatThrownBy(() -> new KeyFile(file, "right", "a.b").read())
          .as(text)
          .isInstanceOf(IOException.class);
    }
  }
}
