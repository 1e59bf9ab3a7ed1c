package dev.matriarch.engine;

/** A member's role as its key in etcd and its REST answers spell it. */
public enum MemberRole {
  PRIMARY("primary"),
  REPLICA("replica"),
  STANDBY_LEADER("standby_leader"),
  DEMOTED("demoted"),
  PROMOTED("promoted"),
  UNINITIALIZED("uninitialized");

  private final String wire;

  MemberRole(String wire) {
    this.wire = wire;
  }

  public String wire() {
    return wire;
  }

  /** The role with this spelling ({@code master} is the older one of primary). */
  public static MemberRole ofWire(String text) {
    if (text.equals("master")) {
      return PRIMARY;
    }
    for (MemberRole role : values()) {
      if (role.wire.equals(text)) {
        return role;
      }
    }
    return UNINITIALIZED;
  }
}
