package dev.matriarch.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SplittableRandom;

/**
 * The file systems below the data directory and its WAL. Every call may hang for as long as they
 * do.
 *
 * <p>Two files of ours are beside the WAL, where a full disk does the most harm. Their names begin
 * like those of PostgreSQL's temporary files, which backups, clones and rewinds leave out.
 */
final class WalDisk {
  private static final String RESERVE = "pgsql_tmp.matriarch-reserve";
  private static final String PROOF = "pgsql_tmp.matriarch-proof";
  private static final int CHUNK = 1 << 20;
  private static final int BLOCK = 512;

  private final Path dataDir;
  private final OwnedFiles files;

  WalDisk(Path dataDir, OwnedFiles files) {
    this.dataDir = dataDir;
    this.files = files;
  }

  private Path file(String name) {
    return dataDir.resolve("pg_wal").resolve(name);
  }

  DiskUse use() {
    DiskUse data = use(dataDir);
    DiskUse wal = use(dataDir.resolve("pg_wal"));
    return wal.share() <= data.share() ? wal : data;
  }

  private DiskUse use(Path folder) {
    try {
      FileStore store = Files.getFileStore(folder);
      return new DiskUse(store.getUsableSpace(), store.getTotalSpace(), reserved());
    } catch (IOException e) {
      throw OwnedFiles.failed(folder, "see how full it is", e);
    }
  }

  private long reserved() throws IOException {
    try {
      return Files.size(file(RESERVE));
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  void keep(long bytes) {
    Path file = file(RESERVE);
    try {
      Files.deleteIfExists(file);
      create(file);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        fill(channel, bytes);
      }
    } catch (IOException e) {
      release();
      throw OwnedFiles.failed(file, "hold a reserve back in it", e);
    }
  }

  /** Not with zeros: a file system that compresses would hold nothing back. */
  private static void fill(FileChannel channel, long bytes) throws IOException {
    SplittableRandom noise = new SplittableRandom(bytes);
    byte[] chunk = new byte[CHUNK];
    for (long left = bytes; left > 0; left -= CHUNK) {
      noise.nextBytes(chunk);
      write(channel, ByteBuffer.wrap(chunk, 0, (int) Math.min(CHUNK, left)));
    }
    channel.force(true);
  }

  void release() {
    Path file = file(RESERVE);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw OwnedFiles.failed(file, "delete it", e);
    }
  }

  /** Always the same block of the same file: it needs no room once it is there. */
  void prove() {
    Path file = file(PROOF);
    try {
      if (!Files.exists(file)) {
        create(file);
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        byte[] block = new byte[BLOCK];
        ByteBuffer.wrap(block).putLong(System.nanoTime());
        write(channel, ByteBuffer.wrap(block));
        channel.force(false);
      }
    } catch (IOException e) {
      throw OwnedFiles.failed(file, "write a block to it", e);
    }
  }

  private void create(Path file) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    files.give(file);
  }

  private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int _ = channel.write(bytes);
    }
  }
}
