package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.MatriarchConfig.MemberAddress;
import dev.matriarch.agent.rest.HoldPoll;
import dev.matriarch.agent.routing.PoolerConsole;
import dev.matriarch.agent.routing.PoolerFile;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Outcome;
import dev.matriarch.postgres.PostgresException;
import dev.matriarch.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets pooled clients wait and go on. The loop gives it one effect at a time. */
final class PoolerHands {
  private static final Logger LOG = LoggerFactory.getLogger(PoolerHands.class);
  private static final Duration ORDER = Duration.ofSeconds(1);
  private static final Duration GONE = Duration.ofMillis(200);
  private static final Duration QUESTION = Duration.ofMillis(500);

  /**
   * The pooler on this host.
   *
   * @param ownHost where it finds this member's server, as its file names it
   * @param members where the servers of all members are; they may become more while it runs
   * @param turn whoever changes whether its clients wait has it
   */
  record Local(
      PoolerConsole console,
      PoolerFile file,
      PoolerEye eye,
      Path ownHost,
      String self,
      Supplier<Map<String, MemberAddress>> members,
      ReentrantLock turn)
      implements AutoCloseable {
    Local {
      requireNonNull(console, "console is null");
      requireNonNull(file, "file is null");
      requireNonNull(eye, "eye is null");
      requireNonNull(ownHost, "ownHost is null");
      requireNonNull(self, "self is null");
      requireNonNull(members, "members is null");
      requireNonNull(turn, "turn is null");
    }

    /**
     * A primary's server has ended, and whoever asks for it now would be told so: clients wait at
     * once. Whether they have to is for the engine to say (rule 805), which must not hear of this
     * before it hears of the server: it would let them go.
     *
     * @param serverLook the look that tells it, which has begun; another one would meet the server
     *     as it is started again, and hold up the news that it runs
     */
    void holdAtOnce(Thread serverLook) {
      // An order that is being carried out knows better, and a stop on purpose has held them.
      if (!turn.tryLock()) {
        return;
      }
      try {
        if (!file.isMarkedHeld()) {
          eye.lookAfter(() -> holdUntil(serverLook));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        turn.unlock();
      }
    }

    private void holdUntil(Thread serverLook) throws InterruptedException {
      try {
        file.markHeld();
        LOG.info("the server has ended, pooled clients are to wait: {}", console.hold(GONE));
      } catch (IOException e) {
        LOG.warn("the pooler's files: {}", e.getMessage());
      } finally {
        serverLook.join();
      }
    }

    /** Ends what watches it; clients that wait go on waiting for the next agent. */
    @Override
    public void close() {
      eye.close();
      console.close();
    }
  }

  private final Optional<Local> local;
  private final PostgresServer postgres;
  private final HoldPoll poll;
  private final Directory directory;

  PoolerHands(Optional<Local> local, PostgresServer postgres, HoldPoll poll, Directory directory) {
    this.local = requireNonNull(local, "local is null");
    this.postgres = requireNonNull(postgres, "postgres is null");
    this.poll = requireNonNull(poll, "poll is null");
    this.directory = requireNonNull(directory, "directory is null");
  }

  /** What clients should not have to wait for. */
  void prepare() throws InterruptedException {
    if (local.isPresent()) {
      local.get().console().prepare();
    }
  }

  /** Here and elsewhere at the same time. */
  Outcome hold(Effect.HoldClients hold) throws InterruptedException {
    List<String> complaints = Collections.synchronizedList(new ArrayList<>());
    List<Thread> elsewhere =
        hold.elsewhere().stream()
            .map(name -> Thread.ofVirtual().start(() -> holdAt(name, hold.longest(), complaints)))
            .toList();
    Outcome here =
        local.isPresent()
            ? inTurn(local.get(), () -> holdHere(local.get(), hold.longest()))
            : new Outcome.Done();
    for (Thread question : elsewhere) {
      question.join();
    }
    if (here instanceof Outcome.Done && complaints.isEmpty()) {
      return here;
    }
    for (String name : hold.elsewhere()) {
      Optional<String> url = directory.apiUrl(name);
      if (url.isPresent()) {
        poll.release(url.get(), ORDER);
      }
    }
    if (local.isPresent() && here instanceof Outcome.Done) {
      Outcome undone = inTurn(local.get(), () -> free(local.get()));
      local.get().eye().look();
      return undone instanceof Outcome.Done
          ? new Outcome.Failed(String.join("; ", complaints))
          : undone;
    }
    return here;
  }

  private void holdAt(String name, Duration longest, List<String> complaints) {
    try {
      directory
          .apiUrl(name)
          .flatMap(url -> poll.refusal(url, longest))
          .ifPresent(why -> complaints.add("on " + name + "'s host: " + why));
    } catch (RuntimeException e) {
      // A defect must not pass for clients that wait.
      complaints.add("on " + name + "'s host: " + e.getMessage());
    }
  }

  private Outcome holdHere(Local pooler, Duration longest) throws InterruptedException {
    try {
      pooler.file().markHeld();
      Outcome held = pooler.console().pause(longest);
      if (!(held instanceof Outcome.Done)) {
        Optional<String> culprit = culprit(pooler);
        pooler.file().markFree();
        pooler.eye().look();
        return culprit.<Outcome>map(Outcome.Failed::new).orElse(held);
      }
      pooler.eye().look();
      return held;
    } catch (IOException e) {
      return new Outcome.Failed("the pooler's files: " + e.getMessage());
    }
  }

  /** Whose transaction did not end. */
  private Optional<String> culprit(Local pooler) throws InterruptedException {
    List<PoolerConsole.Busy> busy = pooler.console().busy();
    if (busy.isEmpty()) {
      return Optional.empty();
    }
    String pids =
        busy.stream().map(b -> Long.toString(b.serverPid())).collect(Collectors.joining(","));
    try {
      return postgres
          .sql(
              "SELECT usename, datname, pid, round(extract(epoch FROM clock_timestamp() - xact_start), 1),"
                  + " state FROM pg_stat_activity WHERE pid IN ("
                  + pids
                  + ") AND xact_start IS NOT NULL ORDER BY xact_start LIMIT 1",
              QUESTION)
          .stream()
          .findFirst()
          .map(
              row ->
                  "a transaction of %s in %s (process %s, %s) has been open for %s s"
                      .formatted(row.get(0), row.get(1), row.get(2), row.get(4), row.get(3)));
    } catch (PostgresException e) {
      PoolerConsole.Busy first = busy.getFirst();
      return Optional.of(
          "a transaction of " + first.user() + " in " + first.database() + " does not end");
    }
  }

  Outcome pool(Effect.Pool order) throws InterruptedException {
    return local.isPresent()
        ? inTurn(local.get(), () -> pool(local.get(), order))
        : new Outcome.Done();
  }

  /** Something that is done to a pooler. */
  @FunctionalInterface
  private interface Work {
    Outcome done() throws InterruptedException;
  }

  private static Outcome inTurn(Local pooler, Work work) throws InterruptedException {
    pooler.turn().lockInterruptibly();
    try {
      return work.done();
    } finally {
      pooler.turn().unlock();
    }
  }

  private Outcome pool(Local pooler, Effect.Pool order) throws InterruptedException {
    try {
      Outcome outcome = order.held() ? keep(pooler, order) : sendOn(pooler, order);
      pooler.eye().look();
      return outcome;
    } catch (IOException e) {
      return new Outcome.Failed("the pooler's files: " + e.getMessage());
    }
  }

  private Outcome keep(Local pooler, Effect.Pool order) throws IOException, InterruptedException {
    // Another PAUSE would cost a session of its own, while clients wait.
    if (!(pooler.console().isHolding() && pooler.eye().isHeld())) {
      pooler.file().markHeld();
      Outcome paused = pooler.console().hold(GONE);
      if (!(paused instanceof Outcome.Done)) {
        return paused;
      }
    }
    return retarget(pooler, order.target());
  }

  private Outcome sendOn(Local pooler, Effect.Pool order) throws IOException, InterruptedException {
    Outcome there = retarget(pooler, order.target());
    return there instanceof Outcome.Done ? free(pooler) : there;
  }

  private Outcome free(Local pooler) throws InterruptedException {
    Outcome resumed = pooler.console().resume(ORDER);
    try {
      if (resumed instanceof Outcome.Done) {
        pooler.file().markFree();
      }
      return resumed;
    } catch (IOException e) {
      return new Outcome.Failed("the pooler's files: " + e.getMessage());
    }
  }

  /** Its file is read again only where that says something new. */
  private Outcome retarget(Local pooler, String target) throws IOException, InterruptedException {
    Map<String, MemberAddress> members = pooler.members().get();
    Optional<MemberAddress> address = Optional.ofNullable(members.get(target));
    if (!target.isEmpty() && address.isEmpty()) {
      return new Outcome.Failed(target + " has no address in the agent's file");
    }
    String host = target.isEmpty() ? pooler.ownHost().toString() : address.get().ip();
    int port = target.isEmpty() ? members.get(pooler.self()).port() : address.get().port();
    boolean news =
        target.isEmpty()
            ? pooler.file().pointHome(pooler.ownHost(), port)
            : pooler.file().pointAway(host, port);
    boolean there =
        pooler
            .console()
            .targets()
            .filter(
                targets ->
                    targets.stream()
                        .allMatch(known -> known.host().equals(host) && known.port() == port))
            .isPresent();
    if (there && !news) {
      return new Outcome.Done();
    }
    return pooler.console().reload(ORDER);
  }
}
