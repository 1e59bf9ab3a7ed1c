package dev.matriarch.cli;

import dev.matriarch.chronicle.Limits;
import dev.matriarch.chronicle.Player;
import dev.matriarch.chronicle.Recording;
import dev.matriarch.chronicle.Ring;
import dev.matriarch.chronicle.Unreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Recordings named on the command line: files, or folders of them. */
final class RecordingFiles {
  private RecordingFiles() {}

  /** The files themselves; a folder without any is refused. */
  static List<Path> found(List<Path> named) {
    List<Path> files = new ArrayList<>();
    for (Path path : named) {
      try {
        List<Path> inside =
            Files.isDirectory(path) ? new Ring(path, Limits.STANDARD).files() : List.of(path);
        if (inside.isEmpty()) {
          throw new Refused(
              path
                  + " holds no recordings: name the folder of an agent's *.jsonl.gz, log/recording");
        }
        files.addAll(inside);
      } catch (IOException e) {
        throw new Refused(path + ": cannot be read: " + e.getMessage());
      }
    }
    return files;
  }

  static Recording read(Path file) {
    try {
      return Player.file(file);
    } catch (Unreadable e) {
      throw new Refused(e.getMessage());
    } catch (IOException e) {
      throw new Refused(file + ": cannot be read: " + why(e));
    }
  }

  private static String why(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException
        ? "there is no such file"
        : e.getMessage();
  }
}
