package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * What a member knows of going on without etcd.
 *
 * <p>A leader whose renewals fail asks every member of the {@code failsafe} key. If all of them
 * accept, none of them leads before the lease's length has passed since it heard the question, and
 * nobody else may lead at all; so the leader's deadline moves, counted from before it asked.
 *
 * @param base the revision of the key that this member last set out to replace; -1 while its agent
 *     has not written it yet
 * @param acceptedAt when the last round that all accepted was sent
 * @param until up to when that round lets this member write; it counts only while it leads
 * @param askedAt when the last round was sent
 * @param refusal what a member said that did not accept the last round; empty when none refused
 * @param call a question of another leader that waits for its answer
 * @param promise what this member promised
 */
public record Failsafe(
    long base,
    Instant acceptedAt,
    Instant until,
    Instant askedAt,
    String refusal,
    Optional<FailsafeCall> call,
    Promise promise) {
  public Failsafe {
    requireNonNull(acceptedAt, "acceptedAt is null");
    requireNonNull(until, "until is null");
    requireNonNull(askedAt, "askedAt is null");
    requireNonNull(refusal, "refusal is null");
    requireNonNull(call, "call is null");
    requireNonNull(promise, "promise is null");
  }

  /** What is known when an agent starts: only what its predecessor promised. */
  static Failsafe atStart(Promise promise) {
    return new Failsafe(-1, Instant.MIN, Instant.MIN, Instant.MIN, "", Optional.empty(), promise);
  }

  Failsafe writing(long revision) {
    return new Failsafe(revision, acceptedAt, until, askedAt, refusal, call, promise);
  }

  Failsafe asking(Instant now) {
    return new Failsafe(base, acceptedAt, until, now, "", call, promise);
  }

  Failsafe after(Event.FailsafeRound round) {
    return round.accepted()
        ? new Failsafe(base, round.sentAt(), round.until(), askedAt, "", call, promise)
        : new Failsafe(base, acceptedAt, until, askedAt, round.refusal(), call, promise);
  }

  /** Nothing that was accepted before counts: the lead was given up. */
  Failsafe ended() {
    return new Failsafe(base, Instant.MIN, Instant.MIN, askedAt, "", call, promise);
  }

  Failsafe asked(FailsafeCall question) {
    return new Failsafe(base, acceptedAt, until, askedAt, refusal, Optional.of(question), promise);
  }

  Failsafe answered(Promise given) {
    return new Failsafe(base, acceptedAt, until, askedAt, refusal, Optional.empty(), given);
  }

  /** Whom it promised to wait for has said that it does not go on: the promise ends. */
  Failsafe released(Instant now) {
    Promise over = new Promise(promise.leader(), promise.madeAt(), now);
    return new Failsafe(base, acceptedAt, until, askedAt, refusal, call, over);
  }
}
