package dev.matriarch.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private final String line;
  private final boolean byPrimary;

  HandoverStep(String line, boolean byPrimary) {
    this.line = line;
    this.byPrimary = byPrimary;
  }

  /** Whether it was begun since now. */
  BooleanSupplier begun(Cluster cluster, Host primary, Host candidate) {
    Path log = cluster.folder(byPrimary ? primary : candidate).resolve("log/agent.log");
    int before = read(log).length();
    return () -> read(log).substring(before).contains(line);
  }

  private static String read(Path log) {
    try {
      return Files.readString(log, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
