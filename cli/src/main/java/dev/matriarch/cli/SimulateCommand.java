package dev.matriarch.cli;

import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.sim.Report;
import dev.matriarch.engine.sim.Setup;
import dev.matriarch.engine.sim.Shrinking;
import dev.matriarch.engine.sim.Simulation;
import dev.matriarch.engine.sim.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tries the rules on clusters and faults drawn from seeds, on all cores. */
@Command(
    name = "simulate",
    description = {
      "Try the rules by which members act on clusters and faults drawn from seeds.",
      "What must never happen is checked after every event. The exit code is 1 if it happened."
    })
final class SimulateCommand implements Callable<Integer> {
  private static final long SHOWN_EVERY = 500_000_000;

  private final Surroundings surroundings;
  @Mixin private OutputOption output;

  @Option(
      names = "--schedules",
      paramLabel = "N",
      description = "how many to run (default: ${DEFAULT-VALUE})")
  private long schedules = 1_000;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "the first one's seed; the others follow (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(
      names = "--members",
      paramLabel = "M",
      description = "of how many members each cluster is; drawn from 1 to 7 if not given")
  private int members;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "off, priority or quorum: which commits wait for standbys; drawn if not given")
  private String mode = "";

  @Option(
      names = "--seconds",
      paramLabel = "T",
      description = "how long things go wrong before all is healed (default: ${DEFAULT-VALUE})")
  private int seconds = 120;

  @Option(
      names = "--transcript",
      description = "tell what happened, made as short as it goes, of the first that failed")
  private boolean transcript;

  SimulateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    Simulation.Options options = options();
    long began = System.nanoTime();
    Tally tally = run(options);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    SimulateFigures figures = new SimulateFigures(tally, took, this::reproduction);
    output.print(new Answer(figures.data(), figures.text()), surroundings.out());
    if (transcript) {
      long told = tally.breaches().isEmpty() ? seed : tally.breaches().firstKey();
      tell(Shrinking.shrunk(told, options));
    }
    return tally.breaches().isEmpty() ? ExitCode.DONE.number() : ExitCode.REFUSED.number();
  }

  private Simulation.Options options() {
    if (schedules < 1) {
      throw Refused.usage("--schedules " + schedules + ": at least one must run");
    }
    if (members < 0 || members > 30) {
      throw Refused.usage("--members " + members + ": a cluster has 1 to 30; leave it out to draw");
    }
    if (seconds < 1 || seconds > 86_400) {
      throw Refused.usage("--seconds " + seconds + ": trouble lasts 1 to 86400 seconds");
    }
    return Simulation.Options.standard()
        .with(new Setup.Limits(members, synchrony()))
        .lasting(Duration.ofSeconds(seconds));
  }

  private Optional<Synchrony.Mode> synchrony() {
    return switch (mode) {
      case "" -> Optional.empty();
      case "off" -> Optional.of(Synchrony.Mode.OFF);
      case "priority" -> Optional.of(Synchrony.Mode.PRIORITY);
      case "quorum" -> Optional.of(Synchrony.Mode.QUORUM);
      default -> throw Refused.usage("--mode " + mode + ": it is off, priority or quorum");
    };
  }

  /** The command that shows one seed again, as a story. */
  private String reproduction(long failing) {
    return "matriarch simulate --schedules 1 --seed "
        + failing
        + (members > 0 ? " --members " + members : "")
        + (mode.isEmpty() ? "" : " --mode " + mode)
        + (seconds == 120 ? "" : " --seconds " + seconds)
        + " --transcript";
  }

  private Tally run(Simulation.Options options) throws InterruptedException {
    int cores = Runtime.getRuntime().availableProcessors();
    AtomicLong next = new AtomicLong();
    List<Future<Tally>> parts = new ArrayList<>();
    try (ExecutorService workers = Executors.newFixedThreadPool(cores)) {
      for (int i = 0; i < cores; i++) {
        boolean shows = i == 0 && surroundings.terminal();
        parts.add(workers.submit(() -> part(options, next, shows)));
      }
      Tally all = Tally.NOTHING;
      for (Future<Tally> part : parts) {
        all = all.plus(part.get());
      }
      return all;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a schedule could not be run", e.getCause());
    }
  }

  private Tally part(Simulation.Options options, AtomicLong next, boolean shows) {
    Tally tally = Tally.NOTHING;
    long shown = System.nanoTime();
    for (long index = next.getAndIncrement(); index < schedules; index = next.getAndIncrement()) {
      tally = tally.with(Simulation.run(seed + index, options));
      if (shows && System.nanoTime() - shown > SHOWN_EVERY) {
        shown = System.nanoTime();
        surroundings.err().printf(Locale.ROOT, "\r%,d of %,d schedules", index + 1, schedules);
        surroundings.err().flush();
      }
    }
    if (shows) {
      surroundings.err().print("\r" + " ".repeat(60) + "\r");
    }
    return tally;
  }

  private void tell(Report report) {
    Setup setup = report.setup();
    surroundings
        .out()
        .printf(
            Locale.ROOT,
            "%nseed %d: %d members, ttl %d s, synchronous mode %s%n",
            report.seed(),
            setup.members(),
            setup.settings().ttl().toSeconds(),
            setup.settings().synchrony().mode().name().toLowerCase(Locale.ROOT));
    setup
        .faults()
        .forEach(
            fault ->
                surroundings
                    .out()
                    .printf(Locale.ROOT, "%9.3f  %s%n", fault.at().toMillis() / 1000.0, fault));
    surroundings.out().println();
    report.transcript().stream()
        .filter(line -> !isRoutine(line))
        .forEach(surroundings.out()::println);
  }

  private static boolean isRoutine(String line) {
    return line.contains(" PUBLISH: ")
        || line.contains(" ROUTE: ")
        || line.contains(" RECORD_STATUS: ");
  }
}
