package dev.matriarch.engine.sim;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How fast and how reliable everything is while nothing particular is wrong.
 *
 * @param latency the longest time that a message takes; most take a tenth of it
 * @param loss the share of messages that are lost
 * @param failures the share of effects that fail
 * @param slowness by how much effects take longer than usual
 * @param recovery the longest time that a crashed server takes to replay its WAL
 * @param writes the time between two writes of the clients
 * @param bulk the share of writes that are megabytes long
 * @param jitter by how much timers are late
 * @param flush the longest time that a disk takes to flush WAL
 * @param drift by what share clocks run fast or slow at most
 */
public record Weather(
    Duration latency,
    double loss,
    double failures,
    double slowness,
    Duration recovery,
    Duration writes,
    double bulk,
    Duration jitter,
    Duration flush,
    double drift) {
  /** A fast network and nothing that fails by itself. */
  public static final Weather FAIR =
      new Weather(
          Duration.ofMillis(2),
          0,
          0,
          1,
          Duration.ofMillis(800),
          Duration.ofMillis(200),
          0,
          Duration.ofMillis(1),
          Duration.ofMillis(3),
          0);

  public Weather {
    requireNonNull(latency, "latency is null");
    requireNonNull(recovery, "recovery is null");
    requireNonNull(writes, "writes is null");
    requireNonNull(jitter, "jitter is null");
    requireNonNull(flush, "flush is null");
  }

  static Weather drawn(RandomGenerator random) {
    boolean rough = random.nextInt(3) == 0;
    return new Weather(
        Duration.ofMillis(rough ? 5 + random.nextInt(150) : 1 + random.nextInt(5)),
        rough && random.nextBoolean() ? random.nextDouble() * 0.05 : 0,
        random.nextInt(3) == 0 ? random.nextDouble() * 0.3 : 0,
        random.nextInt(3) == 0 ? 1 + random.nextDouble() * 9 : 1,
        Duration.ofMillis(100 + random.nextInt(random.nextInt(4) == 0 ? 30_000 : 1500)),
        Duration.ofMillis(50 + random.nextInt(400)),
        random.nextInt(3) == 0 ? 0.02 : 0,
        Duration.ofMillis(1 + random.nextInt(20)),
        Duration.ofMillis(random.nextInt(4) == 0 ? 20 + random.nextInt(300) : 3),
        random.nextInt(3) == 0 ? random.nextDouble() * 0.002 : 0);
  }

  /** Weathers that are plainer than this one, the plainest first. */
  List<Weather> fairer() {
    return List.of(
        FAIR,
        new Weather(FAIR.latency, 0, 0, 1, recovery, writes, bulk, FAIR.jitter, flush, 0),
        new Weather(latency, 0, 0, slowness, recovery, writes, 0, jitter, FAIR.flush, 0),
        new Weather(
            latency, loss, failures, 1, FAIR.recovery, FAIR.writes, 0, jitter, FAIR.flush, 0));
  }

  /** How long a recovery may take that begins in this weather, even if it calms down meanwhile. */
  Duration slowestRecovery() {
    return recovery.multipliedBy((long) Math.ceil(slowness));
  }

  /** The same with nothing lost and nothing failing. */
  Weather calmed() {
    return new Weather(
        latency, 0, 0, Math.min(slowness, 2), recovery, writes, 0, jitter, flush, drift);
  }
}
