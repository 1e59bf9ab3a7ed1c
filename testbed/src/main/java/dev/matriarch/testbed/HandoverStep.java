package dev.matriarch.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.BooleanSupplier;

/** The steps of a switchover, as the logs of those who take them tell of them. */
public enum HandoverStep {
  /** The primary writes out what its shutdown would have to. */
  SETTLE("rule 205 SETTLE", true),
  /** Pooled clients are let wait. */
  HOLD("rule 206 HOLD_CLIENTS", true),
  /** The primary is shut down. */
  STOP("rule 207 HAND_OVER", true),
  /** The leader key is released. */
  RELEASE("rule 208 RELEASE_TO_CANDIDATE", true),
  /** The candidate takes it. */
  TAKE("rule 301 ADOPT", false),
  /** The candidate is promoted. */
  PROMOTE("rule 305 PROMOTE", false);

  /** A server that was settled less than ten seconds ago is not settled again. */
  private static final Duration LATELY = Duration.ofSeconds(11);

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final int TIME_LENGTH = "2026-11-27 10:00:00".length();

  private final String line;
  private final boolean byPrimary;

  HandoverStep(String line, boolean byPrimary) {
    this.line = line;
    this.byPrimary = byPrimary;
  }

  /** Whether the next switchover takes it: it does not settle what was settled just before. */
  boolean isDue(Cluster cluster, Host primary, LocalDateTime now) {
    return this != SETTLE
        || read(log(cluster, primary), 0)
            .lines()
            .filter(each -> each.contains(line))
            .map(each -> LocalDateTime.parse(each.substring(0, TIME_LENGTH), TIME))
            .allMatch(at -> at.plus(LATELY).isBefore(now));
  }

  /** Whether it was begun since now. */
  BooleanSupplier begun(Cluster cluster, Host primary, Host candidate) {
    Path log = log(cluster, byPrimary ? primary : candidate);
    long before = read(log, 0).length();
    return () -> read(log, before).contains(line);
  }

  private static Path log(Cluster cluster, Host host) {
    return cluster.folder(host).resolve("log/agent.log");
  }

  private static String read(Path log, long from) {
    try (InputStream in = Files.newInputStream(log)) {
      in.skipNBytes(from);
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
