package dev.matriarch.agent.config;

import java.util.List;

/**
 * Who may send requests that change something ({@code restapi.allowlist}).
 *
 * @param entries addresses, networks such as {@code 10.0.0.0/8}, and host names
 * @param members the cluster's members may too ({@code allowlist_include_members})
 */
public record Allowlist(List<String> entries, boolean members) {
  /** Everybody. */
  public static final Allowlist NONE = new Allowlist(List.of(), false);

  public Allowlist {
    entries = List.copyOf(entries);
  }

  public boolean isOpen() {
    return entries.isEmpty() && !members;
  }
}
