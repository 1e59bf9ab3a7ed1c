package dev.matriarch.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.matriarch.fleet.AgentAnswer;
import dev.matriarch.fleet.RunningCluster;
import java.time.Duration;
import java.util.List;

/** Changes of a dynamic configuration, as the patch that brings them about. */
final class ConfigChange {
  private static final Duration BUDGET = Duration.ofSeconds(20);

  private ConfigChange() {}

  /**
   * From {@code KEY=VALUE}, the key with dots between its parts.
   *
   * @throws IllegalArgumentException naming what is none
   */
  static ObjectNode of(List<String> changes) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    for (String change : changes) {
      int equals = change.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(change + ": is no KEY=VALUE");
      }
      List<String> path = List.of(change.substring(0, equals).split("\\.", -1));
      ObjectNode inner = patch;
      for (String part : path.subList(0, path.size() - 1)) {
        inner = inner.get(part) instanceof ObjectNode there ? there : inner.putObject(part);
      }
      inner.set(path.getLast(), value(change.substring(equals + 1)));
    }
    return patch;
  }

  /** Numbers, booleans, lists and maps as JSON has them; anything else is text. */
  private static JsonNode value(String text) {
    try {
      JsonNode json = new ObjectMapper().readTree(text);
      return json.isMissingNode() ? TextNode.valueOf(text) : json;
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(text);
    }
  }

  /**
   * Has the agents judge it and store it.
   *
   * @return the whole configuration after it, as an agent tells it
   * @throws Refused with the agent's reason
   */
  static String send(RunningCluster cluster, ObjectNode patch) {
    AgentAnswer answer =
        ClusterArguments.ask(() -> cluster.configure("PATCH", patch.toString(), BUDGET));
    if (!(answer instanceof AgentAnswer.Answered said && said.isOk())) {
      throw new Refused(MemberVerb.said(answer));
    }
    return said.body();
  }

  /** Only what differs, so that what others change meanwhile stays. */
  static ObjectNode between(ObjectNode before, ObjectNode after) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    for (var field : before.properties()) {
      if (!after.has(field.getKey())) {
        patch.putNull(field.getKey());
      }
    }
    for (var field : after.properties()) {
      JsonNode old = before.path(field.getKey());
      JsonNode now = field.getValue();
      if (old instanceof ObjectNode was && now instanceof ObjectNode is) {
        ObjectNode inner = between(was, is);
        if (!inner.isEmpty()) {
          patch.set(field.getKey(), inner);
        }
      } else if (!old.equals(now)) {
        patch.set(field.getKey(), now);
      }
    }
    return patch;
  }
}
