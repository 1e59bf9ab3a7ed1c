package dev.matriarch.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.Set;

/** Files that belong to the server's account: 0600, folders 0700, replaced whole or not at all. */
final class OwnedFiles {
  private final OsUser owner;

  OwnedFiles(OsUser owner) {
    this.owner = owner;
  }

  void write(Path file, String text) {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes beside, syncs, and renames over: a reader sees the old content or the new one. */
  void write(Path file, byte[] content) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(fresh);
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      give(fresh);
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      sync(file.getParent());
    } catch (IOException e) {
      throw failed(file, "write it", e);
    }
  }

  /**
   * An empty file that tells the server something now. Not synced: after a crash nothing may come
   * of it, and clients wait.
   */
  void mark(Path file) {
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      give(file);
    } catch (IOException e) {
      throw failed(file, "write it", e);
    }
  }

  /** Writes only when the text differs; true when it did. */
  boolean writeIfChanged(Path file, String text) {
    if (read(file).filter(text::equals).isPresent()) {
      return false;
    }
    write(file, text);
    return true;
  }

  Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed(file, "read it", e);
    }
  }

  void delete(Path file) {
    try {
      if (Files.deleteIfExists(file)) {
        sync(file.getParent());
      }
    } catch (IOException e) {
      throw failed(file, "delete it", e);
    }
  }

  void rename(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      sync(to.getParent());
    } catch (IOException e) {
      throw failed(from, "rename it to " + to, e);
    }
  }

  /** Makes the folder with 0700 for the server's account; one that exists is left as it is. */
  void directory(Path folder) {
    if (Files.isDirectory(folder)) {
      return;
    }
    try {
      Files.createDirectories(folder.getParent());
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      give(folder);
    } catch (IOException e) {
      throw failed(folder, "make it", e);
    }
  }

  /**
   * Removes everything below the folder, and the folder too if asked. Symbolic links are not
   * followed.
   */
  void clear(Path folder, boolean itself) {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Files.walkFileTree(
          folder,
          Set.of(),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException e) throws IOException {
              if (e != null) {
                throw e;
              }
              if (itself || !each.equals(folder)) {
                Files.deleteIfExists(each);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw failed(folder, "clear it", e);
    }
  }

  static boolean absentOrEmpty(Path folder) {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    try (var entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        // A folder that is a mount point has this one from the start.
        if (!entry.getFileName().toString().equals("lost+found")) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw failed(folder, "look into it", e);
    }
  }

  /**
   * True when the folder is on another file system than its parent, so it cannot be renamed over.
   */
  static boolean mountPoint(Path folder) {
    try {
      return Files.isDirectory(folder)
          && !Files.getAttribute(folder, "unix:dev")
              .equals(Files.getAttribute(folder.toAbsolutePath().getParent(), "unix:dev"));
    } catch (IOException e) {
      throw failed(folder, "look at it", e);
    }
  }

  /** Gives what was made as another account to the server's. */
  void give(Path path) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view.getOwner().getName().equals(owner.name())) {
      return;
    }
    var names = path.getFileSystem().getUserPrincipalLookupService();
    UserPrincipal user = names.lookupPrincipalByName(owner.name());
    view.setOwner(user);
    GroupPrincipal group = names.lookupPrincipalByGroupName(owner.name());
    view.setGroup(group);
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static PostgresException failed(Path path, String what, IOException e) {
    return String.valueOf(e.getMessage()).contains("No space left")
        ? new PostgresException.DiskFull(path, "cannot " + what)
        : new PostgresException.FileFailed(path, what, e);
  }
}
