package dev.matriarch.engine;

import static dev.matriarch.engine.RevocationWorld.name;

import dev.matriarch.engine.RevocationSteps.Step;
import dev.matriarch.engine.RevocationWorld.Heard;
import dev.matriarch.engine.RevocationWorld.Keys;
import dev.matriarch.engine.RevocationWorld.Primary;
import dev.matriarch.engine.RevocationWorld.State;
import dev.matriarch.engine.RevocationWorld.Voter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Every interleaving of a revocation in a small cluster, breadth first: a primary m1 and its
 * voters, with all that they know, have asked for and have sent. Any step may come next; who is cut
 * off from etcd, from others or from both, or is dead, is one whose steps do not come. What members
 * decide is what the engine's rules decide from what they know; etcd compares as {@code
 * RevocationStoreTest} shows. Nobody's lease ends: a revocation must be safe without.
 */
final class RevocationModel {
  /**
   * Whose term is revoked by whom.
   *
   * @param voters how many
   * @param acknowledgements how many of them a commit waits for
   * @param lastMayLead the last of them may lead; else its tags forbid it
   */
  record Cluster(int voters, int acknowledgements, boolean lastMayLead) {}

  /**
   * How far it goes.
   *
   * @param writes that clients make
   * @param renewals of the primary's lease
   * @param records of revocation
   * @param changes of the voters that the primary sets out to record
   * @param accidents servers that crash and agents that are started anew
   */
  record Bounds(int writes, int renewals, int records, int changes, int accidents) {}

  /** What is done wrong though it is decided rightly. */
  enum Flaw {
    NONE,
    /** A voter tells its position as if its WAL receiver had ended. */
    RECEIVER_OVERLOOKED,
    TAKEOVER_COMPARES_LEADER_ONLY
  }

  private record Reached(Optional<State> from, String by) {}

  private final RevocationWorld world = new RevocationWorld();
  private final RevocationSteps steps;
  private final Flaw flaw;
  private final Map<State, Reached> reached = new HashMap<>();
  private final Deque<State> open = new ArrayDeque<>();
  private Optional<String> breach = Optional.empty();
  private int takeovers;

  RevocationModel(Cluster cluster, Bounds bounds, List<Clause> course, Flaw flaw) {
    int voters = cluster.voters();
    int acknowledgements = cluster.acknowledgements();
    this.flaw = flaw;
    this.steps =
        new RevocationSteps(world, new RevocationLenses(cluster, course, flaw), bounds, flaw);
    SortedSet<String> names = new TreeSet<>();
    for (int i = 1; i <= voters; i++) {
      names.add(name(i));
    }
    SyncState sync = new SyncState(1, name(0), voters - acknowledgements, names);
    SyncNames awaited = new SyncNames(acknowledgements, names);
    int keys = world.keys.of(new Keys(name(0), 1, sync, Revocation.NONE, 0));
    Primary primary = new Primary(keys, true, 0, 0, awaited, 0, 0, false, false, 0);
    List<Heard> nothing = Collections.nCopies(voters, Heard.NOTHING);
    Voter voter = new Voter(keys, true, true, true, 0, 0, 0, nothing);
    State first =
        new State(
            keys,
            world.primaries.of(primary),
            Collections.nCopies(voters, world.voters.of(voter)),
            Collections.nCopies(voters, world.claims.of(Optional.empty())),
            world.writes.of(List.of()),
            0);
    reach(first, new Reached(Optional.empty(), "all is well"));
  }

  /** Goes through all states until one is bad. */
  Optional<String> run() {
    while (breach.isEmpty() && !open.isEmpty()) {
      State state = open.remove();
      for (Step step : steps.from(state)) {
        reach(step.to(), new Reached(Optional.of(state), step.toString()));
      }
    }
    return breach;
  }

  int states() {
    return reached.size();
  }

  /** How often a voter takes over. */
  int takeovers() {
    return takeovers;
  }

  private void reach(State state, Reached how) {
    State next = forgetting(acknowledging(state));
    if (reached.putIfAbsent(next, how) == null) {
      open.add(next);
      judge(next, how.from());
    }
  }

  /** What enough of those that it waits for have, the primary acknowledges at once. */
  private State acknowledging(State state) {
    Primary primary = world.primary(state);
    SyncNames names = primary.names();
    if (!primary.running() || names.names().size() < names.acknowledgements()) {
      return state;
    }
    List<Integer> have = new ArrayList<>();
    for (String name : names.names()) {
      have.add(world.voter(state, RevocationWorld.voter(name)).flushed());
    }
    have.sort(Collections.reverseOrder());
    int needed = names.acknowledgements();
    int safe = needed == 0 ? primary.written() : have.get(needed - 1);
    return safe > primary.acknowledged()
        ? state.primary(world.primaries.of(primary.acknowledging(safe)))
        : state;
  }

  /**
   * What can have no effect any more, as etcd's keys have changed: states that differ in it do not.
   */
  private State forgetting(State state) {
    if (flaw == Flaw.TAKEOVER_COMPARES_LEADER_ONLY) {
      return state;
    }
    Keys keys = world.keys(state);
    long standing = keys.isRevoked() ? keys.revocation().revision() : 0;
    State next = world.isTaken(state) ? state.writes(world.writes.of(List.of())) : state;
    for (int i = 0; i < state.voters().size(); i++) {
      Optional<Effect.TakeOver> claim = world.claims.get(state.claims().get(i));
      if (claim.isPresent() && claim.get().revocation().revision() != standing) {
        next = next.claim(i, world.claims.of(Optional.empty()));
      }
      Voter voter = world.voter(state, i);
      for (int other = 0; other < state.voters().size(); other++) {
        long promised = voter.heard().get(other).promised();
        if (promised != 0 && promised != standing) {
          voter = voter.hearing(other, Heard.NOTHING);
        }
      }
      next = next.voter(i, world.voters.of(voter));
    }
    return next;
  }

  // ---- what must never be

  private void judge(State state, Optional<State> from) {
    Keys keys = world.keys(state);
    int acknowledged = world.primary(state).acknowledged();
    boolean taken = world.isTaken(state);
    boolean before = from.filter(world::isTaken).isPresent();
    if (taken && !before) {
      takeovers++;
    }
    if (taken && has(state, keys.leader()) < acknowledged) {
      boolean late = before && world.primary(from.get()).acknowledged() < acknowledged;
      broken(state, late ? "two acknowledge" : "acknowledged write lost");
    }
    List<Integer> have = new ArrayList<>();
    keys.sync().voters().forEach(voter -> have.add(has(state, voter)));
    Collections.sort(have);
    // The worst of all elections: those answer that have the least.
    int answers = keys.sync().quorum() + 1;
    if (answers <= have.size() && have.get(answers - 1) < acknowledged) {
      broken(state, "acknowledged write lost in the next election");
    }
  }

  private int has(State state, String member) {
    return member.equals(name(0))
        ? world.primary(state).written()
        : world.voter(state, RevocationWorld.voter(member)).flushed();
  }

  private void broken(State state, String what) {
    Deque<String> story = new ArrayDeque<>();
    Optional<State> at = Optional.of(state);
    while (at.isPresent()) {
      Reached how = reached.get(at.get());
      story.addFirst(how.by());
      at = how.from();
    }
    breach = breach.or(() -> Optional.of(what + ": " + String.join("; ", story)));
  }
}
