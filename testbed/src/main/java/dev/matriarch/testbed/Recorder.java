package dev.matriarch.testbed;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the threads of one client note what they tried. Safe for use by several threads. */
final class Recorder {
  private final Ticker ticker;
  private final long started;
  private final List<Attempt> attempts = new ArrayList<>();
  private long acknowledged;
  private Optional<Long> stopped = Optional.empty();

  Recorder(Ticker ticker) {
    this.ticker = ticker;
    this.started = ticker.nanos();
  }

  long now() {
    return ticker.nanos();
  }

  synchronized Attempt note(Attempt attempt) {
    attempts.add(attempt);
    acknowledged += attempt instanceof Attempt.Acknowledged ? 1 : 0;
    return attempt;
  }

  void unreachable(Endpoint endpoint, long since, SQLException reason) {
    note(new Attempt.Unreachable(Failures.firstLine(reason), endpoint, since, now()));
  }

  Attempt failed(long number, SQLException reason, Endpoint endpoint, long sent) {
    return note(
        new Attempt.Failed(
            number, Failures.state(reason), Failures.firstLine(reason), endpoint, sent, now()));
  }

  synchronized long acknowledged() {
    return acknowledged;
  }

  synchronized void stop() {
    if (stopped.isEmpty()) {
      stopped = Optional.of(now());
    }
  }

  synchronized ClientLog log() {
    return new ClientLog(new Span(started, stopped.orElseGet(this::now)), attempts);
  }
}
