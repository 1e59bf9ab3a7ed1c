package dev.matriarch.chronicle;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a member knew when it decided, in a few words each; of recordings of any version. */
public final class Knowledge {
  /** What is shorter is the usual time between two renewals. */
  private static final Duration SILENCE = Duration.ofSeconds(1);

  private Knowledge() {}

  /** By topic: server, leader, lease, etcd, peers. */
  public static Map<String, String> of(Entry entry) {
    Map<String, String> known = new LinkedHashMap<>();
    known.put("server", server(entry));
    known.put("leader", leader(entry));
    known.put("lease", entry.known("lease", Codec.KIND).asText("None"));
    known.put("etcd", etcd(entry));
    known.put("peers", peers(entry));
    return known;
  }

  private static String server(Entry entry) {
    JsonNode server = entry.known("server");
    List<String> words = new ArrayList<>();
    words.add(server.path("condition").asText("UNKNOWN"));
    words.add(server.path("role").asText("NONE"));
    if (server.path("timeline").asInt() > 0) {
      words.add("timeline " + server.path("timeline").asInt());
      words.add("at " + server.path("written").asText("0/0"));
    }
    if (!server.path("upstream").asText().isEmpty()) {
      String how = server.path("streaming").asBoolean() ? "streaming from " : "set to follow ";
      words.add(how + server.path("upstream").asText());
    }
    return String.join(" ", words);
  }

  private static String leader(Entry entry) {
    String name = Facts.leaderBefore(entry);
    if (name.isEmpty()) {
      return "nobody";
    }
    return Facts.lastRenewal(entry, name)
        .map(at -> Duration.between(at, entry.at()))
        .filter(silence -> silence.compareTo(SILENCE) >= 0)
        .map(silence -> "%s, silent for %.1f s".formatted(name, silence.toMillis() / 1000.0))
        .orElse(name);
  }

  private static String etcd(Entry entry) {
    String trouble = entry.known("store", "trouble").asText();
    if (!trouble.isEmpty()) {
      return "does not answer: " + trouble;
    }
    return entry.known("store", "known").asBoolean() ? "answers" : "not read yet";
  }

  private static String peers(Entry entry) {
    List<String> words = new ArrayList<>();
    for (Map.Entry<String, JsonNode> peer : entry.known("peers", "reports").properties()) {
      JsonNode report = peer.getValue();
      words.add(
          "%s %s at %s"
              .formatted(
                  peer.getKey(),
                  report.path("role").asText("NONE"),
                  report.path("position").asText("0/0")));
    }
    return words.isEmpty() ? "no answers" : String.join(", ", words);
  }

  /** The event in a few words. */
  public static String event(Entry entry) {
    return switch (entry.eventKind()) {
      case "Ended" ->
          Facts.ended(entry).map(it -> it.path(Codec.KIND).asText()).orElse("an order")
              + outcome(entry);
      case "StoreFailed" -> "etcd: " + entry.happened("reason").asText();
      case "LeaseLost" -> "the lease is lost: " + entry.happened("reason").asText();
      case "PeerAnswered" -> entry.happened("report", "member").asText() + " answered";
      default -> entry.eventKind();
    };
  }

  private static String outcome(Entry entry) {
    String reason = entry.happened("outcome", "reason").asText();
    String how =
        switch (entry.happened("outcome", Codec.KIND).asText()) {
          case "Done" -> " is done";
          case "Refused" -> " was refused";
          case "Failed" -> " failed";
          default -> " may or may not be done";
        };
    return reason.isEmpty() ? how : how + ": " + reason;
  }

  /** What was ordered, in a few words each. */
  public static List<String> orders(Entry entry) {
    return entry.ordered().stream().map(order -> effect(order.path("effect"))).toList();
  }

  private static String effect(JsonNode effect) {
    List<String> words = new ArrayList<>();
    for (Map.Entry<String, JsonNode> part : effect.properties()) {
      if (!part.getKey().equals(Codec.KIND)) {
        words.add(part.getValue().isValueNode() ? part.getValue().asText() : brief(part));
      }
    }
    String name = effect.path(Codec.KIND).asText();
    return words.isEmpty() ? name : name + " " + String.join(" ", words);
  }

  private static String brief(Map.Entry<String, JsonNode> part) {
    String json = part.getValue().toString();
    return json.length() <= 80 ? json : part.getKey() + " " + json.substring(0, 77) + "...";
  }

  /** How long it meant to wait at most; empty where it did something instead. */
  public static Optional<Duration> patience(Entry entry) {
    return entry.ordered().isEmpty()
        ? entry.until().map(until -> Duration.between(entry.now(), until))
        : Optional.empty();
  }
}
