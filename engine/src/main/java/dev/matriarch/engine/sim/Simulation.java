package dev.matriarch.engine.sim;

import dev.matriarch.engine.Engine;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * One run of a cluster: a time of trouble, then all is healed and must come right within a bound,
 * go quiet, and take writes.
 */
public final class Simulation {
  private static final Duration QUIET = Duration.ofSeconds(10);

  /**
   * How to run.
   *
   * @param engine the rules to be tried
   * @param trouble how long things may go wrong
   * @param recording keep a transcript
   * @param flaw what the world does wrong, besides its faults
   * @param limits what is given and not drawn
   */
  public record Options(
      Engine engine, Duration trouble, boolean recording, Flaw flaw, Setup.Limits limits) {
    public static Options standard() {
      return new Options(new Engine(), Duration.ofMinutes(2), false, Flaw.NONE, Setup.Limits.NONE);
    }

    public Options recorded() {
      return new Options(engine, trouble, true, flaw, limits);
    }

    public Options unrecorded() {
      return new Options(engine, trouble, false, flaw, limits);
    }

    public Options with(Engine other) {
      return new Options(other, trouble, recording, flaw, limits);
    }

    public Options lasting(Duration other) {
      return new Options(engine, other, recording, flaw, limits);
    }

    public Options with(Flaw other) {
      return new Options(engine, trouble, recording, other, limits);
    }

    public Options with(Setup.Limits other) {
      return new Options(engine, trouble, recording, flaw, other);
    }
  }

  private final long seed;
  private final Setup setup;
  private final World world;
  private final Transcript transcript;
  private final Troubles troubles;
  private long events;
  private boolean stranded;

  private Simulation(long seed, Setup setup, Options options) {
    this.seed = seed;
    this.setup = setup;
    this.transcript = new Transcript(options.recording());
    this.world =
        new World(setup, new SplittableRandom(~seed), options.engine(), options.flaw(), transcript);
    this.troubles = new Troubles(world, setup);
  }

  /** Draws a cluster and its faults from the seed and runs it. */
  public static Report run(long seed, Options options) {
    return run(seed, drawn(seed, options), options);
  }

  static Setup drawn(long seed, Options options) {
    return Setup.drawn(new SplittableRandom(seed), options.limits(), options.trouble());
  }

  /** Runs this setup; the seed draws the delays. */
  public static Report run(long seed, Setup setup, Options options) {
    return new Simulation(seed, setup, options).run();
  }

  private Report run() {
    world.begin();
    runUntil(Agenda.micros(setup.trouble()) + 1);
    long bound = world.agenda().now() + Agenda.micros(bound());
    comesRight(bound);
    return report();
  }

  /**
   * How long healing may take: a recovery that began before it, elections, slow recoveries and
   * pauses between tries.
   */
  private Duration bound() {
    return world
        .configurations()
        .longestTtl()
        .multipliedBy(5)
        .plus(setup.weather().slowestRecovery())
        .plus(setup.weather().recovery().multipliedBy(4))
        .plusSeconds(150);
  }

  private void runUntil(long time) {
    while (goesOn() && world.agenda().isDueBefore(time)) {
      world.agenda().step();
      world.invariants().check();
      events++;
    }
  }

  private boolean goesOn() {
    return world.invariants().breach().isEmpty() && !world.invariants().twinsMet();
  }

  private void comesRight(long bound) {
    String lacking = Convergence.lacking(world);
    long quietSince = world.agenda().now();
    long acknowledged = world.clients().acknowledged();
    boolean silent = false;
    transcript.wasBusy();
    while (goesOn()) {
      long now = world.agenda().now();
      lacking = Convergence.lacking(world);
      boolean busy = transcript.wasBusy();
      if (!lacking.isEmpty() || busy) {
        quietSince = now;
      }
      boolean wrote = world.clients().acknowledged() > acknowledged + 5;
      if (!silent && lacking.isEmpty() && (wrote || !Convergence.canWrite(world))) {
        silent = true;
        world.clients().fallSilent();
      }
      if (silent && now - quietSince >= Agenda.micros(quiet())) {
        return;
      }
      if (now >= bound && !Convergence.couldLead(world)) {
        stranded = true;
        return;
      }
      if (now >= bound && Convergence.hasTwins(world)) {
        world.invariants().twinsMeet();
        return;
      }
      if (now >= bound) {
        world.invariants().broken("not healed", why(lacking, silent));
        return;
      }
      runUntil(now + Agenda.millis(1000));
    }
  }

  private Duration quiet() {
    return QUIET.plus(world.settings().loopWait());
  }

  private String why(String lacking, boolean wrote) {
    if (!lacking.isEmpty()) {
      return lacking + Convergence.states(world);
    }
    return (wrote ? "the members never go quiet" : "no write is acknowledged")
        + Convergence.states(world);
  }

  private Report report() {
    world.invariants().breach().ifPresent(breach -> transcript.note("*** BREACH: " + breach));
    return new Report(
        seed,
        setup,
        world.invariants().breach(),
        world.invariants().twinsMet(),
        stranded,
        world.elapsed(),
        events,
        transcript.decisions(),
        world.invariants().promotions(),
        world.clients().acknowledged(),
        transcript.fired(),
        troubles.begun(),
        transcript.hash(),
        transcript.lines());
  }
}
