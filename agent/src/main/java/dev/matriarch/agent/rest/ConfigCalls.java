package dev.matriarch.agent.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.agent.config.DynamicConfig;
import dev.matriarch.engine.ConfigRecord;
import dev.matriarch.etcd.ConfigPatch;
import dev.matriarch.etcd.KeyValue;
import dev.matriarch.etcd.WriteResult;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** {@code /config}: the dynamic configuration, read and changed. */
final class ConfigCalls {
  private static final int TRIES = 3;
  private static final ConfigRecord ABSENT = new ConfigRecord(0, "");
  private static final Answer NONE = Answer.text(502, "there is no dynamic configuration yet");

  private final AgentStatus.Source source;
  private final Requests requests;

  ConfigCalls(AgentStatus.Source source, Requests requests) {
    this.source = source;
    this.requests = requests;
  }

  Answer get() {
    return current().map(record -> Answer.json(200, record.json())).orElse(NONE);
  }

  Answer patch(String body) throws InterruptedException {
    Optional<ObjectNode> patch = Json.object(body);
    return patch.isEmpty()
        ? Answer.text(400, "the body must be a JSON object")
        : change(false, json -> ConfigPatch.merge(json, patch.get().toString()));
  }

  /** Also where there is none yet. */
  Answer put(String body) throws InterruptedException {
    Optional<ObjectNode> whole = Json.object(body);
    return whole.isEmpty()
        ? Answer.text(400, "the body must be a JSON object")
        : change(true, json -> whole.get().toString());
  }

  private Optional<ConfigRecord> current() {
    return source.status().view().state().config();
  }

  /** Changes what is there; when it changed meanwhile, what is there then. */
  private Answer change(boolean makes, UnaryOperator<String> change) throws InterruptedException {
    ConfigRecord record = current().orElse(ABSENT);
    for (int i = 0; i < TRIES; i++) {
      if (record.equals(ABSENT) && !makes) {
        return NONE;
      }
      String changed;
      try {
        changed = change.apply(record.json());
      } catch (IllegalArgumentException e) {
        return Answer.text(502, "the dynamic configuration in etcd cannot be read");
      }
      if (changed.equals(record.json())) {
        return Answer.json(200, changed);
      }
      Optional<String> objection = objection(record.json(), changed);
      if (objection.isPresent()) {
        return Answer.text(400, "nothing was changed: " + objection.get());
      }
      switch (requests.writeConfig(record.revision(), changed)) {
        case WriteResult.Done done -> {
          return Answer.json(200, changed);
        }
        case WriteResult.Conflict conflict ->
            record = conflict.found().map(ConfigCalls::asRecord).orElse(ABSENT);
        case WriteResult.Unknown unknown -> {
          return Answer.text(
              503, "it is not known whether it was written: " + unknown.failure().message());
        }
        case WriteResult.Failed failed -> {
          return Answer.text(503, "it was not written: " + failed.failure().message());
        }
      }
    }
    return Answer.text(409, "the dynamic configuration was changed by somebody else; try again");
  }

  /** Only what changes is judged: a configuration that is bad already must be mendable. */
  private Optional<String> objection(String before, String after) throws InterruptedException {
    Optional<String> mistake =
        mistakes(after).stream().filter(each -> !mistakes(before).contains(each)).findFirst();
    // What a member would do with it does not matter here: it stands behind the semicolon.
    return mistake.isPresent()
        ? mistake.map(sentence -> sentence.split("; ", 2)[0])
        : refusal(before, after);
  }

  private static List<String> mistakes(String config) {
    return Json.object(config).isEmpty() ? List.of() : DynamicConfig.parse(config).mistakes();
  }

  private Optional<String> refusal(String before, String after) throws InterruptedException {
    return judged(before).equals(judged(after))
        ? Optional.empty()
        : requests.member().objection(after);
  }

  /** What becomes a setting of PostgreSQL. */
  private static List<JsonNode> judged(String config) {
    Optional<ObjectNode> json = Json.object(config);
    JsonNode postgres =
        json.map(whole -> whole.path("postgresql")).orElseGet(MissingNode::getInstance);
    return List.of(
        postgres.path("parameters"),
        postgres.path("pg_hba"),
        postgres.path("recovery_conf"),
        json.map(whole -> whole.path("standby_cluster")).orElseGet(MissingNode::getInstance));
  }

  private static ConfigRecord asRecord(KeyValue found) {
    return new ConfigRecord(found.modRevision(), found.value());
  }
}
