package dev.matriarch.agent.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.Credentials;
import dev.matriarch.agent.config.MatriarchConfig.PoolerConfig;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose server the databases of a pooler are: what is written, and what is left as it was. */
class PoolerFileTest {
  private static final String HOME =
      """
      [databases]
      shop = host=/run/m port=5432 pool_size=20
      "two words" = host=/run/m port=5432
      asked = host=/run/m port=5432 connect_query='SET a TO ''b'''
      own = dbname=postgres port=5432 host=/run/m

      [pgbouncer]
      # not a database: host=/run/m port=5432
      listen_port = 6432
      """;

  @TempDir private Path folder;
  private Path ini;
  private PoolerFile file;

  @BeforeEach
  void write() throws IOException {
    ini = Files.writeString(folder.resolve("pgbouncer.ini"), HOME);
    file =
        new PoolerFile(
            new PoolerConfig(folder, 6432, new Credentials("dba", "x"), ini, Duration.ZERO));
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(ini);
  }

  /** A client of the primary is given no standby: whoever logs in elsewhere waits for a primary. */
  @Test
  @Promise("P111")
  void elsewhereConnectionsAwaitAPrimary() throws IOException {
    assertThat(file.pointAway("10.10.10.12", 5433)).isTrue();
    assertThat(lines().get(1))
        .startsWith("shop = host=10.10.10.12 port=5433 pool_size=20 connect_query='SELECT CASE")
        .contains("pg_is_in_recovery()")
        .endsWith("END'");
    assertThat(lines().get(2)).startsWith("\"two words\" = host=10.10.10.12 port=5433 connect_q");
    assertThat(lines().get(3))
        .as("what somebody else lets it ask comes after")
        .startsWith("asked = host=10.10.10.12 port=5433 connect_query='SELECT CASE")
        .endsWith("END; SET a TO ''b'''");
    assertThat(lines().subList(4, 8)).isEqualTo(HOME.lines().toList().subList(4, 8));
  }

  @Test
  void atHomeItIsAsItWas() throws IOException {
    file.pointAway("10.10.10.12", 5433);
    file.pointAway("10.10.10.13", 5432);
    assertThat(file.pointHome(Path.of("/run/m"), 5432)).isTrue();
    assertThat(ini).hasContent(HOME);
  }

  @Test
  void whatItSaysAlreadyIsNoNews() throws IOException {
    assertThat(file.pointHome(Path.of("/run/m"), 5432)).isFalse();
    file.pointAway("10.10.10.12", 5433);
    String there = Files.readString(ini);
    assertThat(file.pointAway("10.10.10.12", 5433)).isFalse();
    assertThat(ini).hasContent(there);
  }
}
