package dev.matriarch.postgres;

/**
 * How full the file systems of a server are: of its data directory and its WAL the fuller one.
 *
 * @param free bytes that the server can still use
 * @param size bytes in all
 * @param reserve bytes that are held back in a file
 */
public record DiskUse(long free, long size, long reserve) {
  /** How much of it is left, from 0 to 1. */
  double share() {
    return size == 0 ? 0 : (double) free / size;
  }
}
