package dev.matriarch.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The JSON of etcd's gateway: keys and values in base64, 64-bit integers as strings, zero fields
 * left out.
 */
final class Wire {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Of a value in base64: 384 KiB. */
  private static final int LONGEST = 512 << 10;

  /** What is kept of longer ones; base64 has four letters for three bytes. */
  private static final int BEGINNING = 256;

  private Wire() {}

  static ObjectNode object() {
    return JSON.objectNode();
  }

  static ObjectNode range(String key) {
    return object().put("key", encode(key));
  }

  static ObjectNode prefix(String prefix) {
    return range(prefix).put("range_end", encode(endOf(prefix)));
  }

  static ObjectNode txn(Txn txn) {
    ObjectNode body = object();
    ArrayNode compares = body.putArray("compare");
    txn.when().forEach(compare -> compares.add(compare(compare)));
    ArrayNode success = body.putArray("success");
    txn.then().forEach(op -> success.add(op(op)));
    ArrayNode failure = body.putArray("failure");
    txn.otherwise().forEach(op -> failure.add(op(op)));
    return body;
  }

  private static ObjectNode compare(Compare compare) {
    ObjectNode json = range(compare.key()).put("result", "EQUAL");
    return switch (compare) {
      case Compare.CreateRevision c ->
          json.put("target", "CREATE").put("create_revision", Long.toString(c.revision()));
      case Compare.ModRevision c ->
          json.put("target", "MOD").put("mod_revision", Long.toString(c.revision()));
      case Compare.Value c -> json.put("target", "VALUE").put("value", encode(c.value()));
      case Compare.OnLease c ->
          json.put("target", "LEASE").put("lease", Long.toString(c.lease().value()));
    };
  }

  private static ObjectNode op(Op op) {
    return switch (op) {
      case Op.Put put ->
          object()
              .set(
                  "request_put",
                  range(put.key())
                      .put("value", encode(put.value()))
                      .put("lease", Long.toString(put.lease().value())));
      case Op.Delete delete -> object().set("request_delete_range", range(delete.key()));
      case Op.DeletePrefix delete -> object().set("request_delete_range", prefix(delete.key()));
      case Op.Get get -> object().set("request_range", range(get.key()));
    };
  }

  /** Answers of the {@link Op.Get}s among {@code ops}, which stand for what etcd executed. */
  static List<Optional<KeyValue>> reads(JsonNode answer, List<Op> ops) {
    // Without them a "no" would be read out of an answer that lacks its end.
    if (answer.path("responses").size() != ops.size()) {
      throw new IllegalArgumentException("of " + ops.size() + " answers some are missing");
    }
    List<Optional<KeyValue>> found = new ArrayList<>();
    for (int i = 0; i < ops.size(); i++) {
      if (ops.get(i) instanceof Op.Get) {
        JsonNode kvs = answer.path("responses").path(i).path("response_range").path("kvs");
        found.add(kvs.isEmpty() ? Optional.empty() : Optional.of(keyValue(kvs.get(0))));
      }
    }
    return found;
  }

  /** Decoding that fails on what etcd would not send. */
  static <T> T decode(Endpoint endpoint, Supplier<T> decoder) throws EtcdException {
    try {
      return decoder.get();
    } catch (IllegalArgumentException e) {
      throw new EtcdException(
          new EtcdFailure.Malformed(endpoint, String.valueOf(e.getMessage())), true);
    }
  }

  static Listing listing(JsonNode answer) {
    List<KeyValue> keys = new ArrayList<>();
    answer.path("kvs").forEach(kv -> keys.add(keyValue(kv)));
    if (answer.path("count").asLong() != keys.size()) {
      throw new IllegalArgumentException(
          "keys are missing: " + answer.path("count") + " are there");
    }
    return new Listing(clusterOf(answer), revisionOf(answer), keys);
  }

  static KeyValue keyValue(JsonNode kv) {
    return new KeyValue(
        decode(kv.path("key")),
        value(kv.path("value").asText()),
        kv.path("create_revision").asLong(),
        kv.path("mod_revision").asLong(),
        new LeaseId(kv.path("lease").asLong()));
  }

  /**
   * No key of a cluster comes near this length; what is longer is kept by its beginning, so that it
   * cannot be read, and that anybody may write it costs no member its memory.
   */
  private static String value(String base64) {
    return base64.length() <= LONGEST
        ? new String(Base64.getDecoder().decode(base64), UTF_8)
        : new String(Base64.getDecoder().decode(base64.substring(0, BEGINNING)), UTF_8)
            + "... ("
            + base64.length() / 4 * 3
            + " bytes, which is too long)";
  }

  static List<Change> changes(JsonNode events) {
    List<Change> changes = new ArrayList<>();
    for (JsonNode event : events) {
      KeyValue kv = keyValue(event.path("kv"));
      changes.add(
          event.path("type").asText().equals("DELETE")
              ? new Change.Deleted(kv.key(), kv.modRevision())
              : new Change.Put(kv));
    }
    return changes;
  }

  static long revisionOf(JsonNode answer) {
    long revision = answer.path("header").path("revision").asLong();
    if (revision <= 0) {
      throw new IllegalArgumentException("an answer without its revision");
    }
    return revision;
  }

  static long clusterOf(JsonNode answer) {
    return unsigned(answer.path("header").path("cluster_id"));
  }

  static long unsigned(JsonNode number) {
    String text = number.asText();
    return text.matches("[0-9]{1,20}") ? Long.parseUnsignedLong(text) : 0;
  }

  private static String encode(String text) {
    return encode(text.getBytes(UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String decode(JsonNode base64) {
    return new String(Base64.getDecoder().decode(base64.asText()), UTF_8);
  }

  /** The first key after all that start with the prefix; UTF-8 never ends in 0xff. */
  private static byte[] endOf(String prefix) {
    byte[] bytes = prefix.getBytes(UTF_8);
    if (bytes.length == 0) {
      return new byte[] {0};
    }
    byte[] end = Arrays.copyOf(bytes, bytes.length);
    end[end.length - 1]++;
    return end;
  }
}
