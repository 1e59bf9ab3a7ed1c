package dev.matriarch.agent.rest;

import dev.matriarch.engine.FailoverReadiness;
import java.util.regex.Pattern;

/** From a request to its answer: which path and method mean what. */
final class Endpoints {
  private static final Pattern SLASHES = Pattern.compile("^/+|/+$");

  /** Peers in an election ask with this parameter. */
  static final String FRESH = "fresh";

  private final AgentStatus.Source source;
  private final Requests requests;
  private final ConfigCalls config;
  private final MoveCalls moves;
  private final ActionCalls actions;
  private final FailsafeCalls failsafe;
  private final HoldCall hold;
  private final RecordingCall recording;
  private final LostCall lost;
  private final RoundTripCall roundTrips;
  private final ConnectionsCall connections;
  private final LeaderKeyCall leaderKey;

  Endpoints(AgentStatus.Source source, Requests requests) {
    this.source = source;
    this.requests = requests;
    this.config = new ConfigCalls(source, requests);
    this.moves = new MoveCalls(source, requests);
    this.actions = new ActionCalls(source, requests.member());
    this.failsafe = new FailsafeCalls(source, requests);
    this.hold = new HoldCall(source, requests.member());
    this.recording = new RecordingCall(source);
    this.lost = new LostCall(source);
    this.roundTrips = new RoundTripCall(source);
    this.connections = new ConnectionsCall(source);
    this.leaderKey = new LeaderKeyCall(source);
  }

  /** The first part of a path: the rest is not looked at. */
  static String segment(String path) {
    String trimmed = SLASHES.matcher(path).replaceAll("");
    int slash = trimmed.indexOf('/');
    return slash < 0 ? trimmed : trimmed.substring(0, slash);
  }

  /** Whether an answer may have megabytes. */
  static boolean isLarge(String path) {
    return segment(path).equals("recording") || segment(path).equals("lost");
  }

  /**
   * GET, HEAD and OPTIONS: from what is known, without waiting for anybody.
   *
   * @param wantsBody HAProxy asks many times a second and reads no body: then none is made
   */
  Answer read(String path, String rawQuery, boolean wantsBody) {
    return switch (segment(path)) {
      case "config" -> config.get();
      case "cluster" -> Answer.json(200, new ClusterJson(source.status()).cluster());
      case "history" -> Answer.json(200, new ClusterJson(source.status()).history());
      case "failsafe" -> failsafe.get();
      case "failover-readiness" -> readiness();
      case "metrics" -> Answer.text(200, new Metrics(source.status()).text());
      case "lost" -> lost.get(wantsBody);
      case "vip" -> Answer.json(200, VipJson.of(source.addresses()));
      case "v2" -> leaderKey.get(path);
      case "round-trips" -> roundTrips.get(wantsBody);
      case "recording" -> recording.get(Query.parse(rawQuery), wantsBody);
      default -> health(segment(path), Query.parse(rawQuery), wantsBody);
    };
  }

  private Answer readiness() {
    AgentStatus status = source.status();
    FailoverReadiness found = FailoverReadiness.of(status.view(), status.now(), status.pace());
    return Answer.json(found.ready() ? 200 : 503, ReadinessJson.of(found));
  }

  private Answer health(String segment, Query query, boolean wantsBody) {
    AgentStatus status = query.value(FRESH).isPresent() ? source.fresh() : source.status();
    StatusJson body = new StatusJson(status);
    int code = new HealthChecks(status, body, query).code(segment);
    return wantsBody ? Answer.json(code, body.json()) : Answer.json(code, "");
  }

  /** A method that may change something. */
  Answer change(String method, String path, String body) throws InterruptedException {
    String segment = segment(path);
    return switch (method + " " + segment) {
      case "PATCH config" -> config.patch(body);
      case "PUT config" -> config.put(body);
      case "POST switchover" -> moves.switchover(body);
      case "POST failover" -> moves.failover(body);
      case "DELETE switchover" -> moves.withdraw();
      case "POST failsafe" -> failsafe.post(body);
      case "POST hold" -> hold.post(body);
      case "POST connections" -> connections.post(body);
      case "POST reload" -> {
        requests.member().reload();
        yield Answer.text(202, "reload scheduled");
      }
      case "POST restart" -> actions.restart(body);
      case "DELETE restart" -> actions.withdrawRestart();
      case "POST reinitialize" -> actions.reinitialize(body);
      default -> Answer.text(405, method + " is not possible at this path");
    };
  }
}
