package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/**
 * A member's own limits and preferences (drop-in contract, section 10).
 *
 * @param nofailover never elect this member
 * @param failoverPriority the higher wins between equal WAL positions; zero or less means never
 * @param nosync never count this member for synchronous replication
 * @param noloadbalance answer 503 on the replica checks
 * @param clonefrom may serve as the source of a clone
 * @param replicatefrom the member to follow instead of the leader; empty for the leader
 */
public record Tags(
    boolean nofailover,
    int failoverPriority,
    boolean nosync,
    boolean noloadbalance,
    boolean clonefrom,
    String replicatefrom) {
  public static final Tags NONE = new Tags(false, 1, false, false, false, "");

  public Tags {
    requireNonNull(replicatefrom, "replicatefrom is null");
  }

  public boolean mayLead() {
    return !nofailover && failoverPriority > 0;
  }
}
