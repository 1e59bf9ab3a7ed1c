package dev.matriarch.engine.sim;

import dev.matriarch.engine.Settings;
import dev.matriarch.engine.SlotKind;
import dev.matriarch.engine.SlotRules;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.Synchrony.Mode;
import dev.matriarch.engine.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What operators can set a cluster to: the values among which setups and faults are drawn. */
final class Choices {
  static final List<Integer> TTLS = List.of(3, 5, 10, 15, 30, 60);
  static final List<Long> LAGS = List.of(0L, 65_536L, 1_048_576L, 16_777_216L);
  static final List<Synchrony> SYNCHRONIES =
      List.of(
          Synchrony.OFF,
          new Synchrony(Mode.PRIORITY, false, 1, -1),
          new Synchrony(Mode.PRIORITY, true, 1, -1),
          new Synchrony(Mode.PRIORITY, true, 2, 1_048_576),
          new Synchrony(Mode.QUORUM, false, 1, -1),
          new Synchrony(Mode.QUORUM, true, 1, -1),
          new Synchrony(Mode.QUORUM, false, 2, 1_048_576),
          new Synchrony(Mode.QUORUM, true, 2, -1));

  private static final List<String> KEYS = List.of("history", "initialize", "status", "sync");

  private static final List<Duration> JUMPS =
      List.of(
          Duration.ofHours(1),
          Duration.ofHours(-1),
          Duration.ofSeconds(40),
          Duration.ofSeconds(-40),
          Duration.ofSeconds(3),
          Duration.ofSeconds(-3),
          Duration.ofDays(-20_000));

  /** A change of one setting, in words too. */
  private record Change(String words, UnaryOperator<Settings.Builder> change) {}

  private static final List<Change> CHANGES =
      List.of(
          new Change("failsafe mode on", settings -> settings.failsafe(true)),
          new Change("failsafe mode off", settings -> settings.failsafe(false)),
          new Change(
              "primary_start_timeout 0", settings -> settings.primaryStartTimeout(Duration.ZERO)),
          new Change(
              "primary_start_timeout 60",
              settings -> settings.primaryStartTimeout(Duration.ofSeconds(60))),
          new Change(
              "primary_stop_timeout 5",
              settings -> settings.primaryStopTimeout(Duration.ofSeconds(5))),
          new Change(
              "a watchdog's reserve of 0.5 s",
              settings -> settings.reserve(Duration.ofMillis(500))),
          new Change("no reserve", settings -> settings.reserve(Duration.ZERO)),
          new Change("no slots", settings -> settings.slots(slots(false, Map.of()))),
          new Change("slots of members only", settings -> settings.slots(slots(true, Map.of()))),
          new Change(
              "a permanent slot more",
              settings -> settings.slots(slots(true, Map.of("more", SlotKind.PHYSICAL)))),
          new Change("retry_timeout 3", settings -> settings.retryTimeout(Duration.ofSeconds(3))));

  private static final List<Tags> TAGS =
      List.of(
          Tags.NONE.toBuilder().nofailover(true).build(),
          Tags.NONE.toBuilder().nosync(true).build(),
          Tags.NONE.toBuilder().failoverPriority(9).build(),
          Tags.NONE.toBuilder().replicatefrom("m1").build(),
          Tags.NONE.toBuilder().clonefrom(true).build(),
          Tags.NONE.toBuilder().nostream(true).build(),
          Tags.NONE);

  private Choices() {}

  private static SlotRules slots(boolean used, Map<String, SlotKind> permanent) {
    return new SlotRules(used, new TreeMap<>(permanent), List.of(), Duration.ofSeconds(20));
  }

  static Duration jump(int choice) {
    return of(JUMPS, choice);
  }

  static Tags tags(int choice) {
    return of(TAGS, choice);
  }

  static Settings.Builder setting(Settings.Builder settings, int choice) {
    return of(CHANGES, choice).change().apply(settings);
  }

  /** When something is scheduled for, counted from its announcement: it may be too late already. */
  static Duration lead(int choice) {
    return Duration.ofSeconds(Math.floorMod(choice, 40) - 2L);
  }

  private static <T> T of(List<T> all, int choice) {
    return all.get(Math.floorMod(choice, all.size()));
  }

  /** The timing that goes with a {@code ttl} of so many seconds. */
  static Settings.Builder timed(Settings.Builder settings, int seconds) {
    Duration ttl = Duration.ofSeconds(seconds);
    Duration third = ttl.dividedBy(seconds < 10 ? 6 : 3);
    return settings.ttl(ttl).loopWait(third).retryTimeout(third);
  }

  static Settings.Builder ttl(Settings.Builder settings, int choice) {
    return timed(settings, of(TTLS, choice));
  }

  static Settings.Builder synchrony(Settings.Builder settings, int choice) {
    return settings.synchrony(of(SYNCHRONIES, choice));
  }

  static Settings.Builder lag(Settings.Builder settings, int choice) {
    return settings.maximumLagOnFailover(of(LAGS, choice));
  }

  /** Which of etcd's keys. */
  static String key(int choice) {
    return of(KEYS, choice);
  }

  /** How a configuration fault reads. */
  static String words(Fault.Kind kind, int choice) {
    return switch (kind) {
      case CHANGE_TTL -> of(TTLS, choice) + " s";
      case CHANGE_LAG -> of(LAGS, choice) + " bytes";
      case CHANGE_SETTING -> of(CHANGES, choice).words();
      case CHANGE_TAGS -> tags(choice).toString();
      case JUNK_KEY -> key(choice);
      case CLOCK_JUMP -> jump(choice).toSeconds() + " s";
      case SCHEDULED_SWITCHOVER, SCHEDULED_RESTART -> "in " + lead(choice).toSeconds() + " s";
      default -> words(of(SYNCHRONIES, choice));
    };
  }

  static String words(Synchrony synchrony) {
    String mode = synchrony.mode().name().toLowerCase(Locale.ROOT);
    return synchrony.isOn()
        ? mode + (synchrony.strict() ? ", strict, " : ", ") + synchrony.acknowledgements()
        : mode;
  }
}
