package dev.matriarch.testbed;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that each keep a connection and send one request per interval through it. A failure costs
 * the connection; the next one is made within an interval, to the next endpoint, as a client with a
 * list of hosts does it.
 */
final class Clients {
  /**
   * As the JDBC driver does with a list of hosts: one that did not answer is not asked for a while.
   */
  private static final Duration PASSED_OVER = Duration.ofSeconds(10);

  /** Nobody is passed over who answered faster than this, if only with a refusal. */
  private static final Duration NO_ANSWER = Duration.ofMillis(900);

  /** What a client does with its connection, and what it notes. Called by several threads. */
  interface Task {
    /** One request; notes what comes of it. False when the connection is to be given up. */
    boolean perform(Connection connection, Endpoint endpoint);

    /** No connection was to be had. */
    void unreachable(Endpoint endpoint, long since, SQLException reason);
  }

  private final List<Endpoint> endpoints;
  private final Login login;
  private final Pace pace;
  private final Ticker ticker;
  private final Task task;
  private final List<Thread> threads = new ArrayList<>();
  private final Map<Endpoint, Long> silent = new ConcurrentHashMap<>();
  private final Set<Endpoint> refusing = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  private Clients(List<Endpoint> endpoints, Login login, Pace pace, Ticker ticker, Task task) {
    this.endpoints = List.copyOf(endpoints);
    this.login = login;
    this.pace = pace;
    this.ticker = ticker;
    this.task = task;
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("a client needs an endpoint");
    }
  }

  static Clients start(
      List<? extends Endpoint> endpoints,
      Login login,
      Pace pace,
      ThreadFactory factory,
      Ticker ticker,
      Task task) {
    Clients clients = new Clients(List.copyOf(endpoints), login, pace, ticker, task);
    for (int i = 0; i < pace.connections(); i++) {
      int first = i;
      Thread thread = factory.newThread(() -> clients.work(first));
      clients.threads.add(thread);
      thread.start();
    }
    return clients;
  }

  private void work(int first) {
    int next = first;
    long due = ticker.nanos();
    while (!stopping) {
      Endpoint endpoint = endpoints.get(Math.floorMod(next++, endpoints.size()));
      if (isPassedOver(endpoint)) {
        continue;
      }
      due = awaitTurn(due);
      long since = ticker.nanos();
      try {
        Connection connection = login.connect(endpoint, pace.patience());
        refusing.remove(endpoint);
        due = use(connection, endpoint, due);
      } catch (SQLException e) {
        task.unreachable(endpoint, since, e);
        refusing.add(endpoint);
        if (ticker.nanos() - since > NO_ANSWER.toNanos()) {
          silent.put(endpoint, ticker.nanos() + PASSED_OVER.toNanos());
        }
      }
    }
  }

  private boolean isPassedOver(Endpoint endpoint) {
    long now = ticker.nanos();
    silent.values().removeIf(until -> until - now <= 0);
    return silent.containsKey(endpoint) && endpoints.stream().anyMatch(this::isWell);
  }

  /** With nobody else to go to, those that were silent are asked again. */
  private boolean isWell(Endpoint endpoint) {
    return !silent.containsKey(endpoint) && !refusing.contains(endpoint);
  }

  private long use(Connection connection, Endpoint endpoint, long firstDue) {
    long due = firstDue;
    boolean usable = true;
    while (usable && !stopping) {
      due = awaitTurn(due);
      usable = task.perform(connection, endpoint);
    }
    try {
      connection.close();
    } catch (SQLException alreadyBroken) {
      return due; // What broke it is noted by the task.
    }
    return due;
  }

  /** Waits for the turn that is due and says when the next one is; missed turns are not made up. */
  private long awaitTurn(long due) {
    long left = due - ticker.nanos();
    while (left > 0 && !stopping) {
      LockSupport.parkNanos(left);
      left = due - ticker.nanos();
    }
    return Math.max(due, ticker.nanos() - pace.interval().toNanos()) + pace.interval().toNanos();
  }

  /** Lets requests under way end, then returns. */
  void stop() {
    stopping = true;
    Duration patience = pace.patience().multipliedBy(2).plusSeconds(5);
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
      try {
        if (!thread.join(patience)) {
          throw new TestbedException("a client did not stop within " + patience);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TestbedException("interrupted while stopping clients", e);
      }
    }
  }
}
