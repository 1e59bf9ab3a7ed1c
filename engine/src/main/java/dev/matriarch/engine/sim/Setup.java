package dev.matriarch.engine.sim;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One cluster and what happens to it.
 *
 * @param tags of each member, and so how many there are
 * @param settings the dynamic configuration
 * @param guarded a primary's clients are cut off by the kernel when its lease is not renewed
 * @param weather how fast and reliable everything is
 * @param faults what goes wrong, in order of time
 * @param trouble how long things may go wrong before all is healed
 * @param poolers hosts have connection poolers, most of them
 */
public record Setup(
    List<Tags> tags,
    Settings settings,
    boolean guarded,
    Weather weather,
    List<Fault> faults,
    Duration trouble,
    boolean poolers) {

  /**
   * What is not drawn but given.
   *
   * @param members how many; 0 to draw
   * @param mode which commits wait for standbys; empty to draw, and to change it under way
   */
  public record Limits(int members, Optional<Synchrony.Mode> mode) {
    public static final Limits NONE = new Limits(0, Optional.empty());

    public Limits {
      requireNonNull(mode, "mode is null");
      if (members < 0 || members > 30) {
        throw new IllegalArgumentException("members " + members + " is not within 1 and 30");
      }
    }
  }

  public Setup {
    tags = List.copyOf(tags);
    requireNonNull(settings, "settings is null");
    requireNonNull(weather, "weather is null");
    faults = List.copyOf(faults);
    requireNonNull(trouble, "trouble is null");
  }

  /** Without poolers. */
  public Setup(
      List<Tags> tags,
      Settings settings,
      boolean guarded,
      Weather weather,
      List<Fault> faults,
      Duration trouble) {
    this(tags, settings, guarded, weather, faults, trouble, false);
  }

  public int members() {
    return tags.size();
  }

  /** Draws a cluster, its weather and its faults. */
  public static Setup drawn(RandomGenerator random, Limits limits, Duration trouble) {
    return new Drawing(random, limits, trouble).drawn();
  }

  Setup with(List<Fault> others) {
    return new Setup(tags, settings, guarded, weather, others, trouble, poolers);
  }

  Setup withoutPoolers() {
    return new Setup(tags, settings, guarded, weather, faults, trouble);
  }
}
