package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

/**
 * What a host has, as far as settings depend on it.
 *
 * @param cpus processors
 * @param memory all of it
 * @param disk size of the filesystem that holds the data
 */
public record HostSize(int cpus, Bytes memory, Bytes disk) {
  public HostSize {
    requireNonNull(memory, "memory is null");
    requireNonNull(disk, "disk is null");
    if (cpus < 1) {
      throw new IllegalArgumentException(cpus + " processors");
    }
  }
}
