package dev.matriarch.postgres;

import static dev.matriarch.postgres.Stable.LONG;
import static dev.matriarch.postgres.Stable.one;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A standby that must not stream (drop-in contract, section 10: nostream). */
@Tag("real")
class ArchiveStandbyTest {
  private final Stable stable = new Stable();

  @AfterEach
  void close() {
    stable.close();
  }

  @Test
  void itLivesFromTheArchiveAndNobodySeesIt() {
    PostgresServer primary = stable.primary("one");
    Path archive = stable.root().resolve("archive");
    new OwnedFiles(primary.spec().osUser()).directory(archive);
    Map<String, String> archiving = new LinkedHashMap<>(primary.settings().file());
    archiving.put("archive_mode", "on");
    archiving.put("archive_command", "cp %p " + archive + "/%f");
    primary.apply(primary.settings().withFile(archiving), LONG);
    primary.restart(new ServerRole.Primary(), LONG);
    primary.sql("CREATE TABLE public.t (n int)", LONG);
    PostgresServer standby =
        stable.server(
            "two",
            Settings.defaults().withFile(Map.of("restore_command", "cp " + archive + "/%f %p")));
    standby.cloneFrom(Stable.upstream(primary, "two"), LONG);
    standby.start(new ServerRole.Detached(), LONG);

    primary.sql("INSERT INTO public.t VALUES (1)", LONG);
    primary.sql("SELECT pg_switch_wal()", LONG);
    Stable.await("a row", () -> one(standby, "SELECT count(*) FROM public.t").equals("1"));

    assertThat(one(standby, "SHOW primary_conninfo")).isEmpty();
    assertThat(one(standby, "SHOW primary_slot_name")).isEmpty();
    assertThat(one(standby, "SELECT count(*) FROM pg_stat_wal_receiver")).isEqualTo("0");
    assertThat(one(primary, "SELECT count(*) FROM pg_stat_replication")).isEqualTo("0");
    assertThat(one(primary, "SELECT count(*) FROM pg_replication_slots")).isEqualTo("0");
  }
}
