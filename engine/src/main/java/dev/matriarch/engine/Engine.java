package dev.matriarch.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides what a member does next. A function of its arguments: no clock, no I/O, no memory. {@code
 * now} is monotonic time; it is compared only with times that came in through earlier events.
 *
 * <p>The shell that drives it tells it every event, begins the orders of the decision, and asks
 * again with a {@link Event.Tick} until a decision orders nothing, then at the latest at {@link
 * Decision#until}.
 */
public final class Engine {
  private static final List<Clause> COURSE =
      Stream.of(
              Fencing.CLAUSES,
              Moving.CLAUSES,
              Restarting.CLAUSES,
              Pausing.CLAUSES,
              Leading.CLAUSES,
              Electing.CLAUSES,
              Revoking.CLAUSES,
              Awaiting.CLAUSES,
              Losing.CLAUSES,
              Straying.CLAUSES,
              Keeping.CLAUSES,
              Following.CLAUSES,
              Stranded.CLAUSES,
              Bootstrapping.CLAUSES)
          .flatMap(List::stream)
          .toList();

  private final List<Clause> course;
  private final List<Clause> duties;

  public Engine() {
    this(COURSE, Duties.CLAUSES);
  }

  /** An engine with other rules: for tests that show what a broken rule does. */
  Engine(List<Clause> course, List<Clause> duties) {
    this.course = List.copyOf(course);
    this.duties = List.copyOf(duties);
  }

  static List<Clause> course() {
    return COURSE;
  }

  public Decision decide(View before, Event event, Instant now) {
    View view = before.after(event, now);
    Fired onCourse = first(course, view, now).orElse(new Fired(Rule.IDLE, Verdict.waiting("idle")));
    return switch (onCourse.verdict()) {
      case Verdict.Act act -> ordering(view, onCourse.rule(), act.reason(), act.effects(), now);
      case Verdict.Wait wait ->
          first(duties, view, now)
              .map(duty -> onDuty(view, duty, now))
              .orElseGet(() -> ordering(view, onCourse.rule(), wait.reason(), List.of(), now));
      case Verdict.Pass pass -> throw new IllegalStateException("a rule that passed cannot fire");
    };
  }

  /** What a member with this view does or waits for, in the words of its course's rule. */
  String reason(View view, Instant now) {
    return first(course, view, now)
        .map(Fired::verdict)
        .map(
            verdict ->
                switch (verdict) {
                  case Verdict.Act act -> act.reason();
                  case Verdict.Wait wait -> wait.reason();
                  case Verdict.Pass pass -> "";
                })
        .orElse("");
  }

  private static Decision onDuty(View view, Fired duty, Instant now) {
    return switch (duty.verdict()) {
      case Verdict.Act act -> ordering(view, duty.rule(), act.reason(), act.effects(), now);
      case Verdict.Wait wait -> ordering(view, duty.rule(), wait.reason(), List.of(), now);
      case Verdict.Pass pass -> throw new IllegalStateException("a rule that passed cannot fire");
    };
  }

  private record Fired(Rule rule, Verdict verdict) {}

  private static Optional<Fired> first(List<Clause> clauses, View view, Instant now) {
    for (Clause clause : clauses) {
      Verdict verdict = clause.reading().of(view, now);
      if (!(verdict instanceof Verdict.Pass)) {
        return Optional.of(new Fired(clause.rule(), verdict));
      }
    }
    return Optional.empty();
  }

  private static Decision ordering(
      View view, Rule rule, String reason, List<Effect> effects, Instant now) {
    List<Order> orders = new ArrayList<>();
    View next = view;
    for (Effect effect : effects) {
      Order order = new Order(next.work().nextOrder(), effect, now);
      orders.add(order);
      next = next.ordering(order);
    }
    return new Decision(next, rule, reason, orders, Optional.of(Alarms.next(next, now)));
  }
}
