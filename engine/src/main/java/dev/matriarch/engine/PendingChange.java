package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/**
 * A server parameter that takes effect only at the next restart.
 *
 * @param current its value until then
 * @param next its value from then on
 */
public record PendingChange(String parameter, String current, String next) {
  public PendingChange {
    requireNonNull(parameter, "parameter is null");
    requireNonNull(current, "current is null");
    requireNonNull(next, "next is null");
  }
}
