package dev.matriarch.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.promises.Promise;
import org.junit.jupiter.api.Test;

class ParametersTest {
  @Test
  void allHaveASentence() {
    assertThat(Parameters.all()).hasSizeGreaterThan(260);
    for (Parameter parameter : Parameters.all()) {
      assertThat(parameter.sentence()).as(parameter.name()).endsWith(".").doesNotContain("  ");
      assertThat(parameter.section()).as(parameter.name()).isNotEmpty();
    }
  }

  @Test
  @Promise({"P204", "P205", "P206", "P47"})
  void defaultsAreTheSeeds() {
    Settings settings = Settings.defaults();
    assertThat(settings.number("pg_rto")).isEqualTo(30);
    assertThat(settings.number("pg_rpo")).isEqualTo(1048576);
    assertThat(settings.text("pg_conf")).isEqualTo("oltp.yml");
    assertThat(settings.flag("pg_vip_enabled")).isFalse();
    assertThat(settings.text("pg_default_service_dest")).isEqualTo("pgbouncer");
    assertThat(settings.number("pg_weight")).isEqualTo(100);
    assertThat(settings.text("pg_listen")).isEqualTo("0.0.0.0");
    assertThat(settings.texts("pgbouncer_ignore_param")).hasSize(6).contains("search_path");
    assertThat(settings.decimal("pg_shared_buffer_ratio")).isEqualTo(0.25);
    assertThat(settings.textEntries("pg_parameters")).isEmpty();
    assertThat(settings.items("pg_default_roles")).hasSize(8);
    assertThat(settings.items("pg_default_privileges")).hasSize(17);
    assertThat(settings.entries("pgbackrest_repo")).containsOnlyKeys("local", "minio");
  }

  @Test
  void wrongNamesAndTypesAreProgrammingErrors() {
    Settings settings = Settings.defaults();
    assertThatThrownBy(() -> settings.text("pg_prot")).hasMessageContaining("pg_prot");
    assertThatThrownBy(() -> settings.flag("pg_port")).hasMessageContaining("pg_port");
    assertThatThrownBy(() -> settings.number("pg_conf")).hasMessageContaining("pg_conf");
    assertThatThrownBy(() -> settings.text("pg_users")).hasMessageContaining("pg_users");
    assertThatThrownBy(() -> settings.entries("pg_port")).hasMessageContaining("pg_port");
  }

  @Test
  void secretsDoNotShow() {
    assertThat(Settings.defaults().secret("pg_admin_password").toString()).isEqualTo("***");
    assertThat(Settings.defaults().secret("pg_admin_password").reveal()).isEqualTo("DBUser.DBA");
    assertThat(Read.seedWith("pg_users: [{name: app, password: hunter2}]").toString())
        .doesNotContain("hunter2")
        .doesNotContain("DBUser.DBA");
  }
}
