package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.AgentConfig;
import dev.matriarch.agent.config.ConfigResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contract, section 7: what was last known of the configuration beats {@code bootstrap.dcs}. */
class FirstConfigTest {
  @TempDir Path folder;

  private String first() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("patroni.yml"),
            """
            scope: a
            name: b
            etcd3: {host: h}
            bootstrap: {dcs: {ttl: 30}}
            postgresql: {data_dir: %s}
            """
                .formatted(folder));
    ConfigResult result = AgentConfig.load(file, Map.of());
    AgentConfig config = ((ConfigResult.Loaded) result).config();
    return FirstConfig.of(config);
  }

  private void keep(String copy) throws IOException {
    Files.writeString(folder.resolve("patroni.dynamic.json"), copy);
  }

  @Test
  void theCopyInTheDataBeatsTheFile() throws IOException {
    keep("{\"ttl\": 77}");
    assertThat(first()).isEqualTo("{\"ttl\": 77}");
  }

  @Test
  void withoutACopyTheFileCounts() throws IOException {
    assertThat(first()).isEqualTo("{\"ttl\":30}");
  }

  @Test
  void aCopyThatIsBrokenIsNoReasonNotToStart() throws IOException {
    keep("{\"ttl\"");
    assertThat(first()).isEqualTo("{\"ttl\":30}");
    keep("[]");
    assertThat(first()).isEqualTo("{\"ttl\":30}");
  }
}
