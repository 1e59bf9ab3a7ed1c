package dev.matriarch.engine;

/** What a PostgreSQL server is: the one that accepts writes, or one that replays. */
public enum Role {
  PRIMARY,
  STANDBY,
  /** There is no server to speak of, or it is not known. */
  NONE
}
