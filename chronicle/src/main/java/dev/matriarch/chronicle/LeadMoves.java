package dev.matriarch.chronicle;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds the moves of the lead in what members recorded. Each is built around a promotion: back to
 * the last sign of life of who led before, and on to the first clients that were sent to the new
 * primary, or to the next promotion.
 */
final class LeadMoves {
  private static final int SUSPECT = 402;

  /** The family of rules by which a silent leader's term is revoked. */
  private static final int FIRST_REVOKING = 420;

  private static final int LAST_REVOKING = 429;

  /** The ways in which a member comes to hold the leader key. */
  private static final List<String> CLAIMS = List.of("AcquireLeader", "AdoptLeader", "TakeOver");

  private final List<Entry> merged;

  private LeadMoves(List<Entry> merged) {
    this.merged = List.copyOf(merged);
  }

  /**
   * @param merged what all members recorded, by wall time
   */
  static List<LeadMove> in(List<Entry> merged) {
    return new LeadMoves(merged).all();
  }

  private List<LeadMove> all() {
    List<LeadMove> moves = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < merged.size(); i++) {
      if (Facts.isDone(merged.get(i), "Promote")) {
        int end = nextPromotion(i + 1);
        moves.add(move(begin, i, end));
        begin = i + 1;
      }
    }
    return moves;
  }

  private int nextPromotion(int from) {
    for (int i = from; i < merged.size(); i++) {
      if (Facts.ordered(merged.get(i), "Promote").isPresent()
          || Facts.isDone(merged.get(i), "Promote")) {
        return i;
      }
    }
    return merged.size();
  }

  private LeadMove move(int begin, int promotion, int end) {
    List<Entry> before = merged.subList(begin, promotion + 1);
    List<Entry> after = merged.subList(promotion, end);
    String to = merged.get(promotion).source().member();
    Optional<Entry> loss = last(before, Facts::sawLeadEnd);
    String from = loss.map(Facts::leaderBefore).orElse("");
    List<Step> steps = new ArrayList<>();
    cause(before, from, loss, steps);
    own(before, after, to, steps);
    List<Step> routes = routes(after, from, to);
    steps.addAll(routes);
    steps.sort(Comparator.comparing(Step::at));
    Instant served = routes.isEmpty() ? merged.get(promotion).at() : routes.getFirst().at();
    boolean asked =
        loss.filter(it -> !it.known("store", "state", "request").isMissingNode()).isPresent();
    return new LeadMove(asked, from, to, steps, served);
  }

  /** What ended the former lead: told by whoever saw it. */
  private static void cause(
      List<Entry> before, String from, Optional<Entry> loss, List<Step> steps) {
    Optional<Entry> lost =
        last(before, it -> it.source().member().equals(from) && Facts.sawServerGo(it));
    loss.ifPresent(
        seen -> {
          Optional<Step> renewal =
              Facts.lastRenewal(seen, from)
                  .map(at -> step("last renewal of " + from + " seen", at, seen));
          renewal.ifPresent(steps::add);
          Instant since = renewal.map(Step::at).orElse(seen.at());
          first(before, it -> isSuspicion(it) && it.at().isAfter(since))
              .ifPresent(it -> steps.add(step("suspicion: " + it.reason(), it.at(), it)));
          first(before, it -> Facts.sawLeadEnd(it) && it.at().isAfter(since))
              .ifPresent(it -> steps.add(step(keyNow(it), it.at(), it)));
        });
    lost.ifPresent(it -> steps.add(step("server of " + from + " gone", it.at(), it)));
  }

  private static String keyNow(Entry entry) {
    String heir = Facts.leaderNow(entry);
    return heir.isEmpty() ? "leader key vacant" : "leader key names " + heir;
  }

  private static boolean isSuspicion(Entry entry) {
    int rule = entry.number();
    return rule == SUSPECT || (rule >= FIRST_REVOKING && rule <= LAST_REVOKING);
  }

  /** What the new leader did. */
  private static void own(List<Entry> before, List<Entry> after, String to, List<Step> steps) {
    Predicate<Entry> its = it -> it.source().member().equals(to);
    last(before, its.and(it -> Facts.ordered(it, "AcquireLeader").isPresent()))
        .ifPresent(it -> steps.add(step("elected: " + it.reason(), it.at(), it)));
    last(before, its.and(it -> CLAIMS.stream().anyMatch(claim -> Facts.isDone(it, claim))))
        .ifPresent(it -> steps.add(step("holds the leader key", it.at(), it)));
    last(before, its.and(it -> Facts.ordered(it, "Promote").isPresent()))
        .ifPresent(it -> steps.add(step("promotion begun", it.at(), it)));
    first(after, its.and(it -> Facts.isDone(it, "Promote")))
        .ifPresent(it -> steps.add(step("promoted", it.at(), it)));
    first(after, its.and(it -> Facts.isDone(it, "WriteHistory")))
        .ifPresent(it -> steps.add(step("timeline recorded", it.at(), it)));
  }

  /** Each member that sends its clients to the new primary, once; the former leader comes later. */
  private static List<Step> routes(List<Entry> after, String from, String to) {
    List<Step> routes = new ArrayList<>();
    Set<String> told = new HashSet<>(Set.of(from));
    for (Entry entry : after) {
      String member = entry.source().member();
      boolean sends =
          Facts.done(entry)
              .filter(it -> it.path("routing").path("primary").asText().equals(to))
              .isPresent();
      if (sends && told.add(member)) {
        routes.add(step("clients of " + member + " sent to " + to, entry.at(), entry));
      }
    }
    return routes;
  }

  private static Step step(String what, Instant at, Entry entry) {
    return new Step(what, at, entry.source().member());
  }

  private static Optional<Entry> first(List<Entry> entries, Predicate<Entry> which) {
    return entries.stream().filter(which).findFirst();
  }

  private static Optional<Entry> last(List<Entry> entries, Predicate<Entry> which) {
    return entries.reversed().stream().filter(which).findFirst();
  }
}
