package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file beside the data directory that says: what is in there was begun and never finished. A
 * half-made or half-rewound data directory looks like a good one, so this is written before it is
 * touched, and removed once it is whole.
 */
record Marker(Path file) {
  Marker {
    requireNonNull(file, "file is null");
  }

  static Marker beside(Path dataDirectory) {
    return new Marker(dataDirectory.resolveSibling(dataDirectory.getFileName() + ".unfinished"));
  }

  boolean isSet() {
    return Files.exists(file);
  }

  void set(String what) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(
          file,
          what + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
      sync(file);
      sync(file.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot write: " + e.getMessage(), e);
    }
  }

  void clear() {
    try {
      Files.deleteIfExists(file);
      sync(file.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot remove: " + e.getMessage(), e);
    }
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
