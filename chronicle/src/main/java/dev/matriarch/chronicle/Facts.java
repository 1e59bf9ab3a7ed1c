package dev.matriarch.chronicle;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What an entry says of the things that stories are made of; of recordings of any version. */
final class Facts {
  private Facts() {}

  /** The leader that this member saw named by etcd before the event; empty for none. */
  static String leaderBefore(Entry entry) {
    return entry.known("store", "state", "leadership", "name").asText();
  }

  /** The event told that the key does not name its holder any more, but nobody or another. */
  static boolean sawLeadEnd(Entry entry) {
    return entry.eventKind().equals("StoreRead")
        && !leaderBefore(entry).isEmpty()
        && !leaderNow(entry).equals(leaderBefore(entry));
  }

  /** The leader that etcd names by the event; empty for none. */
  static String leaderNow(Entry entry) {
    return entry.happened("state", "leadership", "name").asText();
  }

  /** The last renewal of this leader's key that the member had received, as wall time. */
  static Optional<Instant> lastRenewal(Entry entry, String leader) {
    JsonNode sighting = entry.known("store", "sighting");
    if (!sighting.path("leader").asText().equals(leader)) {
      return Optional.empty();
    }
    return wall(entry, sighting.path("receivedAt").asText());
  }

  /** A monotonic time of the member as wall time. */
  static Optional<Instant> wall(Entry entry, String monotonic) {
    try {
      Instant then = Instant.parse(monotonic);
      return Optional.of(entry.at().plus(Duration.between(entry.now(), then)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  static Optional<JsonNode> ordered(Entry entry, String effect) {
    return entry.ordered().stream()
        .map(order -> order.path("effect"))
        .filter(it -> it.path(Codec.KIND).asText().equals(effect))
        .findFirst();
  }

  /** The effect whose end is the event, if it ended well. */
  static Optional<JsonNode> done(Entry entry) {
    boolean well = entry.happened("outcome", Codec.KIND).asText().equals("Done");
    return well ? ended(entry) : Optional.empty();
  }

  /** The effect whose end is the event. */
  static Optional<JsonNode> ended(Entry entry) {
    if (!entry.eventKind().equals("Ended")) {
      return Optional.empty();
    }
    long order = entry.happened("order").asLong();
    for (JsonNode running : entry.known("work", "running")) {
      if (running.path("id").asLong() == order) {
        return Optional.of(running.path("effect"));
      }
    }
    return Optional.empty();
  }

  static boolean isDone(Entry entry, String effect) {
    return done(entry).filter(it -> it.path(Codec.KIND).asText().equals(effect)).isPresent();
  }

  /** The server was seen to stop running, or to stop answering. */
  static boolean sawServerGo(Entry entry) {
    return entry.eventKind().equals("ServerSeen")
        && entry.known("server", "condition").asText().equals("RUNNING")
        && !entry.happened("server", "condition").asText().equals("RUNNING");
  }

  /** The server was seen to take writes, which it did not before. */
  static boolean sawPrimary(Entry entry) {
    return entry.eventKind().equals("ServerSeen")
        && entry.happened("server", "role").asText().equals("PRIMARY")
        && !entry.known("server", "role").asText().equals("PRIMARY");
  }
}
