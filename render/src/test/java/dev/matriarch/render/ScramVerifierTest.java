package dev.matriarch.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class ScramVerifierTest {
  private static final byte[] RFC_SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");

  /** The exchange of RFC 7677 section 3: its server signature must follow from our server key. */
  @Test
  void agrees_with_the_rfc_exchange() throws Exception {
    var verifier = ScramVerifier.of("pencil", RFC_SALT);
    var serverKey = Base64.getDecoder().decode(verifier.substring(verifier.lastIndexOf(':') + 1));
    var exchange =
        "n=user,r=rOprNGfwEbeRWgbNEkqO,"
            + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
            + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(serverKey, "HmacSHA256"));
    assertThat(Base64.getEncoder().encodeToString(mac.doFinal(exchange.getBytes(UTF_8))))
        .isEqualTo("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  }

  @Test
  void has_the_form_that_servers_store() {
    assertThat(ScramVerifier.of("pencil", RFC_SALT))
        .isEqualTo(
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
                + ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
  }

  @Test
  void is_the_same_every_time_and_another_for_another_user_or_cluster() {
    var one = ScramVerifier.of("pg-test", "app", "secret");
    assertThat(ScramVerifier.of("pg-test", "app", "secret")).isEqualTo(one);
    assertThat(ScramVerifier.of("pg-test", "web", "secret")).isNotEqualTo(one);
    assertThat(ScramVerifier.of("pg-meta", "app", "secret")).isNotEqualTo(one);
  }

  /** A salt is told before the login: were it made of the password, it would give it away. */
  @Test
  void salt_does_not_depend_on_the_password() {
    assertThat(salt(ScramVerifier.of("pg-test", "app", "one")))
        .isEqualTo(salt(ScramVerifier.of("pg-test", "app", "two")));
  }

  @Test
  void leaves_alone_what_is_a_verifier_or_a_hash() {
    var verifier = ScramVerifier.of("pencil", RFC_SALT);
    assertThat(ScramVerifier.of("pg-test", "app", verifier)).isEqualTo(verifier);
    var md5 = "md5" + "0123456789abcdef".repeat(2);
    assertThat(ScramVerifier.of("pg-test", "app", md5)).isEqualTo(md5);
  }

  @Test
  void prepares_passwords_beyond_ascii_as_clients_do() {
    assertThat(ScramVerifier.of("\u2168\u00a0\u00ad!", RFC_SALT))
        .isEqualTo(ScramVerifier.of("IX !", RFC_SALT));
  }

  @Test
  void refuses_an_empty_password() {
    assertThatThrownBy(() -> ScramVerifier.of("pg-test", "app", ""))
        .hasMessage("user app: an empty password cannot be used");
  }

  private static String salt(String verifier) {
    return verifier.substring(verifier.indexOf(':') + 1, verifier.lastIndexOf('$'));
  }
}
