package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Why etcd gave no answer, or none that can be used. Unknown is not "no": see {@link TxnOutcome}.
 */
public sealed interface EtcdFailure {

  /** One sentence for humans: which endpoint, and what. */
  String message();

  /** The connection was refused, broke, or its TLS handshake failed. */
  record Unreachable(Endpoint endpoint, String cause) implements EtcdFailure {
    @Override
    public String message() {
      return "etcd " + endpoint + ": " + cause;
    }
  }

  /** No full answer within the time given to this endpoint, or etcd's own time ran out. */
  record TimedOut(Endpoint endpoint, Duration after) implements EtcdFailure {
    @Override
    public String message() {
      return "etcd " + endpoint + ": no answer after " + after.toMillis() + " ms";
    }
  }

  /** The endpoint answers, but knows no leader: no majority as far as it can see. */
  record NoLeader(Endpoint endpoint) implements EtcdFailure {
    @Override
    public String message() {
      return "etcd " + endpoint + ": has no leader (a majority of etcd is lost or cut off)";
    }
  }

  /** User, password or permission. */
  record AuthFailed(Endpoint endpoint, String text) implements EtcdFailure {
    @Override
    public String message() {
      return "etcd " + endpoint + ": " + text;
    }
  }

  /** The revision asked for is no longer kept. */
  record Compacted(Endpoint endpoint, long oldest) implements EtcdFailure {
    @Override
    public String message() {
      return "etcd " + endpoint + ": history before revision " + oldest + " was compacted";
    }
  }

  /** etcd's database is full: it reads, but does not write. */
  record NoSpace(Endpoint endpoint, String alarm) implements EtcdFailure {
    @Override
    public String message() {
      return "etcd "
          + endpoint
          + ": "
          + alarm
          + " (compact and defragment it, then `etcdctl alarm disarm`)";
    }
  }

  /** etcd understood and refused. Nothing was changed. */
  record Refused(Endpoint endpoint, int code, String text) implements EtcdFailure {
    @Override
    public String message() {
      return "etcd " + endpoint + ": refused with code " + code + ": " + text;
    }
  }

  /** The answer is not what etcd answers. */
  record Malformed(Endpoint endpoint, String what) implements EtcdFailure {
    @Override
    public String message() {
      return "etcd " + endpoint + ": not an answer of etcd: " + what;
    }
  }

  /** Several endpoints failed, each in its way; the last attempt at each. */
  record EveryEndpoint(List<EtcdFailure> each) implements EtcdFailure {
    public EveryEndpoint {
      each = List.copyOf(requireNonNull(each, "each"));
    }

    @Override
    public String message() {
      return each.stream().map(EtcdFailure::message).collect(Collectors.joining("; "));
    }
  }
}
