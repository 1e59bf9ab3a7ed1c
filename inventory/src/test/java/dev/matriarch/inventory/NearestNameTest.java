package dev.matriarch.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  @ParameterizedTest
  @CsvSource({
    "pg_roel, pg_role",
    "pg_sequence, pg_seq",
    "pg_databses, pg_databases",
    "pg_user, pg_users",
    "patroni_prot, patroni_port",
    "pgbouncer_pool_mode, pgbouncer_poolmode",
    "pgcluster, pg_cluster",
  })
  void findsWhatWasMeant(String written, String meant) {
    assertThat(NearestName.of(written, Parameters.names())).contains(meant);
  }

  @Test
  void findsNothingWhereNothingIsNear() {
    assertThat(NearestName.of("colour", Parameters.names())).isEmpty();
    assertThat(NearestName.of("", Parameters.names())).isEmpty();
  }

  @Test
  void countsChanges() {
    assertThat(NearestName.distance("role", "role")).isZero();
    assertThat(NearestName.distance("roel", "role")).isEqualTo(1);
    assertThat(NearestName.distance("", "abc")).isEqualTo(3);
    assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
  }
}
