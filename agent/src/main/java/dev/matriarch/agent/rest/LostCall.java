package dev.matriarch.agent.rest;

import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * {@code GET /lost}: the transactions that this member had alone and threw away when it came back.
 * It reads files, so one at a time is served.
 */
final class LostCall {
  private final AgentStatus.Source source;
  private final Semaphore turn = new Semaphore(1);

  LostCall(AgentStatus.Source source) {
    this.source = source;
  }

  Answer get(boolean wantsBody) {
    if (!wantsBody) {
      return Answer.json(200, "");
    }
    if (!turn.tryAcquire()) {
      return Answer.text(503, "another request reads the lists; try again");
    }
    try {
      return Answer.json(200, source.lost());
    } catch (IOException e) {
      return Answer.text(500, "the lists cannot be read: " + e.getMessage());
    } finally {
      turn.release();
    }
  }
}
