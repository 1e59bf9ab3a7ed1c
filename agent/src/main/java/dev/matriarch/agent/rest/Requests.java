package dev.matriarch.agent.rest;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Effect;
import dev.matriarch.engine.FailsafeCall;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.etcd.WriteResult;
import java.util.Optional;

/** What the REST interface may change. Called by many threads; each call is bounded. */
public interface Requests {

  /** Replaces the dynamic configuration if it is still the one of {@code revision}. */
  WriteResult writeConfig(long revision, String json) throws InterruptedException;

  /** Writes the wish for a switchover or failover over a former one; its revision is ignored. */
  WriteResult askMove(MoveRequest request) throws InterruptedException;

  /** Withdraws the wish of this revision. */
  WriteResult withdrawMove(long revision) throws InterruptedException;

  /** The last wish for a move that the member at this address took out of etcd, if it tells. */
  Optional<ClosedMove> closedBy(String apiUrl) throws InterruptedException;

  /** Asks this member to wait for a leader without etcd; empty when it finds no answer in time. */
  Optional<Promised> promise(FailsafeCall call) throws InterruptedException;

  /** This member's answer to such a leader. */
  record Promised(Effect.AnswerFailsafe.Reply reply, String reason) {
    public Promised {
      requireNonNull(reply, "reply is null");
      requireNonNull(reason, "reason is null");
    }
  }

  /** What may be asked of this member itself. */
  MemberRequests member();
}
