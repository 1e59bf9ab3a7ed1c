package dev.matriarch.engine.sim;

import dev.matriarch.engine.ConfigRecord;
import dev.matriarch.engine.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The dynamic configurations that operators wrote, by the number that etcd holds for each. */
final class Configurations {
  /** What etcd holds before an operator has written anything. */
  static final String FIRST = "0";

  private final List<Settings> all = new ArrayList<>();

  Configurations(Settings first) {
    all.add(first);
  }

  Settings of(Optional<ConfigRecord> record) {
    return record
        .map(written -> all.get(Integer.parseInt(written.json())))
        .orElseGet(all::getFirst);
  }

  /** What etcd is to hold. */
  String written(Settings next) {
    all.add(next);
    return Integer.toString(all.size() - 1);
  }

  Duration longestTtl() {
    return all.stream().map(Settings::ttl).max(Duration::compareTo).orElseThrow();
  }
}
