package dev.matriarch.chronicle;

import static java.util.Objects.requireNonNull;

/**
 * Whose recording it is.
 *
 * @param version of the agent that wrote it
 */
public record Source(String cluster, String member, String version) {
  public Source {
    requireNonNull(cluster, "cluster is null");
    requireNonNull(member, "member is null");
    requireNonNull(version, "version is null");
  }
}
