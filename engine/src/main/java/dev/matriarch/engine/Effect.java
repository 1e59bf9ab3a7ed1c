package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Something to be done to the world. Every effect may fail, time out, or be cut off by the agent's
 * death, and repeating it is safe.
 */
public sealed interface Effect {

  Lane lane();

  /** The name under which failures of its kind are counted. */
  default String kind() {
    return getClass().getSimpleName();
  }

  /**
   * Claim the right to bootstrap: in one transaction create {@code initialize} with an empty value
   * and the leader key, both under this member's lease, and keep renewing. So a bootstrapping
   * primary is fenced like any other, and a claim dies with its owner.
   */
  record TakeInitialize() implements Effect {
    @Override
    public Lane lane() {
      return Lane.CLAIM;
    }
  }

  /**
   * Record the system identifier, and the first dynamic configuration if there is none; then take
   * away the mark that {@link Bootstrap} left in the data.
   */
  record FinishInitialize(String systemIdentifier) implements Effect {
    public FinishInitialize {
      requireNonNull(systemIdentifier, "systemIdentifier is null");
    }

    @Override
    public Lane lane() {
      return Lane.CLAIM;
    }
  }

  /**
   * Create the leader key with this member's lease and keep renewing it; refused when the {@code
   * failsafe} key is not the one of this revision any more, or the {@code sync} key not that of
   * these voters. They are written again with it, so that no claim that was decided before this
   * term can succeed after it.
   */
  record AcquireLeader(long failsafeRevision, SyncState sync) implements Effect {
    public AcquireLeader {
      requireNonNull(sync, "sync is null");
    }

    /** In a cluster without these keys. */
    public AcquireLeader() {
      this(0, SyncState.NONE);
    }

    @Override
    public Lane lane() {
      return Lane.CLAIM;
    }
  }

  /** Go on renewing a leader key that names this member already. */
  record AdoptLeader() implements Effect {
    @Override
    public Lane lane() {
      return Lane.CLAIM;
    }
  }

  /**
   * Note the last WAL position, stop renewing and, if the leader key is still ours, delete it or
   * let it name an heir, who has until the end of our lease to adopt it.
   *
   * @param heir has all WAL of this server, which is shut down; empty: let the others elect
   * @param leaseAhead the heir's own etcd lease: on that one the key is his at once; 0 for none
   */
  record ReleaseLeader(Lsn position, String heir, long leaseAhead) implements Effect {
    public ReleaseLeader {
      requireNonNull(position, "position is null");
      requireNonNull(heir, "heir is null");
    }

    /** Nobody is to have it rather than another. */
    public ReleaseLeader(Lsn position) {
      this(position, "");
    }

    /** To an heir who has to write the key once more. */
    public ReleaseLeader(Lsn position, String heir) {
      this(position, heir, 0);
    }

    @Override
    public Lane lane() {
      return Lane.CLAIM;
    }
  }

  /** Delete the key of a leader that fell silent, if its revision is still this one. */
  record ExpireLeader(String leader, long revision) implements Effect {
    public ExpireLeader {
      requireNonNull(leader, "leader is null");
    }

    @Override
    public Lane lane() {
      return Lane.CLAIM;
    }
  }

  /**
   * Record that a leader's term is to end, if there is no such record and the leader and sync keys
   * are still those it names.
   */
  record Revoke(Revocation revocation) implements Effect {
    public Revoke {
      requireNonNull(revocation, "revocation is null");
    }

    @Override
    public Lane lane() {
      return Lane.CLAIM;
    }
  }

  /** Remove a revocation, if it is still the one of this revision. */
  record EndRevocation(long revision, String why) implements Effect {
    public EndRevocation {
      requireNonNull(why, "why is null");
    }

    @Override
    public Lane lane() {
      return Lane.CLAIM;
    }
  }

  /**
   * In one transaction, if the leader, sync and revoke keys are still those of the revocation: take
   * the leader key with this member's lease, record the voters of the new term, remove the
   * revocation. Then keep renewing.
   */
  record TakeOver(Revocation revocation, SyncState sync) implements Effect {
    public TakeOver {
      requireNonNull(revocation, "revocation is null");
      requireNonNull(sync, "sync is null");
    }

    @Override
    public Lane lane() {
      return Lane.CLAIM;
    }
  }

  /** Write this member's key. */
  record PublishMember(Member member) implements Effect {
    public PublishMember {
      requireNonNull(member, "member is null");
    }

    @Override
    public Lane lane() {
      return Lane.PUBLISH;
    }
  }

  /** Note how far the leader's WAL is. */
  record WriteStatus(StatusRecord status) implements Effect {
    public WriteStatus {
      requireNonNull(status, "status is null");
    }

    @Override
    public Lane lane() {
      return Lane.NOTES;
    }
  }

  /** Record where the timelines before this one ended. */
  record WriteHistory(int timeline) implements Effect {
    @Override
    public Lane lane() {
      return Lane.NOTES;
    }
  }

  /** Record who may be elected; refused when the key changed since {@code sync.revision()}. */
  record WriteSync(SyncState sync) implements Effect {
    public WriteSync {
      requireNonNull(sync, "sync is null");
    }

    @Override
    public Lane lane() {
      return Lane.NOTES;
    }
  }

  /** Forget who may be elected: every commit is asynchronous now. */
  record DeleteSync(long revision) implements Effect {
    @Override
    public Lane lane() {
      return Lane.NOTES;
    }
  }

  /** Fill in the candidate that the leader chose for a switchover that names none. */
  record NameCandidate(MoveRequest request, String candidate) implements Effect {
    public NameCandidate {
      requireNonNull(request, "request is null");
      requireNonNull(candidate, "candidate is null");
    }

    @Override
    public Lane lane() {
      return Lane.NOTES;
    }
  }

  /** Ask, as an operator would, for a switchover from this member to {@code candidate}. */
  record RequestMove(String candidate) implements Effect {
    public RequestMove {
      requireNonNull(candidate, "candidate is null");
    }

    @Override
    public Lane lane() {
      return Lane.NOTES;
    }
  }

  /** Clear a request that is done or refused. */
  record ClearRequest(long revision, String reason) implements Effect {
    public ClearRequest {
      requireNonNull(reason, "reason is null");
    }

    @Override
    public Lane lane() {
      return Lane.NOTES;
    }
  }

  /**
   * Make a new, empty cluster out of nothing, marked as not recorded, and run it as primary. What
   * is marked may give way to another member's bootstrap, so nobody may write to it before {@link
   * FinishInitialize}: no application's role exists until then.
   */
  record Bootstrap() implements Effect {
    @Override
    public Lane lane() {
      return Lane.SERVER;
    }
  }

  /** Start the server on its data as primary. */
  record StartPrimary() implements Effect {
    @Override
    public Lane lane() {
      return Lane.SERVER;
    }
  }

  /** Start the server on its data as a standby; of nobody when {@code upstream} is empty. */
  record StartStandby(String upstream) implements Effect {
    public StartStandby {
      requireNonNull(upstream, "upstream is null");
    }

    @Override
    public Lane lane() {
      return Lane.SERVER;
    }
  }

  /** Bring this member's server under the server outside that a standby cluster follows. */
  record FromSource(Source source, Way way) implements Effect {

    /** From what it is to what it is to be. */
    public enum Way {
      /** There is no data: copy the source's, and run it as its standby. */
      CLONE,
      /** It runs as primary: shut it down, with its last WAL archived. */
      RETIRE,
      /** It is down, and its data may have gone another way: undo that, and start it. */
      REJOIN,
      /** It is down: start it. */
      START,
      /** It runs as a standby of another: point it there. */
      FOLLOW
    }

    public FromSource {
      requireNonNull(source, "source is null");
      requireNonNull(way, "way is null");
    }

    @Override
    public Lane lane() {
      return Lane.SERVER;
    }
  }

  /** How a server is stopped. There is no smart stop: clients could hold it open for ever. */
  enum StopMode {
    /** Disconnect clients, write a checkpoint. */
    FAST,
    /** Drop everything at once; the next start recovers. */
    IMMEDIATE
  }

  /** Stop the server. */
  record StopServer(StopMode mode, String why) implements Effect {
    public StopServer {
      requireNonNull(mode, "mode is null");
      requireNonNull(why, "why is null");
    }

    @Override
    public Lane lane() {
      return Lane.SERVER;
    }
  }

  /** Shorten the shutdown that is to follow by writing out what is dirty. */
  record SettleForHandover() implements Effect {
    @Override
    public Lane lane() {
      return Lane.UPKEEP;
    }
  }

  /**
   * Let all pooled clients of this primary wait, on this host and on those: done when no
   * transaction is open any more. Failed, with the transaction that was in the way, when that took
   * longer than allowed; this host's clients go on then.
   */
  record HoldClients(SortedSet<String> elsewhere, Duration longest) implements Effect {
    public HoldClients {
      elsewhere = Collections.unmodifiableSortedSet(new TreeSet<>(elsewhere));
      requireNonNull(longest, "longest is null");
    }

    @Override
    public Lane lane() {
      return Lane.POOLER;
    }
  }

  /**
   * Let the pooled clients on this host wait, or go on with that member's server; empty: its own.
   * With another's they go on when it takes writes, and wait in the login to it before.
   */
  record Pool(String target, boolean held) implements Effect {
    public Pool {
      requireNonNull(target, "target is null");
    }

    @Override
    public Lane lane() {
      return Lane.POOLER;
    }
  }

  /**
   * Stop fast, and be done as soon as no more WAL can come.
   *
   * @param settled nothing much is dirty; otherwise it is written out first
   */
  record StopForHandover(String candidate, boolean settled) implements Effect {
    public StopForHandover {
      requireNonNull(candidate, "candidate is null");
    }

    @Override
    public Lane lane() {
      return Lane.SERVER;
    }
  }

  /**
   * Make the standby a primary.
   *
   * @param beyond the timeline that it begins has a greater number than this one: the cluster began
   *     one of that number before, which this standby's history does not tell of; 0 where it tells
   *     of all
   */
  record Promote(int beyond) implements Effect {
    /** Of a standby whose history tells of all timelines. */
    public Promote() {
      this(0);
    }

    /** As decisions tell it: hardly any has something to leave out. */
    @Override
    public String toString() {
      return beyond == 0 ? "Promote[]" : "Promote[beyond=" + beyond + "]";
    }

    @Override
    public Lane lane() {
      return Lane.SERVER;
    }
  }

  /** Let the running standby stream from another member; from nobody when empty. */
  record Follow(String upstream) implements Effect {
    public Follow {
      requireNonNull(upstream, "upstream is null");
    }

    @Override
    public Lane lane() {
      return Lane.SERVER;
    }
  }

  /**
   * Let the running standby stream from nobody, for the revocation of this revision. Ends when its
   * WAL receiver is gone and all that it received is known; the look at the server that follows
   * tells how far that is.
   */
  record Promise(long revocation) implements Effect {
    @Override
    public Lane lane() {
      return Lane.SERVER;
    }
  }

  /**
   * List what the stopped server has that {@code leader}'s history does not contain, and keep the
   * list. Ends in a bounded time, even if the list is not complete by then.
   *
   * @param namesake the leader's history has another timeline of the number of the server's
   */
  record ListLost(String leader, boolean namesake) implements Effect {
    public ListLost {
      requireNonNull(leader, "leader is null");
    }

    @Override
    public Lane lane() {
      return Lane.SERVER;
    }
  }

  /**
   * The same for the leader of a standby cluster: list what the history of the server outside does
   * not contain.
   */
  record ListGivenUp(Source source) implements Effect {
    public ListGivenUp {
      requireNonNull(source, "source is null");
    }

    @Override
    public Lane lane() {
      return Lane.SERVER;
    }
  }

  /**
   * Undo what the stopped server wrote beyond {@code source}'s history, if anything, and start it
   * as a standby of {@code source}.
   */
  record Rejoin(String source) implements Effect {
    public Rejoin {
      requireNonNull(source, "source is null");
    }

    @Override
    public Lane lane() {
      return Lane.SERVER;
    }
  }

  /**
   * Replace the data, if any, by a copy of {@code source}'s, and start it as its standby.
   *
   * @param plain by PostgreSQL's own copy, whatever program the operator has for it
   */
  record CloneFrom(String source, boolean plain) implements Effect {
    public CloneFrom {
      requireNonNull(source, "source is null");
    }

    /** By the operator's methods. */
    public CloneFrom(String source) {
      this(source, false);
    }

    @Override
    public Lane lane() {
      return Lane.SERVER;
    }
  }

  /**
   * Replace the data, if any, by what an operator's program makes without a leader, and start it as
   * a standby of nobody.
   */
  record Restore() implements Effect {
    @Override
    public Lane lane() {
      return Lane.SERVER;
    }
  }

  /** Let commits wait for these standbys. */
  record SetSyncNames(SyncNames names) implements Effect {
    public SetSyncNames {
      requireNonNull(names, "names is null");
    }

    @Override
    public Lane lane() {
      return Lane.SETTINGS;
    }
  }

  /** Write out what is dirty, so that others can be rewound to this new primary. */
  record Checkpoint() implements Effect {
    @Override
    public Lane lane() {
      return Lane.UPKEEP;
    }
  }

  /** Drop, create and advance replication slots; {@code leader} is asked what is to be proved. */
  record KeepSlots(SlotWork slots, String leader) implements Effect {
    public KeepSlots {
      requireNonNull(slots, "slots is null");
      requireNonNull(leader, "leader is null");
    }

    @Override
    public Lane lane() {
      return Lane.SETTINGS;
    }
  }

  /**
   * Stop the standby, place the state of these logical slots of {@code leader} into its data, and
   * start it as a standby of {@code upstream} again.
   */
  record CopySlots(String leader, String upstream, SortedSet<String> slots) implements Effect {
    public CopySlots {
      requireNonNull(leader, "leader is null");
      requireNonNull(upstream, "upstream is null");
      slots = Collections.unmodifiableSortedSet(new TreeSet<>(slots));
    }

    @Override
    public Lane lane() {
      return Lane.SERVER;
    }
  }

  /** Ask these members how they are. */
  record AskPeers(SortedSet<String> members) implements Effect {
    public AskPeers {
      members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
    }

    @Override
    public Lane lane() {
      return Lane.PEERS;
    }
  }

  /**
   * Record whom the leader would have to ask without etcd; delete the record when that is nobody.
   * Refused when the key changed since {@code revision}.
   */
  record WriteFailsafe(long revision, SortedMap<String, String> members) implements Effect {
    public WriteFailsafe {
      members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }

    @Override
    public Lane lane() {
      return Lane.NOTES;
    }
  }

  /** Ask these members, by their REST addresses, to count this leader as alive for so long. */
  record AskFailsafe(SortedMap<String, String> members, Duration lease) implements Effect {
    public AskFailsafe {
      members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
      requireNonNull(lease, "lease is null");
    }

    @Override
    public Lane lane() {
      return Lane.CONSENT;
    }
  }

  /**
   * Answer a leader without etcd. A promise is written down before it is told.
   *
   * @param until up to when this member will not lead, if it accepts
   */
  record AnswerFailsafe(FailsafeCall call, Reply reply, String reason, Instant until)
      implements Effect {

    /** What may be answered. */
    public enum Reply {
      ACCEPTED,
      REFUSED,
      /** The mode is off. */
      OFF
    }

    public AnswerFailsafe {
      requireNonNull(call, "call is null");
      requireNonNull(reply, "reply is null");
      requireNonNull(reason, "reason is null");
      requireNonNull(until, "until is null");
    }

    @Override
    public Lane lane() {
      return Lane.PROMISE;
    }
  }

  /** Find out whether a member's server still answers; done if it does. */
  record ProbeServer(String member) implements Effect {
    public ProbeServer {
      requireNonNull(member, "member is null");
    }

    @Override
    public Lane lane() {
      return Lane.PROBE;
    }
  }

  /**
   * Find out whether the running standby can go on with the WAL of a server outside: refused if it
   * has WAL that is not in that one's history, failed if that cannot be found out.
   *
   * @param timeline that it is known to have come to; its files may tell of an older one
   */
  record CompareSource(Source source, int timeline) implements Effect {
    public CompareSource {
      requireNonNull(source, "source is null");
    }

    @Override
    public Lane lane() {
      return Lane.PROBE;
    }
  }

  /** Tell the local load balancer and pooler where clients go. */
  record Route(Routing routing) implements Effect {
    public Route {
      requireNonNull(routing, "routing is null");
    }

    @Override
    public Lane lane() {
      return Lane.ROUTING;
    }
  }

  /**
   * Tell whoever waits what became of a wish; from then on it is none any more.
   *
   * @param done it was fulfilled; otherwise the sentence says why not
   */
  record Answer(Wish wish, boolean done, String sentence) implements Effect {
    public Answer {
      requireNonNull(wish, "wish is null");
      requireNonNull(sentence, "sentence is null");
    }

    @Override
    public Lane lane() {
      return Lane.ANSWERS;
    }
  }

  /**
   * Show that what this member is asked to write becomes durable: a primary that a commit does, by
   * the way WAL is flushed anyway or by one of its own when something waits; whoever writes nothing
   * that its disk takes a block. Returns when it is proved, however long that takes.
   */
  record ProveCommit() implements Effect {
    @Override
    public Lane lane() {
      return Lane.PROOF;
    }
  }

  /** Hold so many bytes back in a file where the WAL is. */
  record KeepReserve(long bytes) implements Effect {
    @Override
    public Lane lane() {
      return Lane.DISK;
    }
  }

  /** Delete the file that was held in reserve. */
  record ReleaseReserve() implements Effect {
    @Override
    public Lane lane() {
      return Lane.DISK;
    }
  }

  /** End the agent. */
  record Exit(int code, String why) implements Effect {
    public Exit {
      requireNonNull(why, "why is null");
    }

    @Override
    public Lane lane() {
      return Lane.PROCESS;
    }
  }
}
