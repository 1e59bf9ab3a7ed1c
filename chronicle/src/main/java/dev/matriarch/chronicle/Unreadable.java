package dev.matriarch.chronicle;

/** A recording, or a part of one, that this version cannot read; the message says what and why. */
public final class Unreadable extends Exception {
  private static final long serialVersionUID = 1L;

  Unreadable(String message) {
    super(message);
  }
}
