package dev.matriarch.agent.routing;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.MatriarchConfig.PoolerConfig;
import dev.matriarch.engine.Outcome;
import dev.matriarch.render.PgbouncerFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * The local PgBouncer's admin console, over its Unix socket. Thread-safe.
 *
 * <p>PAUSE has a connection of its own: it is answered when the last transaction ends, and never if
 * it was undone meanwhile (PgBouncer 1.18).
 */
public final class PoolerConsole implements AutoCloseable {
  private static final String BEGUN = "--begun";

  /** Databases that are no clients' and stay where they are. */
  private static final Set<String> OWN = Set.of("pgbouncer", PgbouncerFiles.PASSWORDS);

  private static final Duration UNDO = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** What it sends for a database. */
  public record Target(String database, String host, int port) {}

  /** A connection to the server that a transaction holds. */
  public record Busy(String user, String database, long serverPid) {}

  /**
   * A connection to the server.
   *
   * @param session who has it keeps it until he leaves
   * @param taken a client has it
   */
  public record Link(
      String user, String database, boolean session, boolean taken, long serverPid) {}

  private final PoolerConfig config;
  private final ReentrantLock turn = new ReentrantLock();
  private Optional<AdminSession> session = Optional.empty();

  /** For the next PAUSE: opened ahead, for clients may wait from its first moment on. */
  private Optional<AdminSession> spare = Optional.empty();

  private Optional<AdminSession> pausing = Optional.empty();
  private boolean closed;

  /** PAUSE was the last that was ordered here. */
  private volatile boolean holding = false;

  public PoolerConsole(PoolerConfig config) {
    this.config = requireNonNull(config, "config is null");
  }

  /**
   * Lets clients wait: returns when no transaction is open any more. When the budget is over, it is
   * undone and clients go on.
   */
  public Outcome pause(Duration budget) throws InterruptedException {
    Outcome paused = beginPause(budget);
    holding = paused instanceof Outcome.Done;
    return holding ? paused : undone(paused);
  }

  /**
   * The same, but stays so: those who wait go on waiting, and no transaction can begin, whether or
   * not the open ones have ended. For a server that is gone, and with it its transactions.
   */
  public Outcome hold(Duration budget) throws InterruptedException {
    Outcome paused = beginPause(budget);
    holding = paused instanceof Outcome.Done || (paused instanceof Outcome.Failed && isAnswering());
    return holding ? new Outcome.Done() : paused;
  }

  /**
   * Whether clients wait by this console's last order. A PgBouncer that was started since, or one
   * that somebody else has told to go on, is not known here: 1.18 does not tell what it does.
   */
  public boolean isHolding() {
    return holding;
  }

  private Outcome beginPause(Duration budget) throws InterruptedException {
    if (!budget.isPositive()) {
      return new Outcome.Failed("PgBouncer: no time is left for PAUSE");
    }
    long end = System.nanoTime() + budget.toNanos();
    turn.lockInterruptibly();
    try {
      pausing.ifPresent(AdminSession::close);
      AdminSession own = ready();
      spare = Optional.empty();
      pausing = Optional.of(own);
      own.tell("\\echo " + BEGUN + "\nPAUSE");
      return awaitQuiet(own, end);
    } catch (IOException e) {
      return new Outcome.Failed("PgBouncer: PAUSE: " + e.getMessage());
    } finally {
      turn.unlock();
    }
  }

  /**
   * Its own answer to PAUSE would come only when the last client of a pool in session mode has left
   * as well; those cannot be held.
   */
  private Outcome awaitQuiet(AdminSession own, long end) throws IOException, InterruptedException {
    int quiet = 0;
    while (true) {
      // Asked in this order: a refusal is heard before its end.
      boolean answered = own.isAnswered();
      Optional<String> heard = refusal(own.heard());
      if (answered && heard.isEmpty()) {
        return new Outcome.Done();
      }
      Optional<String> refusal = heard.filter(why -> !why.contains("already suspended/paused"));
      if (refusal.isPresent()) {
        return new Outcome.Failed("PgBouncer: PAUSE: " + refusal.get());
      }
      // Looked at twice: the first look may have been quicker than the order.
      boolean begun = own.heard().contains(BEGUN);
      quiet =
          begun && transactions(ConsoleTable.rows(ask("SHOW SERVERS", LOOK))).isEmpty()
              ? quiet + 1
              : 0;
      if (quiet == 2) {
        return new Outcome.Done();
      }
      if (System.nanoTime() - end > 0) {
        return new Outcome.Failed("PgBouncer: PAUSE: a transaction does not end");
      }
      TimeUnit.NANOSECONDS.sleep(GLANCE_NANOS);
    }
  }

  private Outcome undone(Outcome paused) throws InterruptedException {
    // It may be waiting still, or have happened after we gave up: clients must not be left waiting.
    return switch (resume(UNDO)) {
      case Outcome.Done done -> paused;
      case Outcome.Refused refused -> stuck(paused, refused.reason());
      case Outcome.Failed failed -> stuck(paused, failed.reason());
      case Outcome.Unknown unknown -> stuck(paused, unknown.reason());
    };
  }

  private static Outcome stuck(Outcome paused, String reason) {
    return new Outcome.Unknown(
        "clients may be held: PAUSE ended with " + paused + ", and RESUME: " + reason);
  }

  /** Lets clients go on; nothing to do when they are not held. */
  public Outcome resume(Duration budget) throws InterruptedException {
    holding = false;
    return order("RESUME", "not paused", budget);
  }

  /** Reads its files again. */
  public Outcome reload(Duration budget) throws InterruptedException {
    return order("RELOAD", "", budget);
  }

  /** Where it sends its clients; empty when it does not answer. */
  public Optional<List<Target>> targets() throws InterruptedException {
    return show("SHOW DATABASES")
        .map(
            rows ->
                rows.stream()
                    .filter(row -> !OWN.contains(row.text("name")))
                    .map(row -> new Target(row.text("name"), row.text("host"), row.number("port")))
                    .toList());
  }

  /** Opens ahead what the next PAUSE needs; not while clients wait for something else. */
  public void prepare() throws InterruptedException {
    if (holding) {
      return;
    }
    turn.lockInterruptibly();
    try {
      var _ = ready();
    } catch (IOException e) {
      // Whoever needs it finds that out as well.
    } finally {
      turn.unlock();
    }
  }

  /** The spare session, or another: the one that is there died with a PgBouncer of before. */
  private AdminSession ready() throws IOException, InterruptedException {
    if (spare.isPresent()) {
      try {
        spare.get().ask("SHOW VERSION", LOOK);
        return spare.get();
      } catch (IOException e) {
        discardSpare();
      }
    }
    AdminSession fresh = open();
    spare = Optional.of(fresh);
    List<String> answer = fresh.ask("SHOW VERSION", LOOK);
    if (refusal(answer).isPresent()) {
      discardSpare();
      throw new IOException(String.join(" ", answer));
    }
    return fresh;
  }

  private AdminSession open() throws IOException {
    if (closed) {
      throw new IOException("the agent ends");
    }
    return AdminSession.open(config);
  }

  private void discardSpare() {
    spare.ifPresent(AdminSession::close);
    spare = Optional.empty();
  }

  /** How many clients it has; 0 when it does not answer. */
  public long clients() throws InterruptedException {
    return show("SHOW CLIENTS").stream()
        .flatMap(List::stream)
        .filter(row -> !row.text("database").equals("pgbouncer"))
        .count();
  }

  /** Who is in a transaction; who has a session of its own is not known to be. */
  public List<Busy> busy() throws InterruptedException {
    turn.lockInterruptibly();
    try {
      return transactions(ConsoleTable.rows(ask("SHOW SERVERS", LOOK)));
    } catch (IOException e) {
      return List.of();
    } finally {
      turn.unlock();
    }
  }

  /** All its connections to servers; empty when it does not answer. */
  public Optional<List<Link>> links() throws InterruptedException {
    turn.lockInterruptibly();
    try {
      List<String> servers = ask("SHOW SERVERS", LOOK);
      return refusal(servers).isPresent()
          ? Optional.empty()
          : Optional.of(links(ConsoleTable.rows(servers)));
    } catch (IOException e) {
      return Optional.empty();
    } finally {
      turn.unlock();
    }
  }

  private List<Link> links(List<ConsoleTable.Row> servers)
      throws IOException, InterruptedException {
    if (servers.isEmpty()) {
      return List.of();
    }
    Set<String> sessions =
        ConsoleTable.rows(ask("SHOW POOLS", LOOK)).stream()
            .filter(row -> row.text("pool_mode").equals("session"))
            .map(PoolerConsole::pool)
            .collect(Collectors.toSet());
    return servers.stream()
        .map(
            row ->
                new Link(
                    row.text("user"),
                    row.text("database"),
                    sessions.contains(pool(row)),
                    isTaken(row),
                    row.number("remote_pid")))
        .toList();
  }

  private static String pool(ConsoleTable.Row row) {
    return row.text("user") + " of " + row.text("database");
  }

  private static boolean isTaken(ConsoleTable.Row server) {
    return server.text("state").equals("active");
  }

  private List<Busy> transactions(List<ConsoleTable.Row> servers)
      throws IOException, InterruptedException {
    return links(servers.stream().filter(PoolerConsole::isTaken).toList()).stream()
        .filter(link -> !link.session())
        .map(link -> new Busy(link.user(), link.database(), link.serverPid()))
        .toList();
  }

  private boolean isAnswering() throws InterruptedException {
    return targets().isPresent();
  }

  private Optional<List<ConsoleTable.Row>> show(String command) throws InterruptedException {
    turn.lockInterruptibly();
    try {
      List<String> lines = ask(command, LOOK);
      return refusal(lines).isPresent() ? Optional.empty() : Optional.of(ConsoleTable.rows(lines));
    } catch (IOException e) {
      return Optional.empty();
    } finally {
      turn.unlock();
    }
  }

  private static Optional<String> refusal(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("ERROR") || line.startsWith("psql: error"))
        .findFirst();
  }

  private Outcome order(String command, String harmless, Duration budget)
      throws InterruptedException {
    if (!budget.isPositive()) {
      return new Outcome.Failed("PgBouncer: no time is left for " + command);
    }
    turn.lockInterruptibly();
    try {
      Optional<String> refusal = refusal(ask(command, budget));
      boolean meant =
          refusal.filter(why -> harmless.isEmpty() || !why.contains(harmless)).isEmpty();
      return meant
          ? new Outcome.Done()
          : new Outcome.Failed("PgBouncer: " + command + ": " + refusal.orElseThrow());
    } catch (IOException e) {
      return new Outcome.Failed("PgBouncer: " + command + ": " + e.getMessage());
    } finally {
      turn.unlock();
    }
  }

  /** Through the session that is open, or a new one. */
  private List<String> ask(String command, Duration budget)
      throws IOException, InterruptedException {
    if (session.isPresent()) {
      try {
        return session.get().ask(command, budget);
      } catch (IOException e) {
        // PgBouncer may have been started anew since.
        session.get().close();
        session = Optional.empty();
      }
    }
    AdminSession fresh = open();
    session = Optional.of(fresh);
    try {
      return fresh.ask(command, budget);
    } catch (IOException e) {
      fresh.close();
      session = Optional.empty();
      throw e;
    }
  }

  /** What is on its way is ended first; nothing is begun any more. */
  @Override
  public void close() {
    turn.lock();
    try {
      closed = true;
      session.ifPresent(AdminSession::close);
      spare.ifPresent(AdminSession::close);
      pausing.ifPresent(AdminSession::close);
    } finally {
      turn.unlock();
    }
  }
}
