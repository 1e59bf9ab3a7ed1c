package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/**
 * What a primary would have to replay if it crashed, or has to since it did.
 *
 * @param from where the replay of its last checkpoint begins; {@link Lsn#ZERO} while unknown
 * @param to the end of its WAL as last seen
 */
public record Redo(Lsn from, Lsn to) {
  public static final Redo UNKNOWN = new Redo(Lsn.ZERO, Lsn.ZERO);

  public Redo {
    requireNonNull(from, "from is null");
    requireNonNull(to, "to is null");
  }

  /** How much it is, where it is known that the WAL goes on to {@code noted} at least. */
  long bytes(Lsn noted) {
    return from.isKnown() ? from.bytesBehind(to.orLater(noted)) : 0;
  }
}
