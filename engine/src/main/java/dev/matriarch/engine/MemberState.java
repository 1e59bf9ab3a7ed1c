package dev.matriarch.engine;

/** A member's state as its key in etcd and its REST answers spell it. */
public enum MemberState {
  RUNNING("running"),
  STREAMING("streaming"),
  IN_ARCHIVE_RECOVERY("in archive recovery"),
  STARTING("starting"),
  STOPPING("stopping"),
  STOPPED("stopped"),
  RESTARTING("restarting"),
  CRASHED("crashed"),
  CREATING_REPLICA("creating replica"),
  INITIALIZING("initializing new cluster"),
  CUSTOM_BOOTSTRAP("running custom bootstrap script"),
  STARTING_AFTER_CUSTOM_BOOTSTRAP("starting after custom bootstrap"),
  START_FAILED("start failed"),
  RESTART_FAILED("restart failed"),
  STOP_FAILED("stop failed"),
  INITDB_FAILED("initdb failed"),
  CUSTOM_BOOTSTRAP_FAILED("custom bootstrap failed"),
  UNKNOWN("unknown");

  private final String wire;

  MemberState(String wire) {
    this.wire = wire;
  }

  public String wire() {
    return wire;
  }

  /** The state with this spelling; {@link #UNKNOWN} for one that this release does not know. */
  public static MemberState ofWire(String text) {
    for (MemberState state : values()) {
      if (state.wire.equals(text)) {
        return state;
      }
    }
    return UNKNOWN;
  }

  /** Whether a server in this state answers queries. */
  public boolean isServing() {
    return this == RUNNING || this == STREAMING || this == IN_ARCHIVE_RECOVERY;
  }
}
