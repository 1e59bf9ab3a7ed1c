package dev.matriarch.cli;

import dev.matriarch.fleet.ClusterOverview;
import dev.matriarch.fleet.DrillResult;
import dev.matriarch.fleet.DrillWish;
import dev.matriarch.fleet.FailoverDrill;
import dev.matriarch.fleet.RunningCluster;
import dev.matriarch.fleet.RunningFleet;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves the lead while a client inserts rows, and compares what it saw with the promises. */
@Command(
    name = "failover",
    description =
        "Move the lead while a client inserts numbered rows; tell how long writes were away and"
            + " what was lost, against what is promised. Exit code 1 if a promise is broken.")
final class DrillFailoverCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private ClusterArguments arguments;
  @Mixin private OutputOption output;
  @Mixin private Confirmation confirmation;

  @Option(
      names = "--candidate",
      paramLabel = "MEMBER",
      defaultValue = "",
      description = "who is to lead next (default: the best one)")
  private String candidate;

  @Option(
      names = "--by-hand",
      description = "move nothing: wait until you have taken the primary away, and measure that")
  private boolean byHand;

  @Option(
      names = "--within",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "how long to wait for your hand (default: 600)")
  private int seconds;

  DrillFailoverCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (byHand && !candidate.isEmpty()) {
      throw new Refused("--candidate is for a switchover; by hand, the members elect");
    }
    try (RunningFleet fleet = arguments.fleet(surroundings)) {
      RunningCluster cluster = arguments.one(fleet);
      ClusterOverview before = ClusterArguments.ask(cluster::overview);
      List<String> objections = FailoverDrill.objections(before);
      if (!objections.isEmpty()) {
        throw new Refused(objections);
      }
      confirmation.require(question(before), before.name(), surroundings, System.in);
      Progress progress = new Progress(surroundings.err(), System::nanoTime);
      DrillWish wish = byHand ? new DrillWish.ByHand() : new DrillWish.Planned(candidate);
      FailoverDrill drill =
          new FailoverDrill(
              cluster, wish, Duration.ofSeconds(seconds), System::nanoTime, progress::say);
      return switch (ClusterArguments.ask(drill::run)) {
        case DrillResult.Measured measured -> tell(before.name(), measured);
        case DrillResult.Refused refused -> throw new Refused(refused.reasons());
      };
    }
  }

  private String question(ClusterOverview before) {
    return byHand
        ? "Rows are inserted into a table of their own while you take %s, the leader of %s, away."
            .formatted(before.leader(), before.name())
        : "The leadership of %s moves away from %s while rows are inserted into a table of their own."
            .formatted(before.name(), before.leader());
  }

  private int tell(String cluster, DrillResult.Measured measured) {
    TextTable table =
        new TextTable(Palette.of(surroundings), "What", "Measured", "Promised", "Verdict");
    table.row(
        "writes away",
        seconds(measured.away()) + " s",
        "at most " + seconds(measured.mostAway()) + " s",
        word(measured.inTime()));
    table.row(
        "acknowledged and lost",
        "%d of %d rows, %d bytes of WAL"
            .formatted(measured.lost(), measured.acknowledged(), measured.lostBytes()),
        measured.mostLostBytes() == 0 ? "none" : "at most " + measured.mostLostBytes() + " bytes",
        word(measured.lossKept()));
    StringBuilder text = new StringBuilder();
    text.append(
        table.render(
            "Drill of %s: %s to %s, through the %s"
                .formatted(cluster, measured.from(), measured.to(), measured.way())));
    measured
        .errors()
        .forEach((error, count) -> text.append(" %d times: %s%n".formatted(count, error)));
    output.print(new Answer(data(cluster, measured), text.toString()), surroundings.out());
    boolean kept = measured.inTime() && measured.lossKept();
    return (kept ? ExitCode.DONE : ExitCode.REFUSED).number();
  }

  private static Map<String, Object> data(String cluster, DrillResult.Measured measured) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("cluster", cluster);
    data.put("from", measured.from());
    data.put("to", measured.to());
    data.put("through", measured.way());
    data.put("acknowledged", measured.acknowledged());
    data.put("away_s", new BigDecimal(seconds(measured.away())));
    data.put("promised_away_s", new BigDecimal(seconds(measured.mostAway())));
    data.put("lost_rows", measured.lost());
    data.put("lost_bytes", measured.lostBytes());
    data.put("promised_lost_bytes", measured.mostLostBytes());
    data.put("kept", measured.inTime() && measured.lossKept());
    data.put("errors", new LinkedHashMap<>(measured.errors()));
    return data;
  }

  private static String word(boolean kept) {
    return kept ? "kept" : "broken";
  }

  private static String seconds(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
  }
}
