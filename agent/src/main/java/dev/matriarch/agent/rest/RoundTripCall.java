package dev.matriarch.agent.rest;

import java.util.concurrent.Semaphore;

/**
 * {@code GET /round-trips}: how far etcd and the other members are. It asks them, so one at a time
 * is served.
 */
final class RoundTripCall {
  private final AgentStatus.Source source;
  private final Semaphore turn = new Semaphore(1);

  RoundTripCall(AgentStatus.Source source) {
    this.source = source;
  }

  Answer get(boolean wantsBody) {
    if (!wantsBody) {
      return Answer.json(200, "");
    }
    if (!turn.tryAcquire()) {
      return Answer.text(503, "another request measures; try again");
    }
    try {
      return Answer.json(200, source.roundTrips());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.text(503, "the agent ends");
    } finally {
      turn.release();
    }
  }
}
