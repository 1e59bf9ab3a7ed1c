package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.act;
import static dev.matriarch.engine.Verdict.waiting;
import static dev.matriarch.engine.Verdict.when;

import dev.matriarch.engine.Effect.StopMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rules 100: who must not write is stopped before anything else is considered. */
final class Fencing {
  /** How long a started agent may look for its lease while its server runs as primary. */
  private static final Duration FIRST_CONTACT = Duration.ofSeconds(1);

  static final List<Clause> CLAUSES =
      List.of(
          new Clause(Rule.LEASE_RAN_OUT, Fencing::leaseRanOut),
          new Clause(Rule.ANOTHER_LEADS, Fencing::anotherLeads),
          new Clause(Rule.NO_LEASE, Fencing::noLease),
          new Clause(Rule.FOREIGN_DATA, Fencing::foreignData),
          new Clause(Rule.LEAVING, Fencing::leaving),
          new Clause(Rule.REVOKED_IN_ERROR, Revoking::revokedInError),
          new Clause(Rule.CANNOT_COMMIT, Ailing::cannotCommit),
          new Clause(Rule.AWAIT_DISK, Ailing::awaitDisk),
          new Clause(Rule.USE_RESERVE, Ailing::useReserve),
          new Clause(Rule.MAKE_ROOM, Ailing::makeRoom),
          new Clause(Rule.QUARANTINE, Ailing::quarantine),
          new Clause(Rule.FAILSAFE_REFUSED, Surviving::refused),
          new Clause(Rule.RECLAIM, Surviving::reclaim),
          new Clause(Rule.HONOUR_PROMISE, Surviving::honour),
          new Clause(Rule.RESUME_CLIENTS, Pooling::resume));

  private Fencing() {}

  /** It is a primary, or may become one at any moment: an order to be one may come true late. */
  private static boolean mayBeWriting(View view) {
    boolean becoming =
        view.work()
            .in(Lane.SERVER)
            .filter(
                effect -> effect instanceof Effect.Promote || effect instanceof Effect.StartPrimary)
            .isPresent();
    return becoming || view.server().mayBeWriting();
  }

  private static Verdict leaseRanOut(View view, Instant now) {
    boolean ranOut = view.lease() instanceof Lease.Held && !view.leads(now);
    return ranOut && mayBeWriting(view) && !Pausing.isExempt(view)
        ? fence(view, "the last renewal of the lease is too old")
        : PASS;
  }

  private static Verdict anotherLeads(View view, Instant now) {
    if (!mayBeWriting(view) || !view.store().known()) {
      return PASS;
    }
    return switch (view.state().leadership()) {
      case Leadership.Vacant vacant -> PASS;
      case Leadership.Unowned unowned -> PASS;
      case Leadership.Held held -> {
        boolean older =
            view.lease() instanceof Lease.Held mine && mine.revision() >= held.revision();
        yield held.name().equals(view.name()) || older
            ? PASS
            : fence(view, held.name() + " holds the leader key");
      }
    };
  }

  private static Verdict noLease(View view, Instant now) {
    if (!mayBeWriting(view) || view.lease() instanceof Lease.Held || view.leads(now)) {
      return PASS;
    }
    boolean leased = now.isBefore(view.self().leasedUntil()) || Pausing.isExempt(view);
    if (!leased && !now.isBefore(view.self().startedAt().plus(FIRST_CONTACT))) {
      return fence(view, "it holds no lease");
    }
    if (!view.store().isCurrent()) {
      return waiting("for etcd's first answer, to see whether the leader key is still ours");
    }
    Optional<Effect> claim = claim(view);
    if (claim.isPresent() && view.settings().paused()) {
      return when(view, now, "a running primary takes the leader key", claim.get());
    }
    if (claim.isEmpty()) {
      return fence(
          view,
          foreignTo(view).isPresent()
              ? "its data is not that of the cluster"
              : "others may have led since it held the leader key");
    }
    if (view.work().failures(claim.get().getClass()) > 0) {
      return fence(view, "it could not get the leader key");
    }
    return when(
        view, now, "a running primary was found; it takes the leader key first", claim.get());
  }

  /** How a running primary may come to its key again; empty when it may not. */
  private static Optional<Effect> claim(View view) {
    boolean held = view.state().leadership().isHeldBy(view.name());
    // Another cluster's data was put in the place of its own, or it made its own when another's
    // was recorded.
    if (foreignTo(view).isPresent() || (!held && !view.state().vitalUnreadable().isEmpty())) {
      return Optional.empty();
    }
    if (held) {
      return Optional.of(new Effect.AdoptLeader());
    }
    if (view.state().initialization() instanceof Initialization.Absent) {
      return Optional.of(new Effect.TakeInitialize());
    }
    return Candidates.wasLast(view) && view.state().failsafe().allows(view.name())
        ? Optional.of(Electing.acquiring(view))
        : Optional.empty();
  }

  /** The recorded cluster's identifier, where this member's data is another's. */
  private static Optional<String> foreignTo(View view) {
    String own = view.server().systemIdentifier();
    return view.state().initialization() instanceof Initialization.Done cluster
            && !own.isEmpty()
            && !own.equals(cluster.systemIdentifier())
        ? Optional.of(cluster.systemIdentifier())
        : Optional.empty();
  }

  private static Verdict foreignData(View view, Instant now) {
    Optional<String> cluster = foreignTo(view);
    if (view.server().unrecorded() || cluster.isEmpty()) {
      return PASS;
    }
    return when(
        view,
        now,
        "the data belongs to another cluster",
        new Effect.Exit(
            1,
            "system ID mismatch: the data directory holds "
                + view.server().systemIdentifier()
                + ", the cluster is "
                + cluster.get()
                + "; nothing was touched. Move the data directory away to let this member be cloned"));
  }

  private static Verdict leaving(View view, Instant now) {
    if (!view.leaving()) {
      return PASS;
    }
    if (view.settings().paused()) {
      return end(view, now, "paused", "asked to end; PostgreSQL goes on");
    }
    if (Resigning.until(view, now).isPresent()) {
      return waiting("for the leader to wait for others than this standby");
    }
    // What is being done to the server may start it, though it still looks down.
    if (view.server().hasProcesses() || !view.work().isFree(Lane.SERVER)) {
      StopMode mode =
          view.work().failures(Effect.StopServer.class) > 0 ? StopMode.IMMEDIATE : StopMode.FAST;
      return view.work().in(Lane.SERVER).filter(Effect.StopServer.class::isInstance).isPresent()
          ? waiting("for the server to stop")
          : act("the agent was asked to end", new Effect.StopServer(mode, "the agent ends"));
    }
    if (view.leads(now)) {
      return Leading.release(
          view, now, "the server is down; another may lead", view.server().written());
    }
    return view.work().isFree(Lane.CLAIM)
        ? end(view, now, "the server is down", "asked to end")
        : waiting("for the leader key to be released");
  }

  private static Verdict end(View view, Instant now, String reason, String why) {
    return Parting.isDue(view, now)
        ? waiting("for pooled clients to go on: " + Parting.waitsFor(view, now))
        : when(view, now, reason, new Effect.Exit(0, why));
  }

  /** A stop that pushes whatever else is being done to the server out of the way. */
  static Verdict fence(View view, String why) {
    boolean underWay =
        view.work()
            .in(Lane.SERVER)
            .filter(
                effect ->
                    effect instanceof Effect.StopServer stop && stop.mode() == StopMode.IMMEDIATE)
            .isPresent();
    return underWay
        ? waiting("for the server to stop: " + why)
        : act(why, new Effect.StopServer(StopMode.IMMEDIATE, why));
  }
}
