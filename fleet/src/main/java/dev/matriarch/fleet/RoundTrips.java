package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far members are from etcd and from each other, as their agents measured when asked.
 *
 * @param etcd by member, then by endpoint
 * @param members by member, then by the other member
 * @param silent why a member told nothing
 */
public record RoundTrips(
    SortedMap<String, SortedMap<String, Duration>> etcd,
    SortedMap<String, SortedMap<String, Duration>> members,
    SortedMap<String, String> silent) {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  public RoundTrips {
    etcd = Collections.unmodifiableSortedMap(new TreeMap<>(etcd));
    members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    silent = Collections.unmodifiableSortedMap(new TreeMap<>(silent));
  }

  /** Asks the declared members, all at once; bounded, and without etcd. */
  public static RoundTrips of(RunningCluster cluster) throws InterruptedException {
    RoundTrips found = new RoundTrips(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    Map<String, AgentAnswer> answers =
        cluster.agents().getAll(AgentApi.urls(cluster.declared()), "/round-trips", PATIENCE);
    for (Map.Entry<String, AgentAnswer> answer : answers.entrySet()) {
      found = found.with(answer.getKey(), answer.getValue());
    }
    return found;
  }

  /** With what one more member answered. */
  RoundTrips with(String member, AgentAnswer answer) {
    requireNonNull(member, "member is null");
    return switch (answer) {
      case AgentAnswer.Answered it when it.isOk() -> told(member, it.body());
      case AgentAnswer.Answered it -> notTold(member, "it answers " + it.status());
      case AgentAnswer.NotThere it -> notTold(member, it.why());
      case AgentAnswer.NoAnswer it -> notTold(member, it.why());
    };
  }

  private RoundTrips notTold(String member, String why) {
    SortedMap<String, String> more = new TreeMap<>(silent);
    more.put(member, why);
    return new RoundTrips(etcd, members, more);
  }

  private RoundTrips told(String member, String body) {
    try {
      JsonNode json = new ObjectMapper().readTree(body);
      SortedMap<String, SortedMap<String, Duration>> stores = new TreeMap<>(etcd);
      stores.put(member, times(json.path("etcd")));
      SortedMap<String, SortedMap<String, Duration>> others = new TreeMap<>(members);
      others.put(member, times(json.path("members")));
      return new RoundTrips(stores, others, silent);
    } catch (JsonProcessingException e) {
      return notTold(member, "what it answers is no JSON");
    }
  }

  private static SortedMap<String, Duration> times(JsonNode json) {
    SortedMap<String, Duration> times = new TreeMap<>();
    json.properties()
        .forEach(
            each ->
                times.put(
                    each.getKey(), Duration.ofNanos(Math.round(each.getValue().asDouble() * 1e6))));
    return Collections.unmodifiableSortedMap(times);
  }
}
