package dev.matriarch.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** Runs command lines in a folder and keeps what they print. */
final class Captured {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Surroundings surroundings;

  Captured(Path folder, Map<String, String> environment) {
    this.surroundings =
        new Surroundings(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            folder,
            folder,
            () -> Instant.EPOCH,
            false);
  }

  Captured(Path folder) {
    this(folder, Map.of());
  }

  Surroundings surroundings() {
    return surroundings;
  }

  int run(String... args) {
    return new CommandLineInterface(surroundings).run(args);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
