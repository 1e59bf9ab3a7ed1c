package dev.matriarch.engine;

/**
 * What may be done, without asking, to data that went another way than the leader's.
 *
 * @param rewinds it is rewound to where the histories parted
 * @param discardsFailed where a rewind fails, it is removed and copied anew
 * @param discardsDiverged where nothing is rewound, it is removed and copied anew
 */
public record Undoing(boolean rewinds, boolean discardsFailed, boolean discardsDiverged) {
  /** The seeds' defaults. */
  public static final Undoing DEFAULT = new Undoing(true, true, false);

  /** Whether what cannot be rewound, or may not be, gives way to a copy. */
  boolean discards() {
    return rewinds ? discardsFailed : discardsDiverged;
  }

  public boolean isForbidden() {
    return !rewinds && !discardsDiverged;
  }

  /** What an operator may do about data that is kept. */
  String wayOut() {
    return "reinit it, or set "
        + (rewinds
            ? "remove_data_directory_on_rewind_failure"
            : "use_pg_rewind or remove_data_directory_on_diverged_timelines")
        + " to true";
  }
}
