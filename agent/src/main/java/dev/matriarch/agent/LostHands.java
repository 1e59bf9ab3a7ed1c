package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Outcome;
import dev.matriarch.postgres.LostWork;
import dev.matriarch.postgres.PostgresException;
import dev.matriarch.postgres.PostgresServer;
import dev.matriarch.postgres.Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists what this member's return throws away, and keeps the list. */
final class LostHands {
  private static final Logger LOG = LoggerFactory.getLogger(LostHands.class);

  /** Others may wait for this member: in strict modes even every commit. */
  private static final Duration BUDGET = Duration.ofSeconds(30);

  private static final Duration LINGER = Duration.ofSeconds(65);

  private final PostgresServer postgres;
  private final Directory directory;
  private final LostFolder folder;
  private final ReentrantLock turn;
  private final InstantSource wall;

  /**
   * @param turn of who does something to the server
   */
  LostHands(
      PostgresServer postgres,
      Directory directory,
      LostFolder folder,
      ReentrantLock turn,
      InstantSource wall) {
    this.postgres = requireNonNull(postgres, "postgres is null");
    this.directory = requireNonNull(directory, "directory is null");
    this.folder = requireNonNull(folder, "folder is null");
    this.turn = requireNonNull(turn, "turn is null");
    this.wall = requireNonNull(wall, "wall is null");
  }

  Outcome list(Effect.ListLost list) throws InterruptedException {
    Optional<Upstream> leader = directory.upstream(list.leader());
    return leader.isEmpty()
        ? new Outcome.Failed(list.leader() + " has no address in etcd")
        : attempt(list.leader(), leader.get(), list.namesake());
  }

  Outcome list(Effect.ListGivenUp list) throws InterruptedException {
    Optional<Upstream> source = directory.upstream(list.source());
    return source.isEmpty()
        ? new Outcome.Failed("standby_cluster names no host to compare with; add one")
        : attempt(list.source().address(), source.get(), false);
  }

  private Outcome attempt(String leader, Upstream server, boolean namesake)
      throws InterruptedException {
    turn.lockInterruptibly();
    try {
      postgres.awaitGone(LINGER);
      list(leader, server, namesake);
      return new Outcome.Done();
    } catch (PostgresException | IOException e) {
      return new Outcome.Failed("what will be undone cannot be listed: " + e.getMessage());
    } finally {
      turn.unlock();
    }
  }

  private void list(String leader, Upstream server, boolean namesake) throws IOException {
    String name = LostFolder.name(wall.instant());
    List<String> notKept = new ArrayList<>();
    LostWork work =
        postgres.lost(server, namesake, segments -> keep(name, segments, notKept), BUDGET);
    if (work.transactions() == 0 && work.gaps().isEmpty()) {
      folder.forget(name);
      LOG.info("nothing that committed here is missing in the history of {}", leader);
      return;
    }
    LostList list =
        new LostList(
            directory.self(),
            postgres.control().map(it -> it.systemIdentifier()).orElse(""),
            leader,
            wall.instant(),
            work);
    for (Path told : folder.files()) {
      if (list.isToldBy(Files.readString(told))) {
        folder.forget(name);
        LOG.info("what will be undone was listed before, in {}", told);
        return;
      }
    }
    Path wal = folder.wal(name);
    boolean kept = notKept.isEmpty() && Files.isDirectory(wal);
    folder.write(name, list.json(kept ? wal.toString() : "", String.join("; ", notKept)));
    LOG.warn(
        "{}; all of it in {}; {}",
        list.sentence(),
        folder.list(name),
        kept ? "its WAL in " + wal : "its WAL is not kept: " + String.join("; ", notKept));
  }

  private void keep(String name, List<Path> segments, List<String> notKept) {
    try {
      String why = folder.keep(name, segments);
      if (!why.isEmpty()) {
        notKept.add(why);
      }
    } catch (IOException e) {
      notKept.add(e.getMessage());
    }
  }

  /** All lists as one array of JSON, newest first. */
  static String told(LostFolder folder) throws IOException {
    List<String> lists = new ArrayList<>();
    for (Path file : folder.files()) {
      lists.add(Files.readString(file).strip());
    }
    return lists.stream().collect(Collectors.joining(",", "[", "]"));
  }
}
