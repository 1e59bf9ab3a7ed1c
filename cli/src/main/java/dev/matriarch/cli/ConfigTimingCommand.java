package dev.matriarch.cli;

import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.LeaseTiming;
import dev.matriarch.inventory.Outage;
import dev.matriarch.inventory.Outages;
import dev.matriarch.inventory.PoolerTiming;
import dev.matriarch.inventory.RoutingTiming;
import dev.matriarch.inventory.Timing;
import dev.matriarch.inventory.TimingChecks;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** All that follows from {@code pg_rto}: lengths, the rules between them, the worst outages. */
@Command(
    name = "timing",
    description =
        "Print every length of time that follows from pg_rto, and the worst outage of each failure.")
final class ConfigTimingCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private ClusterArguments arguments;
  @Mixin private OutputOption output;

  ConfigTimingCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    List<Map<String, Object>> data = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    boolean good = true;
    for (Cluster cluster : arguments.declared(surroundings)) {
      Map<String, String> lengths = lengths(cluster);
      List<TimingChecks.Check> checks = TimingChecks.of(cluster.timing(), cluster.durability());
      List<Outage> outages = Outages.of(cluster);
      data.add(data(cluster, lengths, checks, outages));
      text.append(text(cluster, lengths, outages));
      for (TimingChecks.Check check : checks) {
        if (!check.holds()) {
          good = false;
          surroundings.err().println("problem: " + cluster.name() + ": not so: " + check.rule());
        }
      }
    }
    output.print(new Answer(data, text.toString()), surroundings.out());
    return (good ? ExitCode.DONE : ExitCode.REFUSED).number();
  }

  private static Map<String, String> lengths(Cluster cluster) {
    Timing timing = cluster.timing();
    Map<String, String> all = new LinkedHashMap<>();
    all.put("ttl", seconds(timing.ttl()));
    all.put("loop_wait", seconds(timing.loopWait()));
    all.put("retry_timeout", seconds(timing.retryTimeout()));
    all.put("primary_start_timeout", seconds(timing.primaryStartTimeout()));
    all.put("primary_stop_timeout", seconds(timing.primaryStopTimeout()));
    leading(timing.leading(cluster.durability()), all);
    all.put("watchdog safety_margin", seconds(timing.safetyMargin()));
    routing(timing.routing(), all);
    pooling(timing.pooling(), all);
    all.put("wal_sender_timeout", seconds(timing.streaming().silence()));
    all.put("tcp_user_timeout", seconds(timing.streaming().userTimeout()));
    return all;
  }

  private static void leading(LeaseTiming leading, Map<String, String> all) {
    all.put("lease", seconds(leading.lease()));
    all.put("renewal", seconds(leading.renewal()));
    all.put("fence deadline", seconds(leading.deadline()));
    all.put("election patience", seconds(leading.patience()));
    all.put("agent heartbeat", seconds(leading.heartbeat()));
    if (leading.revokes()) {
      all.put("suspicion", seconds(leading.suspicion()));
    }
  }

  private static void routing(RoutingTiming routing, Map<String, String> all) {
    all.put("haproxy inter", seconds(routing.check().interval()));
    all.put("haproxy fastinter", seconds(routing.check().fastInterval()));
    all.put("haproxy downinter", seconds(routing.check().downInterval()));
    all.put("haproxy rise", Integer.toString(routing.check().rise()));
    all.put("haproxy fall", Integer.toString(routing.check().fall()));
    all.put("haproxy fall in effect", Integer.toString(routing.fall()));
    all.put("haproxy timeout check", seconds(routing.answer()));
    all.put("haproxy timeout connect", seconds(routing.connect()));
    all.put("haproxy retries", Integer.toString(routing.retries()));
    all.put("haproxy redispatch", "1");
  }

  private static void pooling(PoolerTiming pooling, Map<String, String> all) {
    all.put("pgbouncer server_login_retry", seconds(pooling.loginRetry()));
    all.put("pgbouncer server_connect_timeout", seconds(pooling.connect()));
    all.put("pgbouncer query_wait_timeout", seconds(pooling.queryWait()));
  }

  private String text(Cluster cluster, Map<String, String> lengths, List<Outage> outages) {
    TextTable times = new TextTable(Palette.of(surroundings), "Length", "Seconds");
    lengths.forEach((name, value) -> times.row(name, value));
    TextTable worst =
        new TextTable(
            Palette.of(surroundings), "Failure", "Writes away at most", "Made of", "Note");
    for (Outage outage : outages) {
      worst.row(outage.failure(), longest(outage), made(outage), outage.note());
    }
    String title = cluster.name() + ": pg_rto " + cluster.timing().plan() + ", " + mode(cluster);
    return times.render(title) + worst.render();
  }

  private static String longest(Outage outage) {
    return outage
        .worst()
        .map(worst -> worst.isZero() ? "not at all" : seconds(worst) + " s")
        .orElseGet(() -> "until " + outage.until());
  }

  private static String made(Outage outage) {
    return outage.parts().stream()
        .map(part -> part.what() + " " + seconds(part.time()))
        .collect(Collectors.joining(" + "));
  }

  private static String mode(Cluster cluster) {
    if (!cluster.durability().losesNothing()) {
      return "asynchronous";
    }
    return cluster.durability().strict() ? "strict quorum" : "quorum";
  }

  private static Map<String, Object> data(
      Cluster cluster,
      Map<String, String> lengths,
      List<TimingChecks.Check> checks,
      List<Outage> outages) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("cluster", cluster.name());
    data.put("pg_rto", cluster.timing().plan());
    data.put("mode", mode(cluster));
    Map<String, Object> numbers = new LinkedHashMap<>();
    lengths.forEach((name, value) -> numbers.put(name, new BigDecimal(value)));
    data.put("lengths", numbers);
    data.put(
        "checks",
        checks.stream().map(it -> Map.of("rule", it.rule(), "holds", it.holds())).toList());
    data.put("outages", outages.stream().map(ConfigTimingCommand::data).toList());
    return data;
  }

  private static Map<String, Object> data(Outage outage) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("failure", outage.failure());
    data.put("worst", outage.worst().map(worst -> new BigDecimal(seconds(worst))).orElse(null));
    data.put("until", outage.until());
    Map<String, Object> parts = new LinkedHashMap<>();
    outage.parts().forEach(part -> parts.put(part.what(), new BigDecimal(seconds(part.time()))));
    data.put("parts", parts);
    data.put("note", outage.note());
    return data;
  }

  private static String seconds(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
  }
}
