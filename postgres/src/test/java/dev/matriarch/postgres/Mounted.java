package dev.matriarch.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small ext4 file system of its own, in a file: it can be frozen, and it can be filled. */
final class Mounted implements AutoCloseable {
  private final Path image;
  private final Path folder;
  private boolean frozen;

  private Mounted(Path image, Path folder) {
    this.image = image;
    this.folder = folder;
  }

  static Mounted at(Path folder, int mebibytes) {
    Path image = folder.resolveSibling(folder.getFileName() + ".img");
    try {
      Files.createDirectories(folder);
      run("truncate", "-s", mebibytes + "M", image.toString());
      run("mkfs.ext4", "-q", "-m", "0", image.toString());
      run("mount", "-o", "loop", image.toString(), folder.toString());
      run("chown", OsUser.fitting().name(), folder.toString());
      return new Mounted(image, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on whatever wants to write waits, and no signal ends the wait. */
  void freeze() {
    run("fsfreeze", "-f", folder.toString());
    frozen = true;
  }

  void thaw() {
    if (frozen) {
      run("fsfreeze", "-u", folder.toString());
      frozen = false;
    }
  }

  private static void run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(List.of(command) + ": " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    thaw();
    run("umount", folder.toString());
    try {
      Files.delete(image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
