package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Undoing;
import java.util.Optional;

/**
 * What a file says of data that went another way than the leader's; where it is silent, the
 * cluster's dynamic configuration counts.
 *
 * @param rewinds {@code use_pg_rewind}
 * @param discardsFailed {@code remove_data_directory_on_rewind_failure}
 * @param discardsDiverged {@code remove_data_directory_on_diverged_timelines}
 */
public record UndoingChoice(
    Optional<Boolean> rewinds,
    Optional<Boolean> discardsFailed,
    Optional<Boolean> discardsDiverged) {
  static final String REWIND = "use_pg_rewind";
  static final String AFTER_FAILURE = "remove_data_directory_on_rewind_failure";
  static final String AFTER_DIVERGENCE = "remove_data_directory_on_diverged_timelines";

  public UndoingChoice {
    requireNonNull(rewinds, "rewinds is null");
    requireNonNull(discardsFailed, "discardsFailed is null");
    requireNonNull(discardsDiverged, "discardsDiverged is null");
  }

  /** The settings as this member goes by them. */
  public Settings over(Settings shared) {
    Undoing common = shared.undoing();
    Undoing own =
        new Undoing(
            rewinds.orElse(common.rewinds()),
            discardsFailed.orElse(common.discardsFailed()),
            discardsDiverged.orElse(common.discardsDiverged()));
    return shared.toBuilder().undoing(own).build();
  }
}
