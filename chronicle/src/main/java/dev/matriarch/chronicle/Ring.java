package dev.matriarch.chronicle;

import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of recordings, named by the time at which each was begun; the oldest go when there are
 * too many.
 */
public record Ring(Path folder, Limits limits) {
  static final String SUFFIX = ".jsonl.gz";

  public Ring {
    requireNonNull(folder, "folder is null");
    requireNonNull(limits, "limits is null");
  }

  /** The files, oldest first. */
  public List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(it -> it.getFileName().toString().endsWith(SUFFIX)).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Makes a new, empty file. */
  Path begin(Instant at) throws IOException {
    Files.createDirectories(folder);
    String stamp = at.toString().replace(":", "").replace("-", "");
    for (int i = 0; ; i++) {
      Path file = folder.resolve("%s-%03d%s".formatted(stamp, i, SUFFIX));
      try {
        Files.createFile(file, asFileAttribute(fromString("rw-r-----")));
        return file;
      } catch (FileAlreadyExistsException e) {
        if (i == 999) {
          throw e;
        }
      }
    }
  }

  /** Removes what is too old or too much, but not {@code current}. */
  void prune(Path current, Instant now) throws IOException {
    long kept = 0;
    for (Path file : files().reversed()) {
      kept += Files.size(file);
      boolean old = Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(limits.age()));
      // Room for the current file to grow is kept free.
      boolean much = kept > limits.bytes() - limits.fileBytes();
      if ((old || much) && !file.equals(current)) {
        Files.deleteIfExists(file);
      }
    }
  }
}
