package dev.matriarch.engine.sim;

import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.Synchrony.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

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

  private Choices() {}

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

  /** How a configuration fault reads. */
  static String words(Fault.Kind kind, int choice) {
    return switch (kind) {
      case CHANGE_TTL -> of(TTLS, choice) + " s";
      case CHANGE_LAG -> of(LAGS, choice) + " bytes";
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
