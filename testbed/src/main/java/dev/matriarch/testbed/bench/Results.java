package dev.matriarch.testbed.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The measurements of one benchmark in a file, kept as they come: what is there is not repeated.
 */
final class Results {
  private final Path file;
  private final List<Measurement> all = new ArrayList<>();

  private Results(Path file) {
    this.file = file;
  }

  /** Reads what is there; makes the file when it is not. */
  static Results in(Path folder) {
    Results results = new Results(folder.resolve("results.tsv"));
    try {
      Files.createDirectories(folder);
      if (Files.exists(results.file)) {
        Files.readAllLines(results.file).stream()
            .skip(1)
            .map(Measurement::parse)
            .forEach(results.all::add);
      } else {
        Files.writeString(results.file, Measurement.HEADER + "\n");
      }
      return results;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + results.file, e);
    }
  }

  void add(Measurement measurement) {
    all.add(measurement);
    try {
      Files.writeString(file, measurement.line() + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  List<Measurement> all() {
    return List.copyOf(all);
  }

  /** Whether that run is there, whatever came of it. */
  boolean has(Case what, Side side, int run) {
    return all.stream()
        .anyMatch(each -> each.what().equals(what) && each.side() == side && each.run() == run);
  }

  Path file() {
    return file;
  }
}
