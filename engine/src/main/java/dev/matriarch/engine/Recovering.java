package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.waiting;
import static dev.matriarch.engine.Verdict.when;

import dev.matriarch.engine.Server.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Rule 321: whether a leader whose server crashed waits for it to recover, or lets another lead.
 * Both are reckoned: what there is to replay against the rate at which servers do, and what it
 * takes to elect another when the key is given back. Only where commits waited for standbys is it
 * certain that one of them has all that was acknowledged; elsewhere a recovery in place loses less,
 * and has {@code primary_start_timeout} (rule 303).
 */
final class Recovering {
  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

  /** What it takes to start a server that has nothing to replay. */
  private static final Duration START = Duration.ofMillis(500);

  /** What it takes a standby that was chosen to become a primary, and clients to find it. */
  private static final Duration PROMOTION = Duration.ofSeconds(1);

  private Recovering() {}

  /** From the moment that the key is vacant until another serves, at most. */
  static Duration failover(Settings settings) {
    return settings.lease().patience().plus(PROMOTION);
  }

  /** How much longer the server will recover, as far as can be reckoned. */
  static Duration recovery(View view, Instant now) {
    long bytes = view.server().redo().bytes(view.state().status().position());
    double seconds = (double) bytes / view.settings().recoveryRate();
    Duration whole = START.plusMillis((long) (seconds * 1000));
    boolean begun = view.server().condition() == Condition.STARTING;
    Duration spent = begun ? Duration.between(view.serverSince(), now) : Duration.ZERO;
    return spent.compareTo(whole) < 0 ? whole.minus(spent) : Duration.ZERO;
  }

  static Verdict spareRecovery(View view, Instant now) {
    return instead(view, now).orElse(PASS);
  }

  /** What is done instead of recovering; empty when the server is to recover. */
  static Optional<Verdict> instead(View view, Instant now) {
    if (!mayPass(view, now) || !isSlow(view, now)) {
      return Optional.empty();
    }
    String reason =
        "it would recover for %s (%d bytes of WAL), a failover takes %s"
            .formatted(
                seconds(recovery(view, now)),
                view.server().redo().bytes(view.state().status().position()),
                seconds(failover(view.settings())));
    if (!view.peers().wereAskedSince(now.minus(ASK_AGAIN))) {
      return Optional.of(
          when(
              view,
              now,
              reason + "; is there a standby?",
              new Effect.AskPeers(Candidates.others(view))));
    }
    if (!Candidates.hasSuccessor(view)) {
      Instant patient = view.peers().askedAt().orElse(now).plus(view.settings().lease().patience());
      boolean coming = !view.peers().haveAnswered() && now.isBefore(patient);
      boolean waits = coming && view.server().isDown();
      return waits ? Optional.of(waiting(reason + "; for the peers' answers")) : Optional.empty();
    }
    String why = reason + ", and a standby has every acknowledged commit";
    return Optional.of(
        Leading.mustStopFirst(view)
            ? Fencing.fence(view, why)
            : Leading.release(view, now, why, Lsn.ZERO));
  }

  private static boolean isSlow(View view, Instant now) {
    boolean crashed =
        view.server().condition() == Condition.CRASHED
            || view.server().condition() == Condition.STARTING;
    return crashed
        && view.server().role() == Role.PRIMARY
        && recovery(view, now).compareTo(failover(view.settings())) > 0;
  }

  private static boolean mayPass(View view, Instant now) {
    return view.leads(now)
        && view.store().isCurrent()
        && view.state().initialization() instanceof Initialization.Done
        && !view.settings().paused()
        && !Standing.isStandbyCluster(view)
        && Candidates.requiresVote(view)
        && view.state().sync().leader().equals(view.name())
        && !Candidates.others(view).isEmpty();
  }

  private static String seconds(Duration length) {
    return String.format(Locale.ROOT, "%.1f s", length.toMillis() / 1000.0);
  }
}
