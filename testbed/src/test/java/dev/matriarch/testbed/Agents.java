package dev.matriarch.testbed;

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
}
