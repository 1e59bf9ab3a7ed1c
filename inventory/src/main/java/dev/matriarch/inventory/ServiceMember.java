package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

/**
 * An instance as a server of a service.
 *
 * @param port the data port, as the service's destination says
 * @param backup used only when no other member answers
 */
public record ServiceMember(Instance instance, int port, boolean backup) {
  public ServiceMember {
    requireNonNull(instance, "instance is null");
  }

  /** Set apart for something else, it serves here only before nobody does. */
  boolean isLastResort() {
    return backup && instance.role() == InstanceRole.OFFLINE;
  }
}
