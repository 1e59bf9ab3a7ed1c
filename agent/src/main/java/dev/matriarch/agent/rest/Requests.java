package dev.matriarch.agent.rest;

import dev.matriarch.engine.MoveRequest;
import dev.matriarch.etcd.WriteResult;

/** What the REST interface may change. Called by many threads; each call is bounded. */
public interface Requests {

  /** Replaces the dynamic configuration if it is still the one of {@code revision}. */
  WriteResult writeConfig(long revision, String json) throws InterruptedException;

  /** Writes the wish for a switchover or failover over a former one; its revision is ignored. */
  WriteResult askMove(MoveRequest request) throws InterruptedException;

  /** Withdraws the wish of this revision. */
  WriteResult withdrawMove(long revision) throws InterruptedException;

  /** What may be asked of this member itself. */
  MemberRequests member();
}
