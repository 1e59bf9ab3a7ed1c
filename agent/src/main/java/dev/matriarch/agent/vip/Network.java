package dev.matriarch.agent.vip;

import dev.matriarch.agent.config.VipConfig;
import dev.matriarch.engine.Outcome;
import java.time.Duration;

/** What the addresses need of a host's network. Each call is bounded and may be repeated. */
public interface Network {

  /**
   * What can be seen of an address.
   *
   * @param device the interface it belongs on; empty when the host has none such
   * @param bound it is there
   * @param linked the interface is up and has a carrier
   */
  record Sight(String device, boolean bound, boolean linked) {}

  Sight look(VipConfig vip);

  /** Puts it on its interface, or lets it stay, for so long by the kernel's own clock. */
  Outcome hold(VipConfig vip, Duration lifetime);

  /** Takes it off, from whichever interface has it; done when none has. */
  Outcome drop(VipConfig vip);

  /** Tells the neighbours where it is. */
  Outcome announce(VipConfig vip);
}
