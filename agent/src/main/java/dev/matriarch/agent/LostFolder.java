package dev.matriarch.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The lists of what was thrown away when this member came back, and copies of the WAL that held it:
 * a folder beside the data directory. The oldest go when there are too many.
 *
 * @param lists so many lists are kept
 * @param walBytes so much WAL is kept
 */
record LostFolder(Path folder, int lists, long walBytes) {
  private static final String LIST = ".json";
  private static final String WAL = ".wal";

  /** What a copy of WAL must leave free: a tenth of the disk. */
  private static final int LEFT_FREE = 10;

  LostFolder {
    requireNonNull(folder, "folder is null");
  }

  static LostFolder beside(Path dataDirectory) {
    return new LostFolder(
        dataDirectory.resolveSibling(dataDirectory.getFileName() + ".lost"), 10, 256L << 20);
  }

  /** A name for what is listed now; names sort by time. */
  static String name(Instant at) {
    return at.toString().replace(":", "").replace("-", "");
  }

  Path list(String name) {
    return folder.resolve(name + LIST);
  }

  Path wal(String name) {
    return folder.resolve(name + WAL);
  }

  /** The lists' files, newest first. */
  List<Path> files() throws IOException {
    return entries(LIST);
  }

  private List<Path> entries(String suffix) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(it -> it.getFileName().toString().endsWith(suffix))
          .sorted()
          .toList()
          .reversed();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  void write(String name, String json) throws IOException {
    make(folder);
    Path next = folder.resolve(name + ".new");
    Files.deleteIfExists(next);
    try (FileChannel to = create(next)) {
      ByteBuffer bytes = ByteBuffer.wrap((json + "\n").getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        to.write(bytes);
      }
      to.force(true);
    }
    Files.move(next, list(name), StandardCopyOption.ATOMIC_MOVE);
    for (Path old : files().stream().skip(lists).toList()) {
      Files.deleteIfExists(old);
    }
  }

  /**
   * Copies these segments, if there is room for them.
   *
   * @return why not; empty when they are kept
   */
  String keep(String name, List<Path> segments) throws IOException {
    long bytes = 0;
    for (Path segment : segments) {
      bytes += Files.size(segment);
    }
    if (bytes > walBytes) {
      return "its %d MiB are more than the %d MiB that are kept"
          .formatted(bytes >> 20, walBytes >> 20);
    }
    make(folder);
    makeRoom(walBytes - bytes);
    FileStore store = Files.getFileStore(folder);
    if (store.getUsableSpace() - bytes < store.getTotalSpace() / LEFT_FREE) {
      return "the disk has no room for its %d MiB".formatted(bytes >> 20);
    }
    Path to = wal(name);
    make(to);
    for (Path segment : segments) {
      copy(segment, to.resolve(segment.getFileName()));
    }
    return "";
  }

  private void makeRoom(long most) throws IOException {
    long kept = 0;
    for (Path old : entries(WAL)) {
      for (Path file : content(old)) {
        kept += Files.size(file);
      }
      if (kept > most) {
        drop(old);
      }
    }
  }

  private static List<Path> content(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }

  /** Removes what was kept under this name. */
  void forget(String name) throws IOException {
    Files.deleteIfExists(list(name));
    drop(wal(name));
  }

  private static void drop(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      for (Path file : content(folder)) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    }
  }

  private static void make(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(folder, asFileAttribute(fromString("rwx------")));
    }
  }

  private static FileChannel create(Path file) throws IOException {
    Files.createFile(file, asFileAttribute(fromString("rw-------")));
    return FileChannel.open(file, StandardOpenOption.WRITE);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel target = create(to)) {
      long size = source.size();
      for (long at = 0; at < size; ) {
        at += source.transferTo(at, size - at, target);
      }
      target.force(true);
    }
  }
}
