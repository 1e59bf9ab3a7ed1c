package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.act;
import static dev.matriarch.engine.Verdict.waiting;
import static dev.matriarch.engine.Verdict.when;

import dev.matriarch.engine.Effect.AnswerFailsafe.Reply;
import dev.matriarch.engine.Server.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a leader goes on without etcd while every member agrees (contract, section 13), and what the
 * members that agreed are bound to. {@link Failsafe} has the argument.
 */
final class Surviving {
  private static final Duration AGAIN = Duration.ofMillis(500);

  private Surviving() {}

  // ---- the leader

  /** No proof of the lease for so long that something must be wrong with etcd. */
  private static boolean isInNeed(View view, Instant now) {
    return view.leads(now)
        && view.server().role() == Role.PRIMARY
        && view.state().initialization() instanceof Initialization.Done
        && !now.isBefore(needSince(view));
  }

  static Instant needSince(View view) {
    Instant renewed =
        view.lease() instanceof Lease.Held held ? held.renewedAt() : view.failsafe().acceptedAt();
    return renewed.plus(view.settings().failsafeAfter());
  }

  /** Every member that could lead instead is known, and can be asked. */
  private static boolean mayAsk(View view) {
    return view.settings().failsafe()
        && view.isSureOfFailsafe()
        && view.state().failsafe().members().containsKey(view.name());
  }

  static Instant nextRound(View view) {
    boolean accepted = !view.failsafe().askedAt().isAfter(view.failsafe().acceptedAt());
    Duration pause = accepted ? view.settings().lease().renewal() : AGAIN;
    Instant next = view.failsafe().askedAt().plus(pause);
    return next.isBefore(needSince(view)) ? needSince(view) : next;
  }

  static Verdict ask(View view, Instant now) {
    boolean due =
        isInNeed(view, now)
            && mayAsk(view)
            && view.work().isFree(Lane.CONSENT)
            && !now.isBefore(nextRound(view));
    if (!due) {
      return PASS;
    }
    SortedMap<String, String> others = new TreeMap<>(view.state().failsafe().members());
    others.remove(view.name());
    return act(
        "the lease is not renewed; the members are asked to wait",
        new Effect.AskFailsafe(others, view.settings().lease().lease()));
  }

  /** A refusal is an answer: somebody else may lead. Silence is none; it counts at the deadline. */
  static Verdict refused(View view, Instant now) {
    String refusal = view.failsafe().refusal();
    Instant proof = view.failsafe().acceptedAt();
    if (view.lease() instanceof Lease.Held held && held.renewedAt().isAfter(proof)) {
      proof = held.renewedAt();
    }
    boolean stale =
        view.failsafe().askedAt().isAfter(proof)
            && !now.isBefore(proof.plus(view.settings().failsafeAfter()));
    if (refusal.isEmpty() || !stale || !isInNeed(view, now) || !view.settings().failsafe()) {
      return PASS;
    }
    String why = "etcd is lost, and " + refusal;
    return view.server().mayBeWriting()
        ? Fencing.fence(view, why)
        : Leading.release(view, now, why, Lsn.ZERO);
  }

  /** The key went while etcd could not be reached; nobody else could take it. */
  static Verdict reclaim(View view, Instant now) {
    boolean spared =
        view.lease() instanceof Lease.None
            && view.leads(now)
            && view.store().isCurrent()
            && view.state().leadership().isVacant();
    return spared && view.state().failsafe().allows(view.name())
        ? when(
            view, now, "the leader key went with etcd; it is taken again", Electing.acquiring(view))
        : PASS;
  }

  static Verdict record(View view, Instant now) {
    boolean leads =
        view.leads(now)
            && view.lease() instanceof Lease.Held
            && view.store().isCurrent()
            && view.state().initialization() instanceof Initialization.Done;
    FailsafeRecord known = view.state().failsafe();
    SortedMap<String, String> wanted = new TreeMap<>();
    if (view.settings().failsafe()) {
      view.state().members().forEach((name, member) -> wanted.put(name, member.apiUrl()));
    }
    boolean right = known.members().equals(wanted) && (wanted.isEmpty() || view.isSureOfFailsafe());
    boolean unseen = view.failsafe().base() == known.revision() && !right && wroteLately(view, now);
    boolean unpublished = view.settings().failsafe() && !wanted.containsKey(view.name());
    // While its own renewals fail, the others' keys may end for the same reason. The record that it
    // is sure of is what it goes on by, and an attempt to change it would take that away.
    boolean tooLate = isInNeed(view, now);
    if (!leads || right || unseen || unpublished || tooLate || !view.work().isFree(Lane.NOTES)) {
      return PASS;
    }
    return view.work().isResting(Effect.WriteFailsafe.class, now)
        ? PASS
        : act("the members have changed", new Effect.WriteFailsafe(known.revision(), wanted));
  }

  private static boolean wroteLately(View view, Instant now) {
    return view.work().succeededSince(Effect.WriteFailsafe.class, now.minus(AGAIN));
  }

  // ---- the others

  static Verdict answer(View view, Instant now) {
    Optional<FailsafeCall> call = view.failsafe().call();
    boolean unseen = view.server().condition() == Condition.UNKNOWN;
    if (call.isEmpty() || unseen || !view.work().isFree(Lane.PROMISE)) {
      return PASS;
    }
    FailsafeCall question = call.get();
    if (view.store().known() && !view.settings().failsafe()) {
      return reply(question, Reply.OFF, "failsafe_mode is off", now);
    }
    Optional<String> objection = objection(view, question.leader(), now);
    return objection.isPresent()
        ? reply(question, Reply.REFUSED, objection.get(), now)
        : reply(question, Reply.ACCEPTED, question.leader() + " is alive", now);
  }

  private static Verdict reply(FailsafeCall call, Reply reply, String reason, Instant now) {
    return act(
        call.leader() + " has lost etcd: " + reason,
        new Effect.AnswerFailsafe(call, reply, reason, now.plus(call.lease())));
  }

  private static Optional<String> objection(View view, String leader, Instant now) {
    if (view.server().mayBeWriting()) {
      return Optional.of(view.name() + " is a running primary");
    }
    boolean mayLead =
        view.lease() instanceof Lease.Held
            || view.leads(now)
            || view.work().in(Lane.CLAIM).filter(Surviving::claims).isPresent()
            || view.work().in(Lane.SERVER).filter(Surviving::makesAPrimary).isPresent();
    if (mayLead) {
      return Optional.of(view.name() + " is about to lead");
    }
    // Its term was revoked while it was cut off, and it does not know: others may have commits.
    Optional<String> later =
        Standing.isStandbyCluster(view)
            ? Optional.empty()
            : view.state()
                .beginnerOf(view.state().newestRecorded())
                .filter(beginner -> !beginner.equals(leader));
    if (later.isPresent()) {
      return Optional.of(later.get() + " has led after it");
    }
    return view.store().isCurrent()
        ? view.otherLeader()
            .filter(other -> !other.equals(leader))
            .map(other -> view.name() + " follows " + other)
        : Optional.empty();
  }

  /**
   * May make this member the leader when it is carried out. A revocation does not: what was
   * recorded before is no objection either, and who promises to wait takes no key by it.
   */
  private static boolean claims(Effect effect) {
    return !(effect instanceof Effect.ReleaseLeader || effect instanceof Effect.Revoke);
  }

  private static boolean makesAPrimary(Effect effect) {
    return effect instanceof Effect.Promote
        || effect instanceof Effect.StartPrimary
        || effect instanceof Effect.Bootstrap;
  }

  /**
   * Whether this member's promise still stands. It is void once the leader that it was given to
   * says itself that it does not lead any more: it cannot come back without the key.
   */
  static boolean isBound(View view, Instant now) {
    Promise promise = view.failsafe().promise();
    if (!promise.binds(now)) {
      return false;
    }
    PeerReport leader = view.peers().reports().get(promise.leader());
    boolean released =
        leader != null && !leader.mayWrite() && view.peers().wereAskedSince(promise.madeAt());
    return !released;
  }

  /** A claim that was sent before the promise may have been carried out after it. */
  static Verdict honour(View view, Instant now) {
    boolean holds = view.leads(now) || view.state().leadership().isHeldBy(view.name());
    if (!holds || !isBound(view, now) || view.server().mayBeWriting()) {
      return PASS;
    }
    String why = "it promised not to lead before " + view.failsafe().promise().leader();
    return view.lease() instanceof Lease.Held
        ? Leading.release(view, now, why, Lsn.ZERO)
        : waiting(why + " has had its time");
  }

  static Verdict countAlive(View view, Instant now) {
    boolean open =
        view.store().known()
            && view.state().leadership().isVacant()
            && view.state().initialization() instanceof Initialization.Done
            && (view.server().isRunningStandby() || Candidates.isSoleOnTimeline(view));
    if (!open || !isBound(view, now)) {
      return PASS;
    }
    String leader = view.failsafe().promise().leader();
    String reason = leader + " goes on without etcd, as far as this member promised";
    boolean strays =
        view.server().isRunningStandby()
            && view.server().upstream().isEmpty()
            && view.state().member(leader).isPresent()
            && view.work().isFree(Lane.SERVER)
            && !view.work().isResting(Effect.Follow.class, now);
    if (strays) {
      return act(reason, new Effect.Follow(leader));
    }
    return view.store().isCurrent() ? Electing.askAgain(view, now, reason) : waiting(reason);
  }
}
