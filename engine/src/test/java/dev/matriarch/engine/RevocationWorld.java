package dev.matriarch.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What there is in {@link RevocationModel}: etcd's keys, the primary m1, and its voters. */
final class RevocationWorld {
  /** What an agent knows of etcd that was just started. */
  static final int UNSEEN = -1;

  final Numbered<Keys> keys = new Numbered<>();
  final Numbered<Primary> primaries = new Numbered<>();
  final Numbered<Voter> voters = new Numbered<>();
  final Numbered<Optional<Effect.TakeOver>> claims = new Numbered<>();
  final Numbered<List<SyncState>> writes = new Numbered<>();

  static String name(int member) {
    return "m" + (member + 1);
  }

  /** Counted from 0, the primary being none. */
  static int voter(String name) {
    return Integer.parseInt(name.substring(1)) - 2;
  }

  Keys keys(State state) {
    return keys.get(state.keys());
  }

  Primary primary(State state) {
    return primaries.get(state.primary());
  }

  Voter voter(State state, int index) {
    return voters.get(state.voters().get(index));
  }

  /** A voter has taken over. */
  boolean isTaken(State state) {
    return !keys(state).leader().equals(name(0));
  }

  /**
   * etcd's keys. Each has revisions of its own: only whether they are equal is ever asked.
   *
   * @param term the leader key's revision
   * @param made how many revocations were recorded, and the last one's revision
   */
  record Keys(String leader, long term, SyncState sync, Revocation revocation, long made) {
    Keys renewed() {
      return new Keys(leader, term + 1, sync, revocation, made);
    }

    Keys recording(SyncState voters) {
      return new Keys(leader, term, numbered(voters), revocation, made);
    }

    Keys revoked(Revocation wish) {
      Revocation record =
          new Revocation(made + 1, wish.leader(), wish.term(), wish.sync(), wish.by());
      return new Keys(leader, term, sync, record, made + 1);
    }

    Keys unrevoked() {
      return new Keys(leader, term, sync, Revocation.NONE, made);
    }

    Keys taken(Effect.TakeOver over) {
      SyncState voters = numbered(over.sync());
      return new Keys(voters.leader(), term + 1, voters, Revocation.NONE, made);
    }

    private SyncState numbered(SyncState wish) {
      return new SyncState(sync.revision() + 1, wish.leader(), wish.quorum(), wish.voters());
    }

    boolean isRevoked() {
      return revocation.isInForce(new Leadership.Held(leader, term), sync);
    }
  }

  /** What another voter was last heard to have promised. */
  record Heard(long promised, int flushed) {
    static final Heard NOTHING = new Heard(0, 0);
  }

  /**
   * A voter.
   *
   * @param seen the keys as its agent knows them; {@link #UNSEEN} when it was just started
   * @param running its server runs
   * @param follows its configuration names the primary
   * @param receiving its WAL receiver runs
   * @param ending the record for which it is ending its receiver, 0 for none
   * @param flushed how many writes it has
   * @param promised the record for which it ended its receiver
   * @param heard of each voter, itself included
   */
  record Voter(
      int seen,
      boolean running,
      boolean follows,
      boolean receiving,
      long ending,
      int flushed,
      long promised,
      List<Heard> heard) {
    Voter seeing(int keys) {
      return new Voter(keys, running, follows, receiving, ending, flushed, promised, heard);
    }

    Voter server(boolean runs, boolean follow, boolean receives) {
      return new Voter(seen, runs, follow, receives, ending, flushed, promised, heard);
    }

    Voter ending(long revision) {
      return new Voter(seen, running, false, receiving, revision, flushed, promised, heard);
    }

    Voter promising(boolean receives) {
      return new Voter(seen, running, follows, receives, 0, flushed, ending, heard);
    }

    Voter flushing() {
      return new Voter(seen, running, follows, receiving, ending, flushed + 1, promised, heard);
    }

    Voter crashed() {
      return new Voter(seen, false, follows, false, 0, flushed, promised, heard);
    }

    Voter restarted() {
      List<Heard> nothing = Collections.nCopies(heard.size(), Heard.NOTHING);
      return new Voter(UNSEEN, running, follows, receiving, 0, flushed, 0, nothing);
    }

    Voter hearing(int voter, Heard told) {
      List<Heard> more = new ArrayList<>(heard);
      more.set(voter, told);
      return new Voter(
          seen, running, follows, receiving, ending, flushed, promised, List.copyOf(more));
    }
  }

  /**
   * The primary.
   *
   * @param acknowledged how many writes its clients were told of
   * @param names whom its commits wait for
   * @param since what was written when they were set
   * @param base the revision of the voters' key that it last set out to replace
   * @param waiting for the answer to that
   * @param failed no answer came, or no
   * @param ordered how often it set out to
   */
  record Primary(
      int seen,
      boolean running,
      int written,
      int acknowledged,
      SyncNames names,
      int since,
      long base,
      boolean waiting,
      boolean failed,
      int ordered) {
    Primary seeing(int keys) {
      return new Primary(
          keys, running, written, acknowledged, names, since, base, waiting, failed, ordered);
    }

    Primary writing() {
      return new Primary(
          seen, running, written + 1, acknowledged, names, since, base, waiting, failed, ordered);
    }

    Primary acknowledging(int writes) {
      return new Primary(
          seen, running, written, writes, names, since, base, waiting, failed, ordered);
    }

    Primary stopped() {
      return new Primary(
          seen, false, written, acknowledged, names, since, base, waiting, failed, ordered);
    }

    Primary naming(SyncNames other) {
      return new Primary(
          seen, running, written, acknowledged, other, written, base, waiting, failed, ordered);
    }

    Primary recording(long revision) {
      return new Primary(
          seen, running, written, acknowledged, names, since, revision, true, failed, ordered + 1);
    }

    Primary answered(boolean done) {
      return new Primary(
          seen, running, written, acknowledged, names, since, base, false, !done, ordered);
    }
  }

  /**
   * All there is, by number.
   *
   * @param keys of etcd
   * @param primary see {@link Primary}
   * @param voters see {@link Voter}
   * @param claims the takeover of each voter that is on its way to etcd
   * @param writes of the primary's to the voters' key that are on their way
   * @param accidents how many servers crashed and agents were started anew
   */
  record State(
      int keys,
      int primary,
      List<Integer> voters,
      List<Integer> claims,
      int writes,
      int accidents) {
    State keys(int number) {
      return new State(number, primary, voters, claims, writes, accidents);
    }

    State primary(int number) {
      return new State(keys, number, voters, claims, writes, accidents);
    }

    State voter(int index, int number) {
      return new State(keys, primary, changed(voters, index, number), claims, writes, accidents);
    }

    State claim(int index, int number) {
      return new State(keys, primary, voters, changed(claims, index, number), writes, accidents);
    }

    State writes(int number) {
      return new State(keys, primary, voters, claims, number, accidents);
    }

    State accident() {
      return new State(keys, primary, voters, claims, writes, accidents + 1);
    }

    private static List<Integer> changed(List<Integer> all, int index, int number) {
      List<Integer> copy = new ArrayList<>(all);
      copy.set(index, number);
      return List.copyOf(copy);
    }
  }

  /** Each thing has one number, so that states are small. */
  static final class Numbered<T> {
    private final Map<T, Integer> numbers = new HashMap<>();
    private final List<T> all = new ArrayList<>();

    int of(T thing) {
      Integer known = numbers.putIfAbsent(thing, all.size());
      if (known == null) {
        all.add(thing);
        return all.size() - 1;
      }
      return known;
    }

    T get(int number) {
      return all.get(number);
    }
  }
}
