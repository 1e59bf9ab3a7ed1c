package dev.matriarch.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Who this process is, and what another user of the host could reach. */
final class OperatingSystem {
  private OperatingSystem() {}

  /** Whether this process is root. */
  static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      throw new UncheckedIOException("/proc is needed and cannot be read", e);
    }
  }

  /** The name of the user of this process. */
  static String user() {
    return System.getProperty("user.name");
  }

  /** Whether the host knows a user. */
  static boolean hasUser(String name) {
    try {
      Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** Whether every user can enter all folders above a path; those that do not exist are fine. */
  static boolean isOpenToAll(Path path) {
    for (Path folder = path.getParent(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder) && !allows(folder, PosixFilePermission.OTHERS_EXECUTE)) {
        return false;
      }
    }
    return true;
  }

  /** Whether every user can read a file and enter all folders above it. */
  static boolean isReadableByAll(Path file) {
    return isOpenToAll(file) && allows(file, PosixFilePermission.OTHERS_READ);
  }

  /** Whether a user can read a file; who may by its group is believed to be of that group. */
  static boolean mayRead(Path file, String user) {
    try {
      PosixFileAttributes it = Files.readAttributes(file, PosixFileAttributes.class);
      Set<PosixFilePermission> allowed = it.permissions();
      return allowed.contains(PosixFilePermission.OTHERS_READ)
          || allowed.contains(PosixFilePermission.GROUP_READ)
          || (it.owner().getName().equals(user)
              && allowed.contains(PosixFilePermission.OWNER_READ));
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean allows(Path path, PosixFilePermission permission) {
    try {
      Set<PosixFilePermission> all = Files.getPosixFilePermissions(path);
      return all.contains(permission);
    } catch (IOException _) {
      return false;
    }
  }
}
