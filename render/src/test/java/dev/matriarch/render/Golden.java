package dev.matriarch.render;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Files that were looked at and found right. After a wanted change run the tests once with {@code
 * -Dgolden.update=true} and read the difference that git shows.
 */
final class Golden {
  private static final Path FOLDER = Path.of("src/test/resources/golden");

  private final Path folder;
  private final List<String> differences = new ArrayList<>();

  Golden(String name) {
    this.folder = FOLDER.resolve(name);
  }

  /** Compares rendered files, by their path below the layout's root, and says what differs. */
  List<String> differences(Layout layout, List<NodeFile> files) {
    var seen = new TreeSet<String>();
    for (NodeFile file : files) {
      var name = layout.root().relativize(file.path()).toString();
      seen.add(name);
      compare(name, file.content());
    }
    var kept = kept();
    kept.removeAll(seen);
    kept.forEach(name -> differences.add(name + ": no longer rendered"));
    return differences;
  }

  private void compare(String name, String content) {
    var path = folder.resolve(name);
    try {
      if (Boolean.getBoolean("golden.update")) {
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
      }
      differ(name, Files.exists(path) ? Files.readString(path) : "", content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines that are only in one of the two, with a mark each. */
  private void differ(String name, String expected, String actual) {
    var missing = new ArrayList<>(expected.lines().toList());
    var added = new ArrayList<String>();
    for (String line : actual.lines().toList()) {
      if (!missing.remove(line)) {
        added.add(line);
      }
    }
    missing.forEach(line -> differences.add(name + ": - " + line));
    added.forEach(line -> differences.add(name + ": + " + line));
    if (missing.isEmpty() && added.isEmpty() && !expected.equals(actual)) {
      differences.add(name + ": the same lines in another order");
    }
  }

  private Set<String> kept() {
    var names = new TreeSet<String>();
    if (Files.isDirectory(folder)) {
      try (var paths = Files.walk(folder)) {
        paths.filter(Files::isRegularFile).forEach(p -> names.add(folder.relativize(p).toString()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return names;
  }
}
