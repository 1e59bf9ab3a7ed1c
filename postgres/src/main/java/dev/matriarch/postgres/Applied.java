package dev.matriarch.postgres;

import java.util.List;

/**
 * What came of new settings.
 *
 * @param pendingRestart parameters that wait for a restart
 * @param dropped one sentence for each parameter that this server version does not know, or that
 *     was translated
 */
public record Applied(List<String> pendingRestart, List<String> dropped) {
  public Applied {
    pendingRestart = List.copyOf(pendingRestart);
    dropped = List.copyOf(dropped);
  }
}
