package dev.matriarch.agent;

import dev.matriarch.engine.StandbyLink;
import dev.matriarch.engine.View;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says, once each time, that writes wait because strict mode has no standby to wait for. */
final class StrictWatch {
  private static final Logger LOG = LoggerFactory.getLogger(StrictWatch.class);

  private boolean said;

  /** On the loop's thread. */
  void observe(View view) {
    boolean alone =
        view.settings().synchrony().isOn()
            && view.settings().synchrony().strict()
            && view.server().isRunningPrimary()
            && view.server().standbys().values().stream().noneMatch(StandbyLink::streaming);
    if (alone && !said) {
      // Read by the field's tools: the sentence is theirs.
      LOG.warn(
          "No active replication connections from Patroni members and synchronous_mode_strict is"
              + " requested");
    }
    said = alone;
  }
}
