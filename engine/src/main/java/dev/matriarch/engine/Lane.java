package dev.matriarch.engine;

/** Effects of one lane run one after the other, those of different lanes side by side. */
public enum Lane {
  /** Claims on the initialize and leader keys. */
  CLAIM,
  /** This member's own key. */
  PUBLISH,
  /** The leader's notes for others: status, history, sync, requests. */
  NOTES,
  /** The server's life: start, stop, promote, clone, rewind. */
  SERVER,
  /** A running server's settings: standby names, slots. */
  SETTINGS,
  /** What may take long and must hold up nothing: checkpoints. */
  UPKEEP,
  /** Questions to the peers. */
  PEERS,
  /** A leader's question to all members whether it may go on without etcd. */
  CONSENT,
  /** The answer to such a question. */
  PROMISE,
  /** A look at another member's server. */
  PROBE,
  /** Where clients are sent. */
  ROUTING,
  /** The pooler on this host, and before a hand-over those elsewhere. */
  POOLER,
  /** Proofs that commits are durable; one that hangs stays here. */
  PROOF,
  /** The reserve file. */
  DISK,
  /** Answers to operators. */
  ANSWERS,
  /** The agent itself. */
  PROCESS;

  /** What is done here may change the server, which is to be looked at before it is judged. */
  public boolean touchesServer() {
    return switch (this) {
      case SERVER, SETTINGS, UPKEEP, DISK -> true;
      case CLAIM,
          PUBLISH,
          NOTES,
          PEERS,
          CONSENT,
          PROMISE,
          PROBE,
          ROUTING,
          POOLER,
          PROOF,
          ANSWERS,
          PROCESS ->
          false;
    };
  }
}
