package dev.matriarch.fleet;

/** What a member is to an operator, spelled as the field's tools do. */
public enum MemberLabel {
  LEADER("Leader"),
  STANDBY_LEADER("Standby Leader"),
  SYNC_STANDBY("Sync Standby"),
  QUORUM_STANDBY("Quorum Standby"),
  REPLICA("Replica");

  private final String text;

  MemberLabel(String text) {
    this.text = text;
  }

  public boolean leads() {
    return this == LEADER || this == STANDBY_LEADER;
  }

  /** {@code Sync Standby}. */
  @Override
  public String toString() {
    return text;
  }
}
