package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/**
 * The rules by which a member acts, in the order in which they are asked; the first that fires
 * decides. Rules up to 699 steer the member's course; those from 700 on are duties that run beside
 * it.
 */
public enum Rule {
  LEASE_RAN_OUT(101, "A primary whose lease could have passed on is stopped at once."),
  ANOTHER_LEADS(102, "A primary that sees another member hold the leader key is stopped at once."),
  NO_LEASE(103, "A primary that cannot prove its lease takes the key at once or is stopped."),
  FOREIGN_DATA(104, "Data of another cluster is not touched: the agent ends."),
  LEAVING(105, "An agent that is asked to end stops its server, hands over, and sees clients off."),
  REVOKED_IN_ERROR(111, "A leader that is alive removes the revocation of its term."),

  CANNOT_COMMIT(121, "A leader whose disk hangs is stopped at once, so that another leads."),
  AWAIT_DISK(122, "A server that is down is left alone until its disk answers."),
  USE_RESERVE(123, "A leader whose disk is nearly full gives up its reserve to end well."),
  MAKE_ROOM(124, "A leader whose disk is nearly full asks for a switchover to one with room."),
  QUARANTINE(125, "A former primary is not started before it is known who led after it."),
  FAILSAFE_REFUSED(131, "A primary without etcd is stopped when a member refuses to wait for it."),
  RECLAIM(132, "A primary that got through etcd's outage takes its key again if it went."),
  HONOUR_PROMISE(133, "Who promised a leader without etcd to wait does not lead before that."),
  RESUME_CLIENTS(141, "Clients that wait go on with who takes writes, before anything is mended."),

  REQUEST_DONE(201, "A request that is fulfilled or no longer applies is cleared."),
  LOOK_BEFORE_MOVE(202, "Before a switchover leader and candidate ask how the others are."),
  REQUEST_REFUSED(203, "A switchover to a member that cannot lead is refused with the reason."),
  NAME_CANDIDATE(204, "A switchover without a candidate goes to the most advanced replica."),
  SETTLE(205, "Before a switchover the primary writes out what its shutdown would have to."),
  HOLD_CLIENTS(206, "Pooled clients wait between transactions before the primary is shut down."),
  HAND_OVER(207, "For a switchover the primary is shut down cleanly while its lease goes on."),
  RELEASE_TO_CANDIDATE(208, "Once the candidate has all WAL, the leader key is released to it."),
  HANDOVER_ABANDONED(209, "A switchover whose candidate does not catch up is given up."),
  GIVE_WAY(210, "Others leave a vacant key to the candidate of a request for a moment."),

  RESTART_REFUSED(211, "A restart whose conditions do not hold is refused, or dropped when due."),
  RESTART_DONE(212, "A restart is done when another server process runs than was running before."),
  RESTART_FAILED(213, "A restart that takes too long or fails again and again is told as such."),
  STOP_TO_RESTART(214, "For a restart the server is stopped; that it is down brings it back."),
  REINIT_DONE(221, "A member is reinitialized when it has copied another's data."),
  REINIT_REFUSED(222, "A leader, or a member without one, is not reinitialized."),
  REINITIALIZE(223, "On request a member throws its data away and copies another's."),
  PAUSED_GIVES_BACK(241, "In pause a leader without a running primary gives the key back."),
  PAUSED(242, "In pause a server that nobody asked to start is left as it is."),
  LED_IN_PAUSE(243, "Who led in pause must answer that it stopped before another leads."),

  ADOPT(301, "Whom the leader key names goes on with it: a started agent, or an heir."),
  NOTHING_TO_LEAD(302, "A leader without usable data of its cluster gives the key back."),
  GIVE_UP(303, "A leader whose server does not come back in time lets another lead."),
  PREPARE_SYNC(304, "Before promotion it is recorded who may be elected next."),
  PROMOTE(305, "The holder of the leader key promotes its standby."),
  RESTART(306, "A leader whose server is down starts it where it stopped."),
  UNSTICK(307, "A leader whose server stopped answering stops it hard, to start it again."),
  HOLD(308, "A leader whose server runs keeps its lease."),
  SPARE_RECOVERY(321, "A leader that would recover for longer than a failover takes spares it."),
  COUNT_ALIVE(341, "Nobody takes the key of a leader that was promised time without etcd."),
  RETIRE(342, "The primary of what is to be a standby cluster is shut down, its key kept."),
  PASS_STANDBY_LEAD(343, "The leader of a standby cluster gives its key to the one asked for."),
  FOLLOW_SOURCE(344, "The leader of a standby cluster follows the server outside."),

  EXPIRE(401, "The key of a leader silent for a whole lease is deleted at that revision."),
  SUSPECT(402, "When the leader has been silent for half its lease, the peers are asked."),
  LET_GO(403, "When nobody leads, a standby lets go of who led last."),
  NOT_ELECTABLE(404, "A standby that must not lead waits for another."),
  ASK_PEERS(405, "Before it takes the vacant key, a standby asks how far the others are."),
  AWAIT_ANSWERS(406, "Answers are awaited for a moment from all that answered before."),
  QUORUM_MISSING(407, "In synchronous mode enough voters must answer to be sure of every commit."),
  PRIMARY_ALIVE(408, "While another server says it is primary, nobody else takes the key."),
  CATCH_UP(409, "A standby that is behind one that cannot lead fetches its WAL first."),
  BETTER_PEER(410, "The most advanced healthy standby goes first."),
  ACQUIRE(411, "The best standby takes the vacant key."),
  WITHDRAW(421, "A revocation that is void, or found too few promises in time, is removed."),
  PROMISE(
      422, "A voter that sees a leader revoked ends its WAL receiver, then tells its position."),
  SOUND_OUT(423, "In strict quorum mode voters and a silent leader's server are asked early."),
  REVOKE(424, "The term of a leader that is silent and dead to a voter is revoked."),
  AWAIT_PROMISES(425, "A candidate asks until so many have promised that no commit can return."),
  TAKE_OVER(426, "The most advanced of those that promised takes the leader key at once."),
  KEEP_PROMISE(427, "Until a revocation is over its voters follow nobody."),
  KEEP_POLICY(431, "Of two members, the standby leads as their declared policy has it."),
  AWAIT_LAST(432, "After an outage of all members, who led last is awaited for a while."),

  LIST_LOST(441, "What only a returning member has is listed before it is undone."),
  COMPARE_SOURCE(
      442,
      "A standby cluster's leader that receives nothing compares its history with the source's."),
  LEAVE_OWN_WAY(443, "A standby cluster's leader that has what its source has not is stopped."),
  KEEP_DIVERGED(451, "Data that went another way is kept where nothing may be done to it."),

  CLONE(501, "A member without data copies the leader's."),
  REJOIN(502, "A former primary returns by undoing what the new leader does not have."),
  START_STANDBY(503, "A standby that is down is started to follow the leader."),
  STOP_DIVERGED(504, "A standby that left the leader's history is stopped, to be rewound."),
  FOLLOW(505, "A standby is pointed to the leader once its timeline is recorded."),
  STREAM(506, "A standby follows the leader."),
  START_LEADERLESS(507, "Without a leader a server that is down is started as a standby."),
  LEADERLESS(508, "Without a leader a standby waits."),
  RESTORE(551, "While nobody leads, data may be made by a program that needs no leader."),
  UNKNOWN_CLUSTER(552, "With a standby's data of a cluster that etcd does not know it ends."),

  CLAIM_DATA(601, "Where etcd knows nothing, the data of a primary is the cluster's."),
  CLAIM_CLUSTER(602, "The first member to claim a cluster without data may make it."),
  BOOTSTRAP_FAILED(603, "A claimant that cannot make the data ends, and its claim with it."),
  BOOTSTRAP(604, "The claimant makes the cluster's first data."),
  RECORD_CLUSTER(605, "Once the first primary runs, its system identifier is recorded."),
  AWAIT_BOOTSTRAP(606, "A member that may not bootstrap waits for the one that may."),
  AWAIT_STORE(698, "Nothing is known of the cluster yet."),
  IDLE(699, "There is nothing to do."),

  RECORD_HISTORY(701, "The leader records where the timeline before its own ended."),
  SYNC_STEP(702, "Voters and awaited standbys change one step at a time, each of them safe."),
  CHECKPOINT_PROMOTED(711, "A new primary checkpoints, so that others can be rewound to it."),
  ANSWER_FAILSAFE(721, "A member that does not lead promises a leader without etcd to wait."),
  ASK_FAILSAFE(722, "A leader whose renewals fail asks all members to wait for it."),
  RECORD_FAILSAFE(723, "The leader records whom it would have to ask without etcd."),

  PUBLISH(801, "A member keeps its own key true."),
  RECORD_STATUS(802, "The leader notes how far its WAL is."),
  KEEP_SLOTS(803, "A member keeps the replication slots of its place and drops all others."),
  ROUTE(804, "Local clients are sent to whoever leads as soon as it is known."),
  POOL(805, "Pooled clients of a primary wait while there is none, and go on with the next."),

  COPY_SLOTS(811, "A standby that could lead copies the permanent logical slots that it lacks."),

  PROVE_COMMIT(821, "A running member proves now and then that it can still commit."),
  KEEP_RESERVE(822, "A member with room keeps a file in reserve, to be given up when it is full."),
  MEND_KEYS(
      823,
      "The leader writes again what it knows of keys that cannot be read, and a deleted configuration.");

  private final int number;
  private final String sentence;

  Rule(int number, String sentence) {
    this.number = number;
    this.sentence = requireNonNull(sentence, "sentence is null");
  }

  public int number() {
    return number;
  }

  /** What the rule says, for humans. */
  public String sentence() {
    return sentence;
  }
}
