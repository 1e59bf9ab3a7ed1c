package dev.matriarch.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {
  private final List<Instance> instances =
      Read.valid(
              """
              pg-a:
                hosts:
                  10.0.0.1: {pg_seq: 1, pg_role: primary}
                  10.0.0.2: {pg_seq: 2, pg_role: replica, pg_offline_query: true}
                  10.0.0.3: {pg_seq: 3, pg_role: offline}
                  10.0.0.4: {pg_seq: 4, pg_role: replica}
                vars: {pg_cluster: pg-a}
              """)
          .clusters()
          .getFirst()
          .instances();

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '#',
      value = {
        "[]; 1234",
        "[?pg_role == 'replica']; 24",
        "[? pg_role == `offline` || pg_offline_query ]; 23",
        "[? pg_role == \"replica\" && !pg_offline_query]; 4",
        "[? pg_role != 'primary' ]; 234",
        "[? !(pg_role == 'primary' || pg_role == 'replica') ]; 3",
        "[? pg_seq == `1` || pg_seq == `4` ]; 14",
        "[? pg_role == 'offline' || pg_role == 'replica' && pg_offline_query ]; 23",
      })
  void selects(String text, String seqs) {
    Selector selector = Selector.parse(text).orElseThrow();
    StringBuilder selected = new StringBuilder();
    instances.stream().filter(selector::matches).forEach(i -> selected.append(i.seq()));
    assertThat(selected.toString()).isEqualTo(seqs);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "[?]",
        "[? ]",
        "[? pg_rol == 'x']",
        "[? pg_role = 'x']",
        "[? pg_role == x]",
        "[? (pg_role == 'x']",
        "[? pg_role == 'x' || ]",
        "[? pg_role 'x' ]",
        "[? ! ]",
        "pg_role"
      })
  void refusesWhatIsNone(String text) {
    assertThat(Selector.parse(text)).isEmpty();
  }

  @Test
  void refusesEndlessNesting() {
    assertThat(Selector.parse("[?" + "(".repeat(100_000) + "]")).isEmpty();
    assertThat(Selector.parse("[?" + "!".repeat(100_000) + "pg_role]")).isEmpty();
  }
}
