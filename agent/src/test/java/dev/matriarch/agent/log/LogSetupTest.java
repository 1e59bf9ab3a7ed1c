package dev.matriarch.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.LogAttribute;
import dev.matriarch.agent.config.LogConfig;
import dev.matriarch.agent.config.LogShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MarkerFactory;

/** Each in a process of its own: the log is the process's. */
final class LogSetupTest {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3}";

  @TempDir private Path folder;

  /** What a process logs for these tests; its argument says what. */
  static final class Talker {
    private static final Logger LOG = LoggerFactory.getLogger("dev.matriarch.Talker");

    private Talker() {}

    public static void main(String[] what) throws IOException {
      switch (what[0]) {
        case "levels" -> levels();
        case "loggers" -> loggers();
        case "early" -> early();
        case "stuck" -> stuck();
        case "files" -> files(Path.of(what[1]));
        case "nowhere" -> nowhere(Path.of(what[1]));
        case "format" -> format(Path.of(what[1]));
        default -> throw new IllegalArgumentException(what[0]);
      }
    }

    private static void levels() {
      LogSetup.apply(LogConfig.DEFAULT);
      LOG.debug("unseen");
      LOG.info("one of {}", 2);
      LOG.warn("careful");
      LOG.error("broken");
      LOG.error(MarkerFactory.getMarker("CRITICAL"), "Can't start");
      LOG.info("two\n2026-01-01 00:00:00,000 ERROR: lines");
      LOG.warn("it failed", new IllegalStateException("inner"));
      LogSetup.finish();
    }

    private static void loggers() {
      LogSetup.apply(logging("DEBUG", Map.of("dev.matriarch.Talker", "ERROR")));
      LOG.warn("unseen");
      LogSetup.apply(
          logging(
              "LOUD", Map.of("urllib3", "WARNING", "no.such", "", " ", "INFO", "quiet", "ERROR")));
      LOG.info("seen again");
      LOG.debug("unseen");
      LoggerFactory.getLogger("quiet.child").warn("unseen");
      LoggerFactory.getLogger("org.postgresql.Driver").info("unseen");
      java.util.logging.Logger jul = java.util.logging.Logger.getLogger("org.postgresql.Driver");
      jul.info("unseen");
      jul.log(java.util.logging.Level.WARNING, "from {0}", "the driver");
      LogSetup.finish();
    }

    private static LogConfig logging(String level, Map<String, String> loggers) {
      return new LogConfig(level, loggers, Optional.empty());
    }

    private static void files(Path folder) {
      LogSetup.apply(LogConfig.DEFAULT);
      LOG.info("to standard error");
      LogSetup.apply(
          new LogConfig("INFO", Map.of(), Optional.of(new LogConfig.File(folder, 3000, 2))));
      for (int i = 0; i < 200; i++) {
        LOG.info("line {} {}", i, "x".repeat(60));
      }
      LogSetup.finish();
    }

    private static void nowhere(Path folder) {
      LogSetup.apply(
          new LogConfig("INFO", Map.of(), Optional.of(new LogConfig.File(folder, 3000, 2))));
      LOG.info("seen");
      LogSetup.finish();
    }

    private static LogConfig shaped(LogShape shape, Optional<LogConfig.File> file) {
      return new LogConfig("INFO", Map.of(), file, shape, Optional.empty());
    }

    private static void format(Path folder) {
      Optional<LogConfig.File> file = Optional.of(new LogConfig.File(folder, 100_000, 2));
      LogSetup.apply(shaped(LogShape.standard(), file));
      LOG.info("as ever");
      LogSetup.apply(
          shaped(
              new LogShape.Lines(
                  List.of(
                      new LogShape.Piece.Value(LogAttribute.LEVELNAME, -9),
                      new LogShape.Piece.Text("["),
                      new LogShape.Piece.Value(LogAttribute.LEVELNO, 4),
                      new LogShape.Piece.Text("] "),
                      new LogShape.Piece.Value(LogAttribute.MESSAGE))),
              file));
      LOG.info("in another\nway");
      LogSetup.finish();
    }

    private static void early() {
      LOG.info("unseen");
      LOG.warn("no file was read yet");
    }

    /** Standard error is a pipe that nobody reads. */
    private static void stuck() throws IOException {
      LogSetup.apply(LogConfig.DEFAULT);
      String line = "x".repeat(1000);
      for (int i = 0; i < 5000; i++) {
        LOG.info(line);
      }
      LogSetup.finish();
      System.out.println("went on");
      System.out.flush();
      Runtime.getRuntime().halt(0);
    }
  }

  @Test
  void spellsLinesAsTheFieldsToolsReadThem() throws Exception {
    List<String> lines = lines("levels");

    assertThat(lines.subList(0, 7))
        .satisfiesExactly(
            line -> assertThat(line).matches(TIME + " INFO: one of 2"),
            line -> assertThat(line).matches(TIME + " WARNING: careful"),
            line -> assertThat(line).matches(TIME + " ERROR: broken"),
            line -> assertThat(line).matches(TIME + " CRITICAL: Can't start"),
            line -> assertThat(line).matches(TIME + " INFO: two"),
            line -> assertThat(line).isEqualTo("    2026-01-01 00:00:00,000 ERROR: lines"),
            line -> assertThat(line).matches(TIME + " WARNING: it failed"));
    assertThat(lines.get(0).substring(24)).startsWith("INFO");
    assertThat(lines.get(7)).isEqualTo("java.lang.IllegalStateException: inner");
    assertThat(lines.get(8)).startsWith("\tat ");
  }

  @Test
  void takesLevelsAgainAndToleratesUnknownOnes() throws Exception {
    assertThat(lines("loggers"))
        .satisfiesExactly(
            line -> assertThat(line).matches(TIME + " INFO: seen again"),
            line -> assertThat(line).matches(TIME + " WARNING: from the driver"));
  }

  @Test
  void warnsBeforeItIsSetUp() throws Exception {
    assertThat(lines("early"))
        .singleElement()
        .asString()
        .matches(TIME + " WARNING: no file was read yet");
  }

  @Test
  void writesFilesThatAreTurnedOver() throws Exception {
    Path logs = Files.createDirectory(folder.resolve("logs"));
    assertThat(lines("files", logs.toString()))
        .singleElement()
        .asString()
        .endsWith("to standard error");
    try (Stream<Path> files = Files.list(logs)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("patroni.log", "patroni.log.1", "patroni.log.2");
    }
    assertThat(Files.readAllLines(logs.resolve("patroni.log")).getLast())
        .matches(TIME + " INFO: line 199 x+");
    assertThat(Files.size(logs.resolve("patroni.log.1"))).isBetween(3000L, 3200L);
  }

  @Test
  void takesAnotherFormatWhileTheFileStaysOpen() throws Exception {
    Path logs = Files.createDirectory(folder.resolve("logs"));
    assertThat(lines("format", logs.toString())).isEmpty();
    assertThat(Files.readAllLines(logs.resolve("patroni.log")))
        .satisfiesExactly(
            line -> assertThat(line).endsWith("as ever"),
            line -> assertThat(line).isEqualTo("INFO     [  20] in another"),
            line -> assertThat(line).isEqualTo("    way"));
  }

  @Test
  void goesOnAtStandardErrorWhereTheFolderCannotBeWritten() throws Exception {
    assertThat(lines("nowhere", folder.resolve("none").toString()))
        .satisfiesExactly(
            line -> assertThat(line).contains(" WARNING: log.dir: " + folder.resolve("none")),
            line -> assertThat(line).endsWith("INFO: seen"));
  }

  @Test
  void neverWaitsForAStandardErrorThatNobodyReads() throws Exception {
    Process talker = talker("stuck").redirectError(ProcessBuilder.Redirect.PIPE).start();
    try {
      assertThat(talker.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(talker.getInputStream().readAllBytes()).asString().startsWith("went on");
    } finally {
      talker.destroyForcibly();
    }
  }

  private List<String> lines(String... what) throws IOException, InterruptedException {
    Path error = folder.resolve("stderr");
    Process talker = talker(what).redirectError(error.toFile()).start();
    try {
      assertThat(talker.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(talker.getInputStream().readAllBytes()).as("standard output").isEmpty();
    } finally {
      talker.destroyForcibly();
    }
    return Files.readAllLines(error);
  }

  private static ProcessBuilder talker(String... what) {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Talker.class.getName()));
    line.addAll(List.of(what));
    return new ProcessBuilder(line);
  }
}
