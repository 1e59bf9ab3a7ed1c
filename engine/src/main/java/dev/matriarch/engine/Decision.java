package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the engine made of a view.
 *
 * @param view the view after the event, with the orders under way
 * @param rule the rule that fired
 * @param reason why it fired here and what is awaited, for humans
 * @param orders what is to be begun now, in this order
 * @param until when to ask again at the latest, should nothing happen before
 */
public record Decision(
    View view, Rule rule, String reason, List<Order> orders, Optional<Instant> until) {
  public Decision {
    requireNonNull(view, "view is null");
    requireNonNull(rule, "rule is null");
    requireNonNull(reason, "reason is null");
    orders = List.copyOf(orders);
    requireNonNull(until, "until is null");
  }
}
