package dev.matriarch.agent.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What clients may take.
 *
 * @param connections from everywhere
 * @param perSource from one address
 * @param head bytes of a request before its body
 * @param body bytes of a body
 * @param headTime from the first byte awaited to the end of a request's head, TLS included
 * @param bodyTime for a body
 * @param idle between two requests of one connection
 * @param answerTime to take an answer in
 */
public record HttpLimits(
    int connections,
    int perSource,
    int head,
    int body,
    Duration headTime,
    Duration bodyTime,
    Duration idle,
    Duration answerTime) {

  /**
   * At most some 20 MiB at the worst. Peers' clients give idle connections up after 30 s, so they
   * do it before this server does.
   */
  public static final HttpLimits STANDARD =
      new HttpLimits(
          500,
          100,
          16 << 10,
          1 << 20,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30));

  public HttpLimits {
    requireNonNull(headTime, "headTime is null");
    requireNonNull(bodyTime, "bodyTime is null");
    requireNonNull(idle, "idle is null");
    requireNonNull(answerTime, "answerTime is null");
    if (connections < 1 || perSource < 1 || head < 64 || body < 0) {
      throw new IllegalArgumentException("limits that nobody could keep");
    }
  }
}
