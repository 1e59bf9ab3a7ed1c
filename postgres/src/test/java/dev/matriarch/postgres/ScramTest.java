package dev.matriarch.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

@Promise("P256")
class ScramTest {
  private final Scram scram = new Scram(new SecureRandom());

  @Test
  void aPasswordMatchesItsVerifierAndNoOther() {
    ScramVerifier verifier = scram.verifier(new Secret("secret"));

    assertThat(Scram.matches(verifier.text(), new Secret("secret"))).isTrue();
    assertThat(Scram.matches(verifier.text(), new Secret("Secret"))).isFalse();
  }

  @Test
  void aVerifierGivenForAPasswordStaysWhatItIs() {
    ScramVerifier verifier = scram.verifier(new Secret("secret"));
    Secret given = new Secret(verifier.text());

    assertThat(scram.verifier(given).text()).isEqualTo(verifier.text());
    assertThat(Scram.matches(verifier.text(), given)).isTrue();
  }
}
