package dev.matriarch.testbed;

import java.time.Duration;

/** What tests ask agents for. */
final class Agents {
  private Agents() {}

  /** Changes the dynamic configuration through one host's agent; what it answers. */
  static String configure(Host from, Host agent, String json) {
    return from.run(
        "curl",
        "-sSf",
        "-u",
        "postgres:Patroni.API",
        "-X",
        "PATCH",
        "-d",
        json,
        "http://" + agent.address() + ":8008/config");
  }

  /** Stops a server as its operator does who has told the agents to leave it alone. */
  static void stopServer(Cluster cluster, Host host) {
    Launch stop =
        Launch.of(
                "/usr/lib/postgresql/15/bin/pg_ctl",
                "-D",
                cluster.folder(host).resolve("pg/data").toString(),
                "-m",
                "fast",
                "stop")
            .as("postgres");
    host.run(stop, Duration.ofSeconds(60)).orThrow();
  }
}
