package dev.matriarch.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.LogShape.Piece;
import dev.matriarch.inventory.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {
  private static final String BASE =
      "scope: a\nname: b\netcd: {host: h}\npostgresql: {data_dir: /d}\n";
  private static final ZonedDateTime MOMENT =
      ZonedDateTime.of(2026, 3, 4, 15, 6, 7, 890_000_000, ZoneOffset.UTC);

  @TempDir Path folder;

  private ConfigResult.Loaded load(String log, Map<String, String> environment) throws IOException {
    Path file = Files.writeString(folder.resolve("patroni.yml"), BASE + "log: " + log + "\n");
    return (ConfigResult.Loaded) AgentConfig.load(file, environment);
  }

  private List<String> warnings(String log) throws IOException {
    return load(log, Map.of()).warnings().stream()
        .map(Problem::toString)
        .map(told -> told.substring(told.indexOf("log.")))
        .toList();
  }

  @Test
  void readsAFormatForLines() throws IOException {
    LogConfig log =
        load("{format: '%(asctime)s %(levelname)-8s 5%% [%(lineno)4d]'}", Map.of()).config().log();

    assertThat(log.shape())
        .isEqualTo(
            new LogShape.Lines(
                List.of(
                    new Piece.Text(""),
                    new Piece.Value(LogAttribute.ASCTIME),
                    new Piece.Text(" "),
                    new Piece.Value(LogAttribute.LEVELNAME, -8),
                    new Piece.Text(" 5"),
                    new Piece.Text("%"),
                    new Piece.Text(" ["),
                    new Piece.Value(LogAttribute.LINENO, 4),
                    new Piece.Text("]"))));
    assertThat(log.shape().tellsPlaces()).isTrue();
    assertThat(LogShape.standard().tellsPlaces()).isFalse();
  }

  @Test
  void readsFieldsForJson() throws IOException {
    String yaml =
        "{type: json, format: [message, module, asctime: '@timestamp', levelname: level],"
            + " static_fields: {app: patroni, port: 5432}}";
    assertThat(load(yaml, Map.of()).config().log().shape())
        .isEqualTo(
            new LogShape.Json(
                Map.of(
                    LogAttribute.MESSAGE, "message",
                    LogAttribute.MODULE, "module",
                    LogAttribute.ASCTIME, "@timestamp",
                    LogAttribute.LEVELNAME, "level"),
                Map.of("app", "patroni", "port", "5432")));
    assertThat(load("{type: json}", Map.of()).config().log().shape())
        .isEqualTo(
            new LogShape.Json(
                Map.of(
                    LogAttribute.ASCTIME, "asctime",
                    LogAttribute.LEVELNAME, "levelname",
                    LogAttribute.MESSAGE, "message"),
                Map.of()));
    assertThat(load("{type: json, format: '%(message)s by %(name)s'}", Map.of()).config().log())
        .extracting(LogConfig::shape)
        .isEqualTo(
            new LogShape.Json(
                Map.of(LogAttribute.MESSAGE, "message", LogAttribute.NAME, "name"), Map.of()));
  }

  @Test
  void readsTheSameFromTheEnvironment() throws IOException {
    LogConfig log =
        load(
                "{level: INFO}",
                Map.of(
                    "PATRONI_LOG_TYPE", "json",
                    "PATRONI_LOG_FORMAT", "[message, {levelname: level}]",
                    "PATRONI_LOG_STATIC_FIELDS", "{app: patroni}",
                    "PATRONI_LOG_DATEFORMAT", "%H:%M"))
            .config()
            .log();

    assertThat(log.shape())
        .isEqualTo(
            new LogShape.Json(
                Map.of(LogAttribute.MESSAGE, "message", LogAttribute.LEVELNAME, "level"),
                Map.of("app", "patroni")));
    assertThat(log.dates().orElseThrow().format(MOMENT)).isEqualTo("15:06");
  }

  @Test
  void readsDates() {
    assertThat(TimeFormat.of("%Y-%m-%dT%H:%M:%S%z %j %b %% it's").orElseThrow().format(MOMENT))
        .isEqualTo("2026-03-04T15:06:07+0000 063 Mar % it's");
    assertThat(TimeFormat.of("%Q")).isEmpty();
    assertThat(TimeFormat.of("10%")).isEmpty();
  }

  @Test
  void leavesAsideWhatItCannotMakeOut() throws IOException {
    assertThat(warnings("{type: xml, format: '%(colour)s %(message)s', dateformat: '%Q'}"))
        .containsExactly(
            "log.dateformat: holds a directive that is not known; left aside",
            "log.format: names colour, which no event has; left aside",
            "log.type: is neither plain nor json; plain is used");
    assertThat(warnings("{format: plainly, static_fields: {a: b}}"))
        .containsExactly(
            "log.format: tells nothing of an event; left aside",
            "log.static_fields: needs log.type json; left aside");
    assertThat(warnings("{format: [message]}"))
        .containsExactly("log.format: is a list, which needs log.type json; left aside");
    assertThat(warnings("{type: json, format: [[message], colour]}")).hasSize(2);
    assertThat(load("{format: plainly}", Map.of()).config().log().shape())
        .isEqualTo(LogShape.standard());
  }

  @Test
  void asksForNoHeartbeatsToBeLeftOut() throws IOException {
    assertThat(warnings("{deduplicate_heartbeat_logs: true, traceback_level: DEBUG}")).isEmpty();
  }
}
