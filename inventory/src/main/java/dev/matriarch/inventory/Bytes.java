package dev.matriarch.inventory;

/** An amount of data in bytes. */
public record Bytes(long count) implements Comparable<Bytes> {
  private static final long KIB = 1024;

  public Bytes {
    if (count < 0) {
      throw new IllegalArgumentException(count + " is no amount of bytes");
    }
  }

  /** An amount in MiB. */
  public static Bytes ofMebi(long mebibytes) {
    return new Bytes(Math.multiplyExact(mebibytes, KIB * KIB));
  }

  /** An amount in GiB. */
  public static Bytes ofGibi(long gibibytes) {
    return new Bytes(Math.multiplyExact(gibibytes, KIB * KIB * KIB));
  }

  /** Whole MiB, rounded down. */
  public long toMebi() {
    return count / (KIB * KIB);
  }

  @Override
  public int compareTo(Bytes other) {
    return Long.compare(count, other.count);
  }

  /** As PostgreSQL writes it: the largest unit that divides it, such as {@code 64MB}. */
  @Override
  public String toString() {
    String[] units = {"TB", "GB", "MB", "kB"};
    long unit = KIB * KIB * KIB * KIB;
    for (String name : units) {
      if (count >= unit && count % unit == 0) {
        return count / unit + name;
      }
      unit /= KIB;
    }
    return count + "B";
  }
}
