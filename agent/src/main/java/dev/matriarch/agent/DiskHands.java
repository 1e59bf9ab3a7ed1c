package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Outcome;
import dev.matriarch.postgres.Lsn;
import dev.matriarch.postgres.Observation;
import dev.matriarch.postgres.PostgresException;
import dev.matriarch.postgres.PostgresServer;
import java.time.Duration;
import java.util.function.Supplier;

/** Proves that what is written becomes durable, and keeps a reserve beside the WAL. */
final class DiskHands {
  /** A commit that takes longer says nothing; that it takes so long has been noticed by then. */
  private static final Duration COMMIT = Duration.ofMinutes(10);

  private final PostgresServer postgres;
  private final Supplier<Observation> seen;

  /** The end of WAL that was seen to be on the disk when this was last proved. */
  private Lsn flushed = Lsn.ZERO;

  DiskHands(PostgresServer postgres, Supplier<Observation> seen) {
    this.postgres = requireNonNull(postgres, "postgres is null");
    this.seen = requireNonNull(seen, "seen is null");
  }

  /**
   * On a busy primary the WAL has been flushed further since the last time: that is proof enough,
   * and costs nothing. When something waits to be flushed a commit shows whether it can be. When
   * nothing waits no WAL is written, so that an idle server stays idle; a block beside the WAL
   * shows that the disk takes what it is given.
   */
  synchronized Outcome prove() {
    try {
      if (seen.get() instanceof Observation.Running running && running.flow().isPresent()) {
        Observation.WalFlow flow = running.flow().get();
        boolean moved = flushed.value() != 0 && flow.flushed().compareTo(flushed) > 0;
        flushed = flow.flushed();
        if (moved) {
          return new Outcome.Done();
        }
        if (flow.inserted().compareTo(flow.flushed()) > 0) {
          return commit();
        }
      }
      return write();
    } catch (PostgresException e) {
      return new Outcome.Failed(e.getMessage());
    }
  }

  private Outcome commit() {
    try {
      postgres.proveCommit(COMMIT);
      return new Outcome.Done();
    } catch (PostgresException.SqlFailed e) {
      // 58: an error outside PostgreSQL, such as an I/O error.
      return e.sqlState().startsWith("58") ? new Outcome.Failed(e.getMessage()) : write();
    } catch (PostgresException.DiskFull e) {
      return new Outcome.Done();
    } catch (PostgresException e) {
      // The server could not be asked, which is no word about its disk.
      return write();
    }
  }

  /** A full disk is no broken one: it is told by its figures. */
  private Outcome write() {
    try {
      postgres.proveDisk();
      return new Outcome.Done();
    } catch (PostgresException.DiskFull e) {
      return new Outcome.Done();
    }
  }

  Outcome keepReserve(Effect.KeepReserve keep) {
    return attempt(() -> postgres.keepReserve(keep.bytes()));
  }

  Outcome releaseReserve() {
    return attempt(postgres::releaseReserve);
  }

  private static Outcome attempt(Runnable work) {
    try {
      work.run();
      return new Outcome.Done();
    } catch (PostgresException e) {
      return new Outcome.Failed(e.getMessage());
    }
  }
}
