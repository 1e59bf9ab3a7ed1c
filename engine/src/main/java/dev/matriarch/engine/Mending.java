package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Rule 823: a key that cannot be read counts as what it said before, but only for those who saw it
 * then. Who is started anew would wait for it for ever, so the leader, who knows, writes it again.
 * What operators write ({@code config}, {@code failover}) is left to them.
 */
final class Mending {
  /** What was written is seen within a moment. */
  private static final Duration UNSEEN = Duration.ofMillis(500);

  private Mending() {}

  static Verdict mend(View view, Instant now) {
    if (!Duties.isLeadingPrimary(view, now) || !view.store().isCurrent()) {
      return PASS;
    }
    for (String key : view.state().remembered()) {
      Optional<Effect> effect = again(view, key);
      boolean unseen =
          effect
              .filter(it -> view.work().succeededSince(it.getClass(), now.minus(UNSEEN)))
              .isPresent();
      if (effect.isPresent() && !unseen) {
        return Duties.ifFree(
            view, now, "etcd's key " + key + " cannot be read; it is known here", effect.get());
      }
    }
    return PASS;
  }

  private static Optional<Effect> again(View view, String key) {
    return switch (key) {
      case "initialize" ->
          Optional.of(new Effect.FinishInitialize(view.server().systemIdentifier()));
      case "history" -> Optional.of(new Effect.WriteHistory(view.server().timeline()));
      case "status" -> Optional.of(new Effect.WriteStatus(view.state().status()));
      case "sync" -> Optional.of(new Effect.WriteSync(view.state().sync()));
      default -> Optional.empty();
    };
  }
}
