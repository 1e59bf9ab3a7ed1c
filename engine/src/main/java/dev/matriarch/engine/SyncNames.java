package dev.matriarch.engine;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a primary's {@code synchronous_standby_names} demands: so many acknowledgements out of these
 * members. In strict mode with no standby at all, {@link #NOBODY} makes every commit wait.
 *
 * @param acknowledgements how many must acknowledge; 0 for asynchronous commits
 * @param names the members among which they are counted
 */
public record SyncNames(int acknowledgements, SortedSet<String> names) {
  /** Commits wait for nobody. */
  public static final SyncNames NONE = new SyncNames(0, Collections.emptySortedSet());

  /** Commits wait for a standby that does not exist. */
  public static final SyncNames NOBODY = new SyncNames(1, Collections.emptySortedSet());

  public SyncNames {
    names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
    if (acknowledgements < 0 || (acknowledgements > names.size() && !names.isEmpty())) {
      throw new IllegalArgumentException(acknowledgements + " acknowledgements of " + names);
    }
  }
}
