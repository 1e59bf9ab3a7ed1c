package dev.matriarch.chronicle;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A step of a move of the lead.
 *
 * @param what happened
 * @param at wall time on {@code member}'s host
 * @param member who tells it
 */
public record Step(String what, Instant at, String member) {
  public Step {
    requireNonNull(what, "what is null");
    requireNonNull(at, "at is null");
    requireNonNull(member, "member is null");
  }
}
