package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The launcher with what belongs to it: {@code bin/}, the jar and its archives.
 *
 * @param home the folder of the launcher
 */
record Installation(Path home) {
  Installation {
    requireNonNull(home, "home");
  }

  /** The launcher. */
  Path launcher() {
    return home.resolve("matriarch");
  }

  /** The supervisor of a node. */
  Path supervisor() {
    return home.resolve("bin").resolve("supervise");
  }

  /**
   * The one that the services' user can read: this one, or the one in a folder to which it will be
   * copied when this one lies where others may not enter, as a checkout in root's home does.
   *
   * @param copy where the copy would go
   */
  Installation readableByAll(Path copy) {
    return !OperatingSystem.isRoot()
            || parts().stream().allMatch(part -> OperatingSystem.isReadableByAll(part.from()))
        ? this
        : new Installation(copy);
  }

  /** Copies what is not there yet, file by file, so that what runs from an earlier copy goes on. */
  void copyTo(Installation other) {
    if (other.equals(this)) {
      return;
    }
    try {
      for (Part part : parts()) {
        Path to = other.home.resolve(part.to());
        Files.createDirectories(to.getParent());
        if (!isSame(part.from(), to)) {
          Path fresh = to.resolveSibling(to.getFileName() + ".new");
          // With its time: the archive is tied to the jar's.
          Files.copy(
              part.from(),
              fresh,
              StandardCopyOption.COPY_ATTRIBUTES,
              StandardCopyOption.REPLACE_EXISTING);
          Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    } catch (IOException e) {
      throw new Refused("%s: cannot copy matriarch there: %s".formatted(other.home, e));
    }
  }

  private record Part(Path from, String to) {}

  private List<Part> parts() {
    Path built = home.resolve(".build");
    Path lib = Files.exists(built.resolve("matriarch.jar")) ? built : home;
    Stream<Part> needed =
        Stream.of(
            new Part(launcher(), "matriarch"),
            new Part(supervisor(), "bin/supervise"),
            new Part(lib.resolve("matriarch.jar"), "matriarch.jar"));
    Stream<Part> archives =
        Stream.of("matriarch.aot", "agent.aot")
            .map(name -> new Part(lib.resolve(name), name))
            .filter(part -> Files.exists(part.from()));
    return Stream.concat(needed, archives).toList();
  }

  private static boolean isSame(Path from, Path to) throws IOException {
    return Files.exists(to)
        && Files.size(from) == Files.size(to)
        && Files.getLastModifiedTime(from).equals(Files.getLastModifiedTime(to));
  }
}
