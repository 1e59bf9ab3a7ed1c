package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.AgentConfig;
import dev.matriarch.agent.config.ConfigResult;
import dev.matriarch.agent.config.DynamicConfig;
import dev.matriarch.postgres.Originals;
import dev.matriarch.postgres.Secret;
import dev.matriarch.postgres.Settings;
import dev.matriarch.postgres.Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the member's file and the cluster's configuration make of the server's settings. */
class ServerPartsTest {
  private static final String LOGICAL =
      "\"slots\": {\"s\": {\"type\": \"logical\", \"database\": \"d\", \"plugin\": \"p\"}}";

  @TempDir Path folder;

  private Settings settings(String own, String tags, String dynamic) throws IOException {
    return parts(own, tags).settings(DynamicConfig.parse(dynamic));
  }

  private ServerParts parts(String own) throws IOException {
    return parts(own, "");
  }

  private ServerParts parts(String own, String tags) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("patroni.yml"),
            """
            scope: a
            name: b
            etcd3: {host: h}
            postgresql: {data_dir: %s, bin_dir: /usr/bin %s}
            tags: {%s}
            """
                .formatted(folder.resolve("data"), own, tags));
    AgentConfig config = ((ConfigResult.Loaded) AgentConfig.load(file, Map.of())).config();
    return ServerParts.of(config);
  }

  @Test
  void accessRulesOfTheClusterCountWhereTheFileGivesNone() throws IOException {
    String dynamic = "{\"postgresql\": {\"pg_hba\": [\"all of them\"], \"pg_ident\": [\"a b c\"]}}";
    assertThat(settings("", "", dynamic).hba()).containsExactly("all of them");
    assertThat(settings("", "", dynamic).ident()).containsExactly("a b c");
    String own = ", pg_hba: [own], pg_ident: [x y z]";
    assertThat(settings(own, "", dynamic).hba()).containsExactly("own");
    assertThat(settings(own, "", dynamic).ident()).containsExactly("x y z");
    assertThat(settings("", "", "{}").hba()).isEmpty();
  }

  @Test
  void whoRewindsConnectsByItsOwnKeywords() throws IOException {
    String replication =
        ", authentication: {replication: {password: r, sslcert: /r}, superuser: {password: s}";
    assertThat(parts(replication + "}").recipe().rewinderOptions())
        .as("the replicator's where it has none")
        .isEqualTo(Map.of("sslcert", "/r"));
    ServerHands.Recipe own =
        parts(replication + ", rewind: {username: w, password: p, sslcert: /w, sslmode: require}}")
            .recipe();
    Upstream at = Upstream.of("h", 1, "replicator", new Secret("r"), "a");
    assertThat(own.asRewinder(at).user()).isEqualTo("w");
    assertThat(own.asRewinder(at).options())
        .isEqualTo(Map.of("sslcert", "/w", "sslmode", "require"));
  }

  @Test
  void commandsAndTimesReachTheServersHands() throws IOException {
    ServerHands.Recipe recipe =
        parts(
                ", pre_promote: /fence it, before_stop: /drain, pg_ctl_timeout: 90,"
                    + " authentication: {replication: {password: r}, superuser: {password: s}}")
            .recipe();
    assertThat(recipe.hooks().prePromote()).isEqualTo("/fence it");
    assertThat(recipe.hooks().beforeStop()).isEqualTo("/drain");
    assertThat(recipe.stopping().toSeconds()).isEqualTo(90);
    assertThat(parts(", config_dir: /etc/x, custom_conf: /etc/y.conf").spec().originals())
        .isEqualTo(
            new Originals(Optional.of(Path.of("/etc/y.conf")), Optional.of(Path.of("/etc/x"))));
    assertThat(parts(", config_dir: " + folder.resolve("data")).spec().originals())
        .isEqualTo(Originals.IN_DATA);
  }

  @Test
  void recoverySettingsMayStandInTheirOwnSection() throws IOException {
    String own = ", recovery_conf: {restore_command: own}";
    String dynamic = "{\"postgresql\": {\"recovery_conf\": {\"restore_command\": \"shared\"}}}";
    assertThat(settings("", "", dynamic).file()).containsEntry("restore_command", "shared");
    assertThat(settings(own, "", dynamic).file()).containsEntry("restore_command", "own");
  }

  @Test
  void whoeverDecodesIsHeardAllTheWayUp() throws IOException {
    assertThat(settings("", "", "{}").file()).doesNotContainKey("hot_standby_feedback");
    assertThat(settings("", "", "{" + LOGICAL + "}").file())
        .containsEntry("hot_standby_feedback", "on");
    assertThat(settings("", "", "{\"slots\": {\"s\": {}}}").file())
        .as("a physical slot decodes nothing")
        .doesNotContainKey("hot_standby_feedback");
    assertThat(settings("", "", "{" + LOGICAL + ", \"postgresql\": {\"use_slots\": false}}").file())
        .as("without slots nobody decodes")
        .doesNotContainKey("hot_standby_feedback");
    assertThat(
            settings(", parameters: {hot_standby_feedback: off}", "", "{" + LOGICAL + "}").file())
        .as("whatever the file says")
        .containsEntry("hot_standby_feedback", "on");
    assertThat(settings("", "nostream: true", "{" + LOGICAL + "}").file())
        .doesNotContainKey("hot_standby_feedback");
    assertThat(settings("", "", "{" + LOGICAL + ", \"standby_cluster\": {\"host\": \"h\"}}").file())
        .as("a standby cluster keeps no logical slots")
        .doesNotContainKey("hot_standby_feedback");
  }

  @Test
  void theServerListensInEveryFolderThatIsNamed() throws IOException {
    String name = "unix_socket_directories";
    String dynamic = "{\"postgresql\": {\"parameters\": {\"" + name + "\": \"/s/c\"}}}";
    assertThat(settings("", "", "{}").commandLine()).doesNotContainKey(name);
    assertThat(settings(", parameters: {" + name + ": '/s/a, /s/b'}", "", dynamic).commandLine())
        .containsEntry(name, "/s/a,/s/b");
    assertThat(settings("", "", dynamic).commandLine())
        .as("the agent's own is where its file says")
        .containsEntry(name, "/var/run/postgresql,/s/c");
    assertThat(settings("", "", dynamic).file()).doesNotContainKey(name);
  }

  @Test
  void whatAllMembersShareIsNotTakenFromTheFile() throws IOException {
    Settings settings =
        settings(
            ", parameters: {max_connections: 7, work_mem: 8MB}",
            "",
            "{\"postgresql\": {\"parameters\": {\"max_connections\": \"101\", \"work_mem\": 1}}}");
    assertThat(settings.commandLine()).containsEntry("max_connections", "101");
    assertThat(settings.file())
        .containsEntry("work_mem", "8MB")
        .doesNotContainKey("max_connections");
  }
}
