package dev.matriarch.inventory;

import dev.matriarch.inventory.Outage.Part;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The worst outage for each kind of failure, from a cluster's timing. What does not follow from
 * {@code pg_rto} is taken as measured on an idle machine with a margin: recovery of a crashed
 * server depends on its checkpoints, not on us.
 */
public final class Outages {
  /** Measured: 0.11 to 0.15 s from the order to a server that takes writes. */
  private static final Duration PROMOTION = Duration.ofMillis(500);

  /** Agents tell HAProxy at once. Measured: 5 to 15 ms. */
  private static final Part PUSHED = new Part("routing", Duration.ofMillis(100));

  /** The slowest of three looks at a server and of a start with nothing to replay. */
  private static final Duration NOTICE = Duration.ofMillis(250);

  /** As often as this, or a fifth of {@code retry_timeout}, a server proves that it can commit. */
  private static final Duration BRISKEST_PROOF = Duration.ofSeconds(1);

  private final Timing timing;
  private final Durability durability;
  private final LeaseTiming leading;
  private final Part routing;

  private Outages(Timing timing, Durability durability, Part routing) {
    this.timing = timing;
    this.durability = durability;
    this.routing = routing;
    this.leading = timing.leading(durability);
  }

  /** All kinds of failure of a cluster. Hosts that no agent runs on go by their checks alone. */
  public static List<Outage> of(Cluster cluster) {
    Timing timing = cluster.timing();
    Part routing =
        cluster.settings().text("pg_service_provider").isEmpty()
            ? PUSHED
            : new Part("checks of HAProxy", timing.routing().riseTime());
    return new Outages(timing, cluster.durability(), routing).all();
  }

  /** The same where agents tell HAProxy at once. */
  static List<Outage> of(Timing timing, Durability durability) {
    return new Outages(timing, durability, PUSHED).all();
  }

  private List<Outage> all() {
    return List.of(
        Outage.of(
            "postmaster crash",
            parts(
                new Part("noticed", NOTICE),
                new Part("primary_start_timeout", timing.primaryStartTimeout()),
                election(),
                promotion(),
                routing),
            "when it does not come back in time; else its own recovery, mostly below 1 s"),
        Outage.of("agent crash", List.of(), "the server goes on; the next agent adopts it"),
        Outage.of("agent frozen", List.of(), "the supervisor replaces it within a quarter lease"),
        Outage.of("node crash", takeover(), basis()),
        Outage.of("silent power-off", takeover(), basis()),
        Outage.of(
            "primary isolated",
            takeover(),
            "the old primary stops writing "
                + text(leading.deadline())
                + " after it sent its last renewal, before anybody else may lead"),
        Outage.of("etcd minority lost", List.of(), "another etcd member answers"),
        Outage.until(
            "etcd is back",
            "etcd majority lost",
            "none while every member answers the primary (failsafe_mode); else it stops writing after "
                + text(leading.deadline())
                + " and leads again at once when etcd is back"),
        Outage.of(
            "primary's disk hangs",
            parts(
                new Part("next proof that it commits", proof()),
                new Part("retry_timeout", timing.retryTimeout()),
                election(),
                promotion(),
                routing),
            "it is killed, and stays out until its disk answers"),
        Outage.of("primary's disk full", handover(), "its reserve lets it hand over in order"),
        replicaLost(),
        Outage.of("switchover", handover(), "at worst; a shutdown mostly takes well below 1 s"));
  }

  private List<Part> handover() {
    return parts(
        new Part("primary_stop_timeout", timing.primaryStopTimeout()),
        election(),
        promotion(),
        routing);
  }

  private Duration proof() {
    Duration pace = timing.retryTimeout().dividedBy(5);
    return pace.compareTo(BRISKEST_PROOF) < 0 ? BRISKEST_PROOF : pace;
  }

  private Outage replicaLost() {
    if (!durability.losesNothing()) {
      return Outage.of("replica lost", List.of(), "commits do not wait for it");
    }
    String note = "if it was the only one; else another acknowledges commits";
    return durability.strict()
        ? Outage.until("one is back", "replica lost", note)
        : Outage.of(
            "replica lost",
            parts(new Part("wal_sender_timeout", timing.streaming().silence())),
            note);
  }

  private List<Part> takeover() {
    Part silence =
        leading.revokes()
            ? new Part("suspicion", leading.suspicion())
            : new Part("lease", leading.lease());
    // Revoking takes a round of promises; without it the peers were asked ahead of time.
    Stream<Part> promises =
        leading.revokes()
            ? Stream.of(new Part("promises", leading.suspicion().dividedBy(2)))
            : Stream.of();
    return Stream.of(Stream.of(silence), promises, Stream.of(election(), promotion(), routing))
        .flatMap(it -> it)
        .toList();
  }

  private String basis() {
    return leading.revokes()
        ? "its term is revoked; without enough voters the lease of "
            + text(leading.lease())
            + " is waited for"
        : "counted from its last renewal; longer if etcd's leader died too and its election outlasts the lease";
  }

  private Part election() {
    return new Part("election", leading.patience());
  }

  private static Part promotion() {
    return new Part("promotion", PROMOTION);
  }

  private static List<Part> parts(Part... parts) {
    return List.of(parts);
  }

  private static String text(Duration time) {
    return Times.seconds(time) + " s";
  }
}
