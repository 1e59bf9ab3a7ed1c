package dev.matriarch.agent.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Source;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.TwoNodePolicy;
import dev.matriarch.engine.Undoing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the dynamic configuration with the contract's defaults. */
final class DynamicReader {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ObjectNode config;
  private final List<String> notes = new ArrayList<>();
  private final List<String> mistakes = new ArrayList<>();

  private DynamicReader(ObjectNode config) {
    this.config = config;
  }

  static DynamicConfig read(String json) {
    JsonNode node;
    try {
      node = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the dynamic configuration is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!(node instanceof ObjectNode object)) {
      throw new IllegalArgumentException("the dynamic configuration is no JSON object");
    }
    return new DynamicReader(object).config();
  }

  private DynamicConfig config() {
    JsonNode postgresql = config.path("postgresql");
    if (!flag(config, "check_timeline", true)) {
      notes.add(
          "check_timeline false is not followed: a member on an older timeline than the cluster's"
              + " never leads, since its new timeline could get the number of the one it lacks");
    }
    DynamicKeys.note(config, notes);
    DynamicKeys.noteMisplaced(config, mistakes);
    Timing timing = timing();
    Optional<Source> source = StandbyReader.source(config.path("standby_cluster"), mistakes);
    Settings settings =
        Settings.DEFAULT.toBuilder()
            .ttl(timing.ttl())
            .loopWait(timing.loopWait())
            .retryTimeout(timing.retryTimeout())
            .primaryStartTimeout(
                duration(Duration.ofMinutes(5), "primary_start_timeout", "master_start_timeout"))
            .primaryStopTimeout(
                duration(Duration.ZERO, "primary_stop_timeout", "master_stop_timeout"))
            .maximumLagOnFailover(bytes("maximum_lag_on_failover", 1_048_576))
            .synchrony(source.isPresent() ? Synchrony.OFF : synchrony())
            .source(source)
            .paused(flag(config, "pause", false))
            .slots(SlotsReader.read(config, flag(postgresql, "use_slots", true), mistakes))
            .failsafe(flag(config, "failsafe_mode", false))
            .twoNodePolicy(twoNodePolicy())
            .recoveryRate(recoveryRate())
            .raceBackoff(duration(Duration.ZERO, "primary_race_backoff"))
            .undoing(undoing(postgresql))
            .build();
    Map<String, String> parameters = allParameters(postgresql, source.isPresent());
    List<String> hba = lines(postgresql, "pg_hba");
    List<String> ident = lines(postgresql, "pg_ident");
    int timelines = Math.clamp(bytes("max_timelines_history", 0), 0, Integer.MAX_VALUE);
    return new DynamicConfig(
        settings,
        parameters,
        flag(postgresql, "use_slots", true),
        hba,
        ident,
        timelines,
        Stream.concat(mistakes.stream(), notes.stream()).distinct().toList(),
        mistakes.stream().distinct().toList());
  }

  /** The three lengths that must fit each other. */
  private record Timing(Duration ttl, Duration loopWait, Duration retryTimeout) {
    private static final Duration SECOND = Duration.ofSeconds(1);

    boolean holds() {
      return loopWait.plus(retryTimeout.multipliedBy(2)).compareTo(ttl) <= 0;
    }

    /** As given, it fits: also below the field's least ttl of 20 s, down to 3 s. */
    boolean isUsable() {
      return holds()
          && ttl.compareTo(Duration.ofSeconds(3)) >= 0
          && loopWait.compareTo(SECOND) >= 0
          && retryTimeout.compareTo(SECOND) >= 0;
    }

    Timing repaired() {
      Timing raised =
          new Timing(
              longer(ttl, Duration.ofSeconds(20)),
              longer(loopWait, SECOND),
              longer(retryTimeout, Duration.ofSeconds(3)));
      if (raised.holds()) {
        return raised;
      }
      Duration rest = raised.ttl.minus(raised.retryTimeout.multipliedBy(2));
      return rest.compareTo(SECOND) < 0
          ? new Timing(raised.ttl, SECOND, Duration.ofSeconds((raised.ttl.toSeconds() - 1) / 2))
          : new Timing(raised.ttl, rest, raised.retryTimeout);
    }

    private static Duration longer(Duration a, Duration b) {
      return a.compareTo(b) >= 0 ? a : b;
    }
  }

  private Timing timing() {
    Timing given =
        new Timing(
            duration(Duration.ofSeconds(30), "ttl"),
            duration(Duration.ofSeconds(10), "loop_wait"),
            duration(Duration.ofSeconds(10), "retry_timeout"));
    if (given.isUsable()) {
      return given;
    }
    Timing repaired = given.repaired();
    notes.add(
        "ttl %d, loop_wait %d and retry_timeout %d break the rule ttl >= loop_wait + 2 x retry_timeout or its minimums; %d, %d and %d are used"
            .formatted(
                given.ttl().toSeconds(),
                given.loopWait().toSeconds(),
                given.retryTimeout().toSeconds(),
                repaired.ttl().toSeconds(),
                repaired.loopWait().toSeconds(),
                repaired.retryTimeout().toSeconds()));
    return repaired;
  }

  private Undoing undoing(JsonNode postgresql) {
    return new Undoing(
        flag(postgresql, UndoingChoice.REWIND, false),
        flag(postgresql, UndoingChoice.AFTER_FAILURE, false),
        flag(postgresql, UndoingChoice.AFTER_DIVERGENCE, false));
  }

  /** What the field's controller does not know stands in a section of its own. */
  private TwoNodePolicy twoNodePolicy() {
    JsonNode value = config.path("matriarch").path("two_node_policy");
    if (value.isMissingNode() || value.isNull()) {
      return TwoNodePolicy.UNDECLARED;
    }
    return switch (value.asText().strip().toLowerCase(Locale.ROOT)) {
      case "availability" -> TwoNodePolicy.AVAILABILITY;
      case "consistency" -> TwoNodePolicy.CONSISTENCY;
      default -> {
        mistakes.add(
            "matriarch.two_node_policy "
                + value
                + " is neither availability nor consistency; consistency is used, which loses"
                + " nothing");
        yield TwoNodePolicy.CONSISTENCY;
      }
    };
  }

  private long recoveryRate() {
    long absent = Settings.DEFAULT.recoveryRate();
    JsonNode value = config.path("matriarch").path("recovery_rate");
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    Optional<Long> rate = Words.bytes(value.asText()).filter(bytes -> bytes > 0);
    if (rate.isEmpty()) {
      mistakes.add(
          "matriarch.recovery_rate " + value + " is no number of bytes; " + absent + " is used");
    }
    return rate.orElse(absent);
  }

  private Synchrony synchrony() {
    return new Synchrony(
        mode(), flag(config, "synchronous_mode_strict", false), acknowledgements(), lagOnSync());
  }

  private Synchrony.Mode mode() {
    JsonNode value = config.path("synchronous_mode");
    if (value.asText().strip().equalsIgnoreCase("quorum")) {
      return Synchrony.Mode.QUORUM;
    }
    return flag(config, "synchronous_mode", false) ? Synchrony.Mode.PRIORITY : Synchrony.Mode.OFF;
  }

  private int acknowledgements() {
    long count = bytes("synchronous_node_count", 1);
    if (count < 1 || count > 1000) {
      mistakes.add("synchronous_node_count " + count + " is not within 1 and 1000; 1 is used");
      return 1;
    }
    return (int) count;
  }

  private long lagOnSync() {
    return bytes("maximum_lag_on_syncnode", -1);
  }

  /** What a standby cluster recovers with are parameters of its servers like any other. */
  private Map<String, String> allParameters(JsonNode postgresql, boolean standing) {
    Map<String, String> all = parameters(postgresql.path("parameters"));
    all.putAll(StandbyReader.recovery(postgresql.path("recovery_conf")));
    if (standing) {
      all.putAll(StandbyReader.recovery(config.path("standby_cluster")));
    }
    return all;
  }

  private List<String> lines(JsonNode postgresql, String key) {
    List<String> lines = new ArrayList<>();
    JsonNode value = postgresql.path(key);
    if (!value.isArray() && !value.isMissingNode() && !value.isNull()) {
      mistakes.add("postgresql." + key + " is no list of lines; left aside");
    }
    for (JsonNode line : value) {
      if (line.isTextual()) {
        lines.add(line.asText());
      } else {
        mistakes.add("postgresql." + key + " has " + line + ", which is no line; left aside");
      }
    }
    return lines;
  }

  private Map<String, String> parameters(JsonNode node) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      JsonNode value = entry.getValue();
      if (value.isBoolean()) {
        parameters.put(entry.getKey(), value.asBoolean() ? "on" : "off");
      } else if (value.isValueNode() && !value.isNull()) {
        parameters.put(entry.getKey(), value.asText());
      } else if (!value.isNull()) {
        mistakes.add("postgresql.parameters." + entry.getKey() + " is no single value; left aside");
      }
    }
    return parameters;
  }

  /** The value of the first of these keys that is there. */
  private Duration duration(Duration absent, String... keys) {
    for (String key : keys) {
      JsonNode value = config.path(key);
      if (value.isMissingNode() || value.isNull()) {
        continue;
      }
      Optional<Duration> duration = Words.duration(value.asText()).filter(d -> !d.isNegative());
      if (duration.isPresent()) {
        return duration.get();
      }
      mistakes.add(
          key + " " + value + " is no number of seconds; " + absent.toSeconds() + " is used");
      return absent;
    }
    return absent;
  }

  private long bytes(String key, long absent) {
    JsonNode value = config.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    Optional<Long> bytes = Words.bytes(value.asText());
    if (bytes.isEmpty()) {
      mistakes.add(key + " " + value + " is no number; " + absent + " is used");
    }
    return bytes.orElse(absent);
  }

  private boolean flag(JsonNode object, String key, boolean absent) {
    JsonNode value = object.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    Optional<Boolean> flag =
        value.isBoolean() ? Optional.of(value.asBoolean()) : Words.truth(value.asText());
    if (flag.isEmpty()) {
      mistakes.add(key + " " + value + " is neither true nor false; " + absent + " is used");
    }
    return flag.orElse(absent);
  }
}
