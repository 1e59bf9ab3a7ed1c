package dev.matriarch.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Reads {@code global/pg_control} itself: during a shutdown it is asked every millisecond, and
 * pg_controldata takes several. The offsets used here have not moved from PostgreSQL 13 to 18 on
 * 64-bit little-endian machines; the checksum, whose place did move, is searched for and proves
 * that the file was read whole.
 */
final class ControlFile {
  private static final int SYSTEM_IDENTIFIER = 0;
  private static final int STATE = 16;
  private static final int CHECKPOINT = 32;
  private static final int REDO = 40;
  private static final int TIMELINE = 48;
  private static final int MIN_RECOVERY_POINT = 136;
  private static final int MIN_RECOVERY_TIMELINE = 144;
  private static final int CHECKSUM_FROM = 200;
  private static final int CHECKSUM_TO = 400;
  private static final int TRIES = 5;

  private final Path file;

  ControlFile(Path dataDir) {
    this.file = dataDir.resolve("global/pg_control");
  }

  /** Empty when there is no such file; throws when it is there but not readable as one. */
  Optional<ControlData> read() {
    // A read beside the server's write may be torn, once.
    for (int attempt = 0; attempt < TRIES; attempt++) {
      try {
        byte[] bytes = Files.readAllBytes(file);
        if (checksumHolds(bytes)) {
          return Optional.of(parse(bytes));
        }
      } catch (NoSuchFileException e) {
        return Optional.empty();
      } catch (IOException e) {
        throw new PostgresException.FileFailed(file, "read it", e);
      }
    }
    throw new PostgresException.DataDirectoryUnfit(file, "its checksum does not hold");
  }

  static boolean checksumHolds(byte[] bytes) {
    if (bytes.length < CHECKSUM_TO + Integer.BYTES) {
      return false;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CHECKSUM_FROM);
    for (int at = CHECKSUM_FROM; at <= CHECKSUM_TO; at += Integer.BYTES) {
      if ((int) crc.getValue() == buffer.getInt(at)) {
        return true;
      }
      crc.update(bytes, at, Integer.BYTES);
    }
    return false;
  }

  private ControlData parse(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int state = buffer.getInt(STATE);
    ControlData.State[] states = ControlData.State.values();
    if (state < 0 || state >= states.length) {
      throw new PostgresException.DataDirectoryUnfit(file, "unknown state " + state);
    }
    return new ControlData(
        Long.toUnsignedString(buffer.getLong(SYSTEM_IDENTIFIER)),
        states[state],
        new Lsn(buffer.getLong(CHECKPOINT)),
        buffer.getInt(TIMELINE),
        new Lsn(buffer.getLong(MIN_RECOVERY_POINT)),
        buffer.getInt(MIN_RECOVERY_TIMELINE),
        new Lsn(buffer.getLong(REDO)));
  }
}
