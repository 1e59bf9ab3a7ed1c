package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.TimelineSwitch;
import dev.matriarch.etcd.EtcdException;
import dev.matriarch.etcd.MonotonicSource;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Outages;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets the lead of a cluster move while a client inserts numbered rows, and compares what that
 * client saw with what is promised (P211).
 */
public final class FailoverDrill {
  private static final Duration MOVE = Duration.ofMinutes(2);
  private static final Duration SETTLE = Duration.ofSeconds(30);
  private static final Duration GLANCE = Duration.ofMillis(100);
  private static final int ENOUGH = 100;

  private final RunningCluster cluster;
  private final DrillWish wish;
  private final Duration patience;
  private final LongSupplier nanos;
  private final Consumer<String> progress;

  /**
   * @param patience how long is waited for what is done by hand
   * @param nanos a clock that never jumps
   * @param progress gets one sentence for each step
   */
  public FailoverDrill(
      RunningCluster cluster,
      DrillWish wish,
      Duration patience,
      LongSupplier nanos,
      Consumer<String> progress) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.wish = requireNonNull(wish, "wish is null");
    this.patience = requireNonNull(patience, "patience is null");
    this.nanos = requireNonNull(nanos, "nanos is null");
    this.progress = requireNonNull(progress, "progress is null");
  }

  /** Why it may not begin: only a cluster that is well tells something by it. */
  public static List<String> objections(ClusterOverview now) {
    return now.problems();
  }

  /** How long writes may be away at most, by the timing model. */
  static Duration promised(Cluster declared, DrillWish wish) {
    return Outages.of(declared).stream()
        .filter(outage -> outage.failure().equals(wish.failure()))
        .flatMap(outage -> outage.worst().stream())
        .findFirst()
        .orElseThrow();
  }

  /** Does it; takes its table away again. */
  public DrillResult run() throws EtcdException, InterruptedException {
    ClusterOverview before = cluster.overview();
    if (!objections(before).isEmpty()) {
      return new DrillResult.Refused(objections(before));
    }
    List<TimelineSwitch> history = cluster.history();
    ClientWay way = ClientWay.of(cluster.declared());
    String table = "matriarch_drill_" + Long.toUnsignedString(nanos.getAsLong(), 36);
    try (InsertProbe probe = InsertProbe.start(way, table, nanos)) {
      progress.accept("inserting numbered rows through the " + way.what());
      if (!await(SETTLE, () -> probe.count() >= ENOUGH)) {
        InsertLog log = probe.stop();
        return new DrillResult.Refused(
            List.of("too few inserts get through before anything is done: " + log.errors()));
      }
      return drill(probe, way, before, history);
    } catch (SQLException e) {
      return new DrillResult.Refused(
          List.of("a client cannot insert through the " + way.what() + ": " + e.getMessage()));
    }
  }

  private DrillResult drill(
      InsertProbe probe, ClientWay way, ClusterOverview before, List<TimelineSwitch> history)
      throws EtcdException, InterruptedException, SQLException {
    long began = nanos.getAsLong();
    List<String> failure =
        switch (wish) {
          case DrillWish.Planned(String candidate) -> move(candidate);
          case DrillWish.ByHand _ -> watch(before.leader());
        };
    Duration promised = promised(cluster.declared(), wish);
    int sofar = probe.count();
    boolean back = await(promised.plus(SETTLE), () -> probe.count() >= sofar + ENOUGH);
    InsertLog log = probe.stop();
    long ended = nanos.getAsLong();
    if (!failure.isEmpty()) {
      return new DrillResult.Refused(failure);
    }
    if (!back) {
      return new DrillResult.Refused(List.of("inserts did not get through again: " + log.errors()));
    }
    List<Insert> lost = log.missingFrom(rows(probe));
    return new DrillResult.Measured(
        before.leader(),
        cluster.overview().leader(),
        way.what(),
        log.acknowledged().size(),
        log.longestGap(began, ended),
        promised,
        lost.size(),
        InsertLog.bytesBeyond(begin(history), lost),
        cluster.declared().durability().losesNothing()
            ? 0
            : cluster.declared().durability().maximumLag().count(),
        log.errors());
  }

  private List<String> move(String candidate) throws EtcdException, InterruptedException {
    MoveWish asked = new MoveWish.Switchover(candidate);
    MoveResult result = new LeaderMove(cluster, asked, new MonotonicSource(), progress).run(MOVE);
    return switch (result) {
      case MoveResult.Moved _ -> List.of();
      case MoveResult.Refused refused -> refused.reasons();
      case MoveResult.Unfinished unfinished -> List.of(unfinished.what());
    };
  }

  private List<String> watch(String leader) throws InterruptedException {
    progress.accept("now take " + leader + " away, such as by pulling its host's plug");
    boolean moved = await(patience, () -> isLedByAnother(leader));
    return moved
        ? List.of()
        : List.of(
            "%s still leads after %d s; nothing was measured"
                .formatted(leader, patience.toSeconds()));
  }

  private boolean isLedByAnother(String leader) {
    try {
      ClusterOverview now = cluster.overview();
      boolean another = !now.leader().isEmpty() && !now.leader().equals(leader);
      return another && now.member(now.leader()).filter(MemberOverview::isWell).isPresent();
    } catch (EtcdException e) {
      // One of its members went with the host.
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The new leader may still be busy. */
  private Set<Long> rows(InsertProbe probe) throws SQLException, InterruptedException {
    for (int i = 0; i < 10; i++) {
      try {
        return probe.rows();
      } catch (SQLException e) {
        progress.accept("the rows cannot be read yet: " + e.getMessage());
        TimeUnit.SECONDS.sleep(1);
      }
    }
    return probe.rows();
  }

  /** Where the first timeline began that was not there before; far ahead when none was. */
  private Lsn begin(List<TimelineSwitch> before) throws EtcdException, InterruptedException {
    return cluster.history().stream()
        .skip(before.size())
        .map(TimelineSwitch::end)
        .findFirst()
        .orElse(new Lsn(-1));
  }

  private boolean await(Duration limit, BooleanSupplier condition) throws InterruptedException {
    long end = nanos.getAsLong() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (nanos.getAsLong() - end > 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(GLANCE.toMillis());
    }
    return true;
  }
}
