package dev.matriarch.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** The operator's own editor, on a file that nobody else may read. */
final class Editor {
  private Editor() {}

  /**
   * What became of the text.
   *
   * @throws Refused if the editor cannot be run or says that it failed
   */
  static String edit(String text, Map<String, String> environment) {
    String command = environment.getOrDefault("VISUAL", environment.getOrDefault("EDITOR", "vi"));
    try {
      Path file =
          Files.createTempFile(
              "matriarch-config-",
              ".yml",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        Files.writeString(file, text);
        int ended =
            new ProcessBuilder("sh", "-c", command + " \"$1\"", "edit", file.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (ended != 0) {
          throw new Refused(
              "nothing was changed: the editor `%s` ended with %d; name another in $EDITOR"
                  .formatted(command, ended));
        }
        return Files.readString(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new Refused("nothing was changed: what was edited cannot be read: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused("nothing was changed: interrupted");
    }
  }
}
