package dev.matriarch.testbed;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system of its own for one folder, in a file: it can be made to hang, as a device does that
 * lost its controller, and it can be filled. Needs root and loop devices.
 */
public final class SmallDisk implements AutoCloseable {
  private final Path image;
  private final Path folder;
  private boolean hangs;

  private SmallDisk(Path image, Path folder) {
    this.image = image;
    this.folder = folder;
  }

  /** Mounts a new one over the folder, which belongs to {@code owner} afterwards. */
  static SmallDisk mount(Path folder, int mebibytes, String owner) {
    Path image = folder.resolveSibling(folder.getFileName() + ".img");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("truncate", "-s", mebibytes + "M", image.toString());
    // Nothing is kept for root: full is full for everybody.
    run("mkfs.ext4", "-q", "-m", "0", image.toString());
    run("mount", "-o", "loop", image.toString(), folder.toString());
    run("chown", owner + ":", folder.toString());
    run("chmod", "0700", folder.toString());
    return new SmallDisk(image, folder);
  }

  /** Whoever wants to write waits from now on, and no signal ends the wait. */
  synchronized void hang() {
    run("fsfreeze", "-f", folder.toString());
    hangs = true;
  }

  /** Ends that. */
  synchronized void answer() {
    if (hangs) {
      run("fsfreeze", "-u", folder.toString());
      hangs = false;
    }
  }

  /** Takes all that is left. */
  void fill() {
    byte[] chunk = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(filler())) {
      while (true) {
        out.write(chunk);
      }
    } catch (IOException full) {
      if (!String.valueOf(full.getMessage()).contains("No space left")) {
        throw new UncheckedIOException(full);
      }
    }
  }

  /** Gives back what {@link #fill} took. */
  void makeRoom() {
    try {
      Files.deleteIfExists(filler());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  private static void run(String... command) {
    Shell.run(List.of(command), Shell.DEADLINE, "").orThrow();
  }

  @Override
  public void close() {
    answer();
    run("umount", "--lazy", folder.toString());
    try {
      Files.deleteIfExists(image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
