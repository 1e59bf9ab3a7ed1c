package dev.matriarch.etcd;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Time that never jumps: nanoseconds since this object was made, told as an instant of 1970.
 * Compare its instants only with its own.
 */
public final class MonotonicSource implements InstantSource {

  private final long start = System.nanoTime();

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(System.nanoTime() - start);
  }
}
