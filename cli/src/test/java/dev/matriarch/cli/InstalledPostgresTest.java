package dev.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.inventory.InventoryReader;
import dev.matriarch.inventory.InventoryResult;
import dev.matriarch.inventory.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledPostgresTest {
  @TempDir Path folder;

  private static Settings settings(String variables) {
    String text =
        "pg-test:\n"
            + "  hosts:\n"
            + "    10.10.10.11: {pg_seq: 1, pg_role: primary}\n"
            + "  vars: {pg_cluster: pg-test"
            + variables
            + "}\n";
    return ((InventoryResult.Valid) InventoryReader.read("matriarch.yml", text))
        .inventory()
        .clusters()
        .getFirst()
        .settings();
  }

  private void install(String major) throws IOException {
    Path postgres = folder.resolve(major).resolve("bin/postgres");
    Files.createDirectories(postgres.getParent());
    Files.createFile(postgres);
    assertThat(postgres.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void theNewestThatIsThereServesWhoDoesNotAsk() throws IOException {
    install("14");
    install("15");
    Files.createDirectories(folder.resolve("16/bin"));

    assertThat(new InstalledPostgres(folder).major(settings(""))).isEqualTo(15);
  }

  @Test
  void whoAsksGetsThatOneOrNone() throws IOException {
    install("15");

    assertThat(new InstalledPostgres(folder).major(settings(", pg_version: 17"))).isEqualTo(17);
  }

  @Test
  void whereNoneIsThereTheDefaultIsNamed() {
    assertThat(new InstalledPostgres(folder.resolve("none")).major(settings(""))).isEqualTo(18);
  }
}
