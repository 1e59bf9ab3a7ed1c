package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What a member knows of the connection pooler on its host (PgBouncer).
 *
 * @param present there is one, and it answered when it was last asked
 * @param held its clients wait
 * @param target whose server it sends them to; empty for this member's own
 * @param used it has clients
 * @param call what another member's leader asked of it
 */
public record Pooler(boolean present, boolean held, String target, boolean used, HoldCall call) {

  /** A host without one, or one that does not answer. */
  public static final Pooler ABSENT = new Pooler(false, false, "", false, HoldCall.NONE);

  /**
   * A leader that is about to hand over asks a pooler that sends to it to let its clients wait.
   *
   * @param leader who asked; empty when nobody did
   * @param until when its clients go on by themselves
   */
  public record HoldCall(String leader, Instant until) {
    public static final HoldCall NONE = new HoldCall("", Instant.MIN);

    public HoldCall {
      requireNonNull(leader, "leader is null");
      requireNonNull(until, "until is null");
    }
  }

  public Pooler {
    requireNonNull(target, "target is null");
    requireNonNull(call, "call is null");
  }

  /** As it was seen: what was asked of it is no part of that. */
  public static Pooler seen(boolean held, String target, boolean used) {
    return new Pooler(true, held, target, used, HoldCall.NONE);
  }

  /** A newer look; the call stands. */
  Pooler after(Pooler look) {
    return new Pooler(look.present, look.held, look.target, look.used, call);
  }

  Pooler called(HoldCall newer) {
    return new Pooler(present, held, target, used, newer);
  }
}
