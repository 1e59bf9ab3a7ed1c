package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

/**
 * A position in the write-ahead log, in bytes, unsigned. Text form is the server's: {@code
 * 0/3000060}.
 */
public record Lsn(long value) implements Comparable<Lsn> {
  /** Before any record: what a server reports as {@code 0/0}. */
  public static final Lsn ZERO = new Lsn(0);

  /** Reads {@code 16/B374D848}; throws {@link IllegalArgumentException} for anything else. */
  public static Lsn parse(String text) {
    requireNonNull(text, "text");
    int slash = text.indexOf('/');
    if (slash < 1 || slash > 8 || text.length() - slash - 1 > 8) {
      throw new IllegalArgumentException("not a WAL position such as 0/3000060: " + text);
    }
    try {
      long high = Long.parseLong(text, 0, slash, 16);
      long low = Long.parseLong(text, slash + 1, text.length(), 16);
      return new Lsn(high << 32 | low);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a WAL position such as 0/3000060: " + text, e);
    }
  }

  /** Bytes from {@code earlier} to here; negative when {@code earlier} is in fact later. */
  public long bytesSince(Lsn earlier) {
    return value - earlier.value;
  }

  /** True when this position is at or after {@code other}. */
  public boolean reached(Lsn other) {
    return compareTo(other) >= 0;
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return "%X/%X".formatted(value >>> 32, value & 0xFFFF_FFFFL);
  }
}
