package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * What runs on the hosts of a {@link Cluster}, and how its operator asks it for things. Clients,
 * faults and judgements are the same for all.
 */
public sealed interface Stack permits Stack.Ours, Described {
  /** Its name in a report. */
  String title();

  /** What starts a host's node in the foreground; writes what that needs before the first start. */
  Launch node(Cluster cluster, Host host);

  /** Moves the primary as its operator does, and returns when that is done. */
  void switchover(Cluster cluster, Host candidate);

  /** Restarts all servers as its operator does, and returns when that is done. */
  void restart(Cluster cluster);

  /** What its operator does once the agent of a host is dead: nothing, where it comes back. */
  void startAgent(Cluster cluster, Host host);

  /**
   * This product.
   *
   * @param launcher the {@code matriarch} command
   */
  record Ours(Path launcher) implements Stack {
    /** Validates. */
    public Ours {
      requireNonNull(launcher, "launcher is null");
      launcher = launcher.toAbsolutePath();
    }

    @Override
    public String title() {
      return "matriarch";
    }

    @Override
    public Launch node(Cluster cluster, Host host) {
      return Launch.of(
          launcher.toString(),
          "node",
          "run",
          "--inventory",
          cluster.inventory().toString(),
          "--node",
          host.address(),
          "--root",
          cluster.folder(host).toString());
    }

    @Override
    public void switchover(Cluster cluster, Host candidate) {
      String name = cluster.plan().cluster();
      cluster.matriarch(
          cluster.client(),
          "switchover",
          name,
          "--candidate",
          cluster.instance(candidate),
          "--yes");
    }

    @Override
    public void restart(Cluster cluster) {
      cluster.matriarch(cluster.client(), "restart", cluster.plan().cluster(), "--yes");
    }

    @Override
    public void startAgent(Cluster cluster, Host host) {
      // Its supervisor has done so.
    }
  }
}
