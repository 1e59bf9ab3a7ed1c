package dev.matriarch.agent.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.View;

/**
 * {@code GET /v2/keys/…/SCOPE/leader}: the leader key, as etcd's version 2 tells a key. Debian's
 * vip-manager (1.0.2) asks in no other way, and there etcd knows nothing of the keys of version 3.
 * Only who surely leads is named: this member by its own clock, another while etcd answers.
 */
final class LeaderKeyCall {
  private static final String KEYS = "/v2/keys";
  private static final int KEY_NOT_FOUND = 100;

  private final AgentStatus.Source source;

  LeaderKeyCall(AgentStatus.Source source) {
    this.source = source;
  }

  Answer get(String path) {
    AgentStatus status = source.status();
    View view = status.view();
    if (!path.startsWith(KEYS + "/") || !path.endsWith("/" + status.scope() + "/leader")) {
      return nothing(path);
    }
    if (view.leads(status.now())) {
      return named(path, view.name());
    }
    if (!view.store().isCurrent()) {
      return Answer.text(503, "etcd does not answer: who leads is not known");
    }
    return view.otherLeader().map(name -> named(path, name)).orElseGet(() -> nothing(path));
  }

  private static Answer named(String path, String leader) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("action", "get");
    answer.putObject("node").put("key", key(path)).put("value", leader);
    return Answer.json(200, answer);
  }

  private static Answer nothing(String path) {
    return Answer.json(
        404,
        JsonNodeFactory.instance
            .objectNode()
            .put("errorCode", KEY_NOT_FOUND)
            .put("message", "Key not found")
            .put("cause", key(path))
            .put("index", 0));
  }

  private static String key(String path) {
    return path.startsWith(KEYS) ? path.substring(KEYS.length()) : path;
  }
}
