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
 * @param syncPriority the higher is made synchronous first
 * @param nostream gets its WAL from the archive alone, and has no slot anywhere
 * @param shown how the member's key shows its tags: a JSON object in its own order, with tags that
 *     mean nothing here; empty to let them be written from the above
 */
public record Tags(
    boolean nofailover,
    int failoverPriority,
    boolean nosync,
    boolean noloadbalance,
    boolean clonefrom,
    String replicatefrom,
    int syncPriority,
    boolean nostream,
    String shown) {
  public static final Tags NONE = new Tags(false, 1, false, false, false, "", 1, false, "");

  public Tags {
    requireNonNull(replicatefrom, "replicatefrom is null");
    requireNonNull(shown, "shown is null");
  }

  public boolean mayLead() {
    return !nofailover && failoverPriority > 0;
  }

  /** The same with changes. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** What new Tags are made of; not for several threads. */
  public static final class Builder {
    private boolean nofailover;
    private int failoverPriority;
    private boolean nosync;
    private boolean noloadbalance;
    private boolean clonefrom;
    private String replicatefrom;
    private int syncPriority;
    private boolean nostream;
    private String shown;

    private Builder(Tags from) {
      this.nofailover = from.nofailover;
      this.failoverPriority = from.failoverPriority;
      this.nosync = from.nosync;
      this.noloadbalance = from.noloadbalance;
      this.clonefrom = from.clonefrom;
      this.replicatefrom = from.replicatefrom;
      this.syncPriority = from.syncPriority;
      this.nostream = from.nostream;
      this.shown = from.shown;
    }

    public Builder nofailover(boolean value) {
      nofailover = value;
      return this;
    }

    public Builder failoverPriority(int value) {
      failoverPriority = value;
      return this;
    }

    public Builder nosync(boolean value) {
      nosync = value;
      return this;
    }

    public Builder noloadbalance(boolean value) {
      noloadbalance = value;
      return this;
    }

    public Builder clonefrom(boolean value) {
      clonefrom = value;
      return this;
    }

    public Builder replicatefrom(String value) {
      replicatefrom = value;
      return this;
    }

    public Builder syncPriority(int value) {
      syncPriority = value;
      return this;
    }

    public Builder nostream(boolean value) {
      nostream = value;
      return this;
    }

    public Builder shown(String value) {
      shown = value;
      return this;
    }

    public Tags build() {
      return new Tags(
          nofailover,
          failoverPriority,
          nosync,
          noloadbalance,
          clonefrom,
          replicatefrom,
          syncPriority,
          nostream,
          shown);
    }
  }
}
