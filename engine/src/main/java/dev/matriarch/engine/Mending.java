package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Rule 823: a key that cannot be read counts as what it said before, but only for those who saw it
 * then. Who is started anew would wait for it for ever, so the leader, who knows, writes it again;
 * likewise a configuration that somebody has deleted. What operators wrote ({@code config}, {@code
 * failover}) and nobody can read is left to them.
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
      if (effect.isPresent() && isDue(view, now, effect.get())) {
        return Duties.ifFree(
            view, now, "etcd's key " + key + " cannot be read; it is known here", effect.get());
      }
    }
    Effect restored = record(view);
    boolean deleted =
        view.state().config().isEmpty() && !view.state().unreadable().contains("config");
    return deleted && isDue(view, now, restored)
        ? Duties.ifFree(view, now, "etcd's key config is gone; it is known here", restored)
        : PASS;
  }

  private static boolean isDue(View view, Instant now, Effect effect) {
    return !view.work().succeededSince(effect.getClass(), now.minus(UNSEEN));
  }

  /** Writes a configuration, too, where there is none. */
  private static Effect record(View view) {
    return new Effect.FinishInitialize(view.server().systemIdentifier());
  }

  private static Optional<Effect> again(View view, String key) {
    return switch (key) {
      case "initialize" -> Optional.of(record(view));
      case "history" -> Optional.of(new Effect.WriteHistory(view.server().timeline()));
      case "status" -> Optional.of(new Effect.WriteStatus(view.state().status()));
      case "sync" -> Optional.of(new Effect.WriteSync(view.state().sync()));
      default -> Optional.empty();
    };
  }
}
