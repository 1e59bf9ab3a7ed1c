package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/** A rule's answer to a view. */
sealed interface Verdict {

  /** The rule has nothing to say here. */
  record Pass() implements Verdict {}

  /** The rule applies, and there is nothing to do but wait for what the reason names. */
  record Wait(String reason) implements Verdict {
    public Wait {
      requireNonNull(reason, "reason is null");
    }
  }

  /** The rule applies, and these effects are to be begun. */
  record Act(String reason, List<Effect> effects) implements Verdict {
    public Act {
      requireNonNull(reason, "reason is null");
      effects = List.copyOf(effects);
    }
  }

  Verdict PASS = new Pass();

  static Verdict waiting(String reason) {
    return new Wait(reason);
  }

  static Verdict act(String reason, Effect... effects) {
    return new Act(reason, List.of(effects));
  }

  /** Act if the effect's lane is free and it did not just fail; otherwise wait. */
  static Verdict when(View view, Instant now, String reason, Effect effect) {
    if (!view.work().isFree(effect.lane())) {
      return waiting(reason + "; " + view.work().in(effect.lane()).orElseThrow().kind() + " runs");
    }
    if (view.work().isResting(effect.getClass(), now)) {
      Setback last = view.work().setback(effect.getClass()).orElseThrow();
      return waiting(reason + "; failed " + last.count() + " times, last: " + last.reason());
    }
    return act(reason, effect);
  }
}
