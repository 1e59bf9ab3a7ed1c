package dev.matriarch.agent.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/**
 * What a request gets: a status and a body of JSON or plain text.
 *
 * @param headers beside the content's type
 */
record Answer(int status, String contentType, String body, Map<String, String> headers) {
  Answer {
    requireNonNull(contentType, "contentType is null");
    requireNonNull(body, "body is null");
    headers = Map.copyOf(headers);
  }

  private Answer(int status, String contentType, String body) {
    this(status, contentType, body, Map.of());
  }

  /** The same with one more header. */
  Answer with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new Answer(status, contentType, body, more);
  }

  static Answer json(int status, JsonNode body) {
    return new Answer(status, "application/json", body.toString());
  }

  static Answer json(int status, String body) {
    return new Answer(status, "application/json", body);
  }

  /** A JSON value in each line. */
  static Answer lines(String lines) {
    return new Answer(200, "application/x-ndjson", lines);
  }

  /** A sentence; clients of the field compare it as a whole, so no line end follows. */
  static Answer text(int status, String sentence) {
    return new Answer(status, "text/plain; charset=utf-8", sentence);
  }

  byte[] bytes() {
    return body.getBytes(UTF_8);
  }
}
