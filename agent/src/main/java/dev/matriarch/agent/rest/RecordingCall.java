package dev.matriarch.agent.rest;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * {@code GET /recording?since=TIME&until=TIME}: what this agent decided and why, up to some
 * megabytes. The front door lets one in at a time.
 */
final class RecordingCall {
  private final AgentStatus.Source source;

  RecordingCall(AgentStatus.Source source) {
    this.source = source;
  }

  Answer get(Query query, boolean wantsBody) {
    if (!wantsBody) {
      return Answer.lines("");
    }
    Instant since;
    Instant until;
    try {
      since = query.value("since").map(Instant::parse).orElse(Instant.EPOCH);
      until = query.value("until").map(Instant::parse).orElse(Instant.MAX);
    } catch (DateTimeException e) {
      return Answer.text(400, "since and until are times such as 2026-11-26T04:00:00Z");
    }
    try {
      return Answer.lines(source.recording(since, until));
    } catch (IOException e) {
      return Answer.text(500, "the recording cannot be read: " + e.getMessage());
    }
  }
}
