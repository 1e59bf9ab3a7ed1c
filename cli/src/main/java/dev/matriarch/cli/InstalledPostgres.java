package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which PostgreSQL of this machine serves an instance. An inventory that does not say {@code
 * pg_version} gets the newest that is installed: a default that is not there helps nobody.
 *
 * @param folder where Debian keeps one folder for each major version
 */
record InstalledPostgres(Path folder) {
  static final InstalledPostgres DEBIAN = new InstalledPostgres(Path.of("/usr/lib/postgresql"));

  InstalledPostgres {
    requireNonNull(folder, "folder is null");
  }

  /** The major version that these settings mean on this machine. */
  int major(Settings settings) {
    int declared = settings.number("pg_version");
    return settings.isDeclared("pg_version") ? declared : newest().orElse(declared);
  }

  private Optional<Integer> newest() {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> found = Files.list(folder)) {
      List<Integer> majors =
          found
              .filter(version -> Files.isExecutable(version.resolve("bin/postgres")))
              .map(version -> version.getFileName().toString())
              .filter(name -> name.matches("\\d{2}"))
              .map(Integer::valueOf)
              .toList();
      return majors.stream().max(Comparator.naturalOrder());
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
