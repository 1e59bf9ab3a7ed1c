package dev.matriarch.engine;

/**
 * A position in the write-ahead log, in bytes since its beginning; ordered as unsigned. {@code 0/0}
 * means that no position is known.
 */
public record Lsn(long value) implements Comparable<Lsn> {
  public static final Lsn ZERO = new Lsn(0);

  /** Reads PostgreSQL's notation, such as {@code 0/16B3748}. */
  public static Lsn parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 1 || slash == text.length() - 1) {
      throw new IllegalArgumentException("not a WAL position: " + text);
    }
    long high = Long.parseLong(text.substring(0, slash), 16);
    long low = Long.parseLong(text.substring(slash + 1), 16);
    return new Lsn((high << 32) | low);
  }

  public boolean isKnown() {
    return value != 0;
  }

  public boolean isBeyond(Lsn other) {
    return compareTo(other) > 0;
  }

  public Lsn orLater(Lsn other) {
    return isBeyond(other) ? this : other;
  }

  /** Bytes from this position to {@code ahead}; zero when {@code ahead} is not ahead. */
  public long bytesBehind(Lsn ahead) {
    return ahead.isBeyond(this) ? ahead.value - value : 0;
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toHexString(value >>> 32).toUpperCase(java.util.Locale.ROOT)
        + "/"
        + Long.toHexString(value & 0xFFFFFFFFL).toUpperCase(java.util.Locale.ROOT);
  }
}
