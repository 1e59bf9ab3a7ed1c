package dev.matriarch.agent.rest;

import dev.matriarch.agent.config.PeerAccess;
import dev.matriarch.engine.PeerReport;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Asks other agents, ours or the field's controllers, how they are. Thread-safe. */
public final class PeerProbe implements AutoCloseable {

  /**
   * With what peers are shown.
   *
   * @throws IOException if a certificate cannot be read; the message is for humans
   */
  public PeerProbe(PeerAccess access) throws IOException {}

  /**
   * Asks a member at the address in its key; empty when no usable answer came within the budget.
   */
  public Optional<PeerReport> ask(String member, String apiUrl, Duration budget)
      throws InterruptedException {
    return Optional.empty();
  }

  /**
   * Whether any program answers at a member's address: then its name is taken (contract, section
   * 6). An answer of 401, 403 or 503 counts.
   */
  public boolean isTaken(String apiUrl, Duration budget) throws InterruptedException {
    return false;
  }

  @Override
  public void close() {}
}
