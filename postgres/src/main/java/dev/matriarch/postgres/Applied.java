package dev.matriarch.postgres;

import java.util.List;

/**
 * What came of new settings.
 *
 * @param pendingRestart parameters that wait for a restart
 * @param dropped one sentence for each parameter that this server version does not know, that was
 *     translated, or whose value the server refused, and for each line of pg_hba.conf that it
 *     cannot read
 */
public record Applied(List<PendingSetting> pendingRestart, List<String> dropped) {
  public Applied {
    pendingRestart = List.copyOf(pendingRestart);
    dropped = List.copyOf(dropped);
  }
}
